import type { Names } from "../../../application/catalog.ts";
import type {
  IdentityProviderRead,
  InspectedCertificate,
} from "../../../application/connections/read-connections.ts";
import type { DomainRead } from "../../../application/domains.ts";
import type { LicenseReport, LicenseUsageRead } from "../../../application/licenses.ts";
import type { ConnectionState, Figures } from "../../../application/overview.ts";
import type { Previewed } from "../../../application/settings/preview-decision.ts";
import type {
  ReceivedValue,
  TestSignInRead,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { NamedAccess, Role } from "../../../domain/access.ts";
import type { Actor, AuditEntry } from "../../../domain/audit.ts";
import type {
  ConnectionId,
  ProvisioningRule,
  VersionedSettings,
} from "../../../domain/settings.ts";
import type { SettingsFault } from "../../../domain/settings-rules.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { FieldFault } from "./form/faults.ts";
import type { Choice, Field, FormAction, Values } from "./form/fields.ts";
import type { FormState } from "./form/form-state.ts";
import type { Inputs, PostedForm } from "./form/read-form.ts";
import type { ListView } from "./load-list.ts";
import type { ScreenId, SectionId } from "./screens.ts";
import type { PageTexts } from "./texts.ts";

/** Whether settings may be saved and switched on without more ado. */
export type Proof =
  /** They let in nobody by a way that let nobody in before. */
  | { readonly kind: "not-needed" }
  /**
   * A test sign-in has lately worked with these very settings; `at` in milliseconds since the
   * epoch.
   */
  | { readonly kind: "tested"; readonly by: string; readonly at: number }
  | { readonly kind: "untested" };

/** A change of something that does not stand in the form as a whole. */
export interface OtherChange {
  readonly what: OtherField;
  /** `old -> new`. */
  readonly change: string;
}

/** The switch and the long lists: additions and removals of both administrators are in. */
export type OtherField = "enabled" | Choice;

/** Rules of the form, with what the host calls what they give. */
export interface RulesView {
  readonly rules: readonly ProvisioningRule[];
  /** Names of groups and organizations, as far as they are shown. */
  readonly names: Names;
  /** What may be added to the open rule. */
  readonly found: Readonly<Record<Choice, readonly NamedAccess[]>>;
  /** What the latest test sign-ins received. */
  readonly received: readonly ReceivedValue[];
}

/** Where the page and what belongs to it are, as absolute URLs. */
export interface PageUrls {
  /** The overview; the other screens are below it. */
  readonly page: string;
  readonly activity: string;
  /** Of the audit trail as a file. */
  readonly export: string;
  /** Of the users whom the plugin created. */
  readonly users: string;
  /** Of their receipts as a file. */
  readonly receiptsExport: string;
  /** Of the license report as a file. */
  readonly licensesExport: string;
  /** Of the test sign-ins, each below by its ID. */
  readonly tests: string;
  readonly metadata: string;
  /** Starts a sign-in at once. */
  readonly login: string;
  /** The page on which users begin. */
  readonly signIn: string;
  readonly css: string;
  readonly js: string;
}

/** Message about the last action. */
export interface Notice {
  readonly kind: "done" | "failed";
  readonly text: string;
  /** Section of the notice. Default: the top of the page. */
  readonly at?: string;
}

/** The settings were changed while the form was open. */
export interface Conflict {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly taken: readonly Field[];
  readonly disputed: readonly Field[];
  /** The previous base of the form and its version. */
  readonly before: Values;
  readonly version: number;
}

/** A certificate in the form, with its facts. */
export interface CertificateView extends InspectedCertificate {
  readonly text: string;
}

/** A certificate of the service provider. */
export interface OwnCertificate {
  readonly certificate: string;
  /** What its key is for; absent if it signs. */
  readonly use?: "next" | "retiring" | undefined;
}

/** Data of the settings page. Parts that could not be read are `undefined`. */
export interface PageView {
  readonly screen: ScreenId;
  /** The sections that are shown; fields of others are carried. */
  readonly sections: ReadonlySet<SectionId>;
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  readonly serviceProvider: ServiceProvider;
  /** Our certificates, the signing one first. */
  readonly ownCertificates: readonly (CertificateView & Pick<OwnCertificate, "use">)[];
  readonly canSignRequests: boolean;
  /** Whether the host has a license limit. */
  readonly limitsLicenses: boolean;
  /** Whether the host lets metadata be fetched. */
  readonly fetchesMetadata: boolean;
  /** How the saved connections are. */
  readonly states: readonly ConnectionState[] | undefined;
  /** `late`: shown when an administrator asks for it. */
  readonly figures: Figures | "late" | undefined;
  /** Names of administrators by their IDs, as far as any are known. */
  readonly administrators: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly stored: VersionedSettings;
  /** Warnings about the stored settings. */
  readonly warnings: readonly FieldFault[];
  readonly draft: FormState;
  readonly inputs: Inputs;
  /** Why nothing was saved. */
  readonly faults: readonly FieldFault[];
  readonly notice: Notice | undefined;
  readonly conflict: Conflict | undefined;
  /** Other concurrent changes. */
  readonly otherChanges: readonly OtherChange[];
  /** Identity providers in the pasted metadata, if several. */
  readonly providers: readonly IdentityProviderRead[];
  readonly certificates: readonly CertificateView[];
  /** An empty field for one more certificate. */
  readonly oneMoreCertificate: boolean;
  readonly roles: readonly Role[] | undefined;
  readonly lists: Readonly<Record<Choice, ListView | undefined>>;
  readonly rules: RulesView | undefined;
  /** `off` where domains are not proven by DNS. */
  readonly provenDomains: readonly DomainRead[] | "off" | undefined;
  /** `late`: shown when an administrator asks for it. */
  readonly usage: LicenseUsageRead | "late" | undefined;
  /** Read when an administrator asks for it. */
  readonly report: LicenseReport | "not-asked" | undefined;
  /** Preview of an address with the form values. */
  readonly preview: Previewed | undefined;
  /** The test sign-in started from this form. */
  readonly test: TestSignInRead | undefined;
  readonly proof: Proof;
  readonly activity: readonly AuditEntry[] | undefined;
}

/** What to show after an action; the rest is read again. */
export interface PageState {
  readonly screen: ScreenId;
  readonly status: number;
  readonly stored: VersionedSettings;
  readonly draft: FormState;
  readonly inputs: Inputs;
  readonly action: FormAction;
  readonly faults: readonly SettingsFault[];
  readonly notice?: Notice;
  readonly conflict?: Conflict;
  readonly providers?: readonly IdentityProviderRead[];
}

/** Result of an action: a page, or a reload without typed values. */
export type ActionResult =
  | { readonly kind: "page"; readonly state: PageState }
  | {
      readonly kind: "reopen";
      /** `undefined`: nothing was saved. */
      readonly done: "saved" | "switched-off" | undefined;
      /** The connection to show; absent for the first. */
      readonly shown?: ConnectionId;
    };

/** The pressed button, the tenant, and the settings. */
export interface ActionRequest {
  readonly tenantContext: TenantContext;
  readonly administrator: Actor;
  readonly screen: ScreenId;
  readonly stored: VersionedSettings;
  readonly posted: PostedForm;
  readonly texts: PageTexts;
}
