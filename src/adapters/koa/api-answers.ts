import type { ReceiptsRead } from "../../application/audit/audit.ts";
import type { CatalogRead } from "../../application/catalog.ts";
import type { MetadataStatus } from "../../application/connections/pending-change.ts";
import type { IdentityProviderRead } from "../../application/connections/read-connections.ts";
import type { DomainChecked, DomainRead } from "../../application/domains.ts";
import type { LicenseReport, LicenseUsageRead } from "../../application/licenses.ts";
import type { Overview } from "../../application/overview.ts";
import type { TestSignInRead } from "../../application/test-sign-in/read-test-sign-in.ts";
import type { Role } from "../../domain/access.ts";
import type { CertificateFacts } from "../../domain/certificate-rules.ts";
import type { Preview } from "../../domain/preview.ts";
import type { Connection } from "../../domain/settings.ts";
import type { LeftOutOfMetadata } from "../../ports/identity-port.ts";
import type { AuditEntryView } from "./audit/entry-formats.ts";
import type { SettingsView } from "./settings/read-draft.ts";

/**
 * What each operation of the settings API answers as JSON, by its name in the OpenAPI document. The
 * routes send these types, and the schemas of the document have to fit them.
 */
export interface Answers {
  readonly getSettings: SettingsView;
  readonly putSettings: SettingsView;
  readonly getLicenseUsage: LicenseUsageRead;
  readonly getLicenseReport: LicenseReport;
  readonly preview: Preview;
  readonly beginTestSignIn: {
    readonly id: string;
    /** For the administrator's browser. */
    readonly url: string;
    /** Milliseconds since the epoch. */
    readonly expiresAt: number;
  };
  readonly getTestSignIn: TestSignInRead;
  readonly parseMetadata: {
    readonly identityProviders: readonly (Omit<IdentityProviderRead, "notes"> & {
      readonly notes?: readonly string[];
    })[];
    readonly leftOut: readonly LeftOutView[];
  };
  readonly fetchMetadata: Answers["parseMetadata"];
  readonly listConnections: { readonly items: readonly ConnectionView[] };
  readonly getConnection: ConnectionView;
  readonly putConnection: ConnectionView;
  readonly moveDomain: ConnectionView;
  readonly getMetadataStatus: MetadataStatus;
  readonly inspectCertificates: { readonly certificates: readonly CertificateView[] };
  readonly listRoles: { readonly items: readonly Role[] };
  readonly searchGroups: CatalogRead;
  readonly searchOrganizations: CatalogRead;
  readonly listDomains: { readonly items: readonly DomainRead[] };
  readonly addDomain: DomainRead;
  readonly checkDomain: DomainChecked;
  readonly listReceipts: ReceiptsRead;
  readonly getOverview: Overview;
  readonly listAuditEntries: {
    readonly entries: readonly AuditEntryView[];
    /** The `after` of the next page; absent on the last page. */
    readonly next?: string;
    readonly refusals: number;
  };
}

/** A connection with its read-only data. */
export type ConnectionView = Connection & {
  /** Ignored by `PUT`. */
  readonly meta: {
    /** One per certificate. */
    readonly certificates: readonly CertificateView[];
    /** Absent if it follows no metadata. */
    readonly metadata?: MetadataStatus;
  };
};

/** A part of metadata that is not imported, and why. */
export interface LeftOutView
  extends FindingView,
    Pick<LeftOutOfMetadata, "entityId" | "certificate" | "subject"> {}

/** Result of validating a certificate. */
export interface CertificateView {
  /** Absent if it is not a certificate. */
  readonly facts?: CertificateFacts;
  /** Why it cannot be used; absent when it can. */
  readonly fault?: FindingView;
  readonly warnings: readonly FindingView[];
}

/** A fault or warning of a certificate. */
export interface FindingView {
  readonly code: string;
  readonly detail: string;
}
