import {
  type CertificateFacts,
  type CertificateFinding,
  certificateListWarnings,
  certificateTextFault,
} from "../../domain/certificate-rules.ts";
import { defined } from "../../domain/defined.ts";
import type { MetadataFailureCode } from "../../domain/metadata-refresh.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock } from "../../ports/environment.ts";
import type {
  IdentityPort,
  IdpMetadata,
  LeftOutOfMetadata,
  ServiceProvider,
} from "../../ports/identity-port.ts";
import type { FetchMetadata } from "../../ports/metadata-refresh.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";

/** Result of validating a certificate. */
export interface InspectedCertificate {
  /** Absent if it is not a certificate. */
  readonly facts?: CertificateFacts;
  /** Why it cannot be used; absent when it can. */
  readonly fault?: CertificateFinding;
  readonly warnings: readonly CertificateFinding[];
}

/** Says of each certificate (PEM or bare base64), in order, what saving it would say. */
export type InspectCertificates = (
  certificates: readonly string[],
) => readonly InspectedCertificate[];

export function makeInspectCertificates({
  identity,
  clock,
}: {
  readonly identity: IdentityPort;
  readonly clock: Clock;
}): InspectCertificates {
  return (certificates) => {
    const allFacts = certificates.map((certificate) => identity.inspectCertificate(certificate));
    const warnings = certificateListWarnings(allFacts, clock.now());
    return certificates.map((certificate, index) => {
      const facts = allFacts[index];
      const fault = certificateTextFault(certificate, facts);
      return {
        ...defined({ facts, fault }),
        warnings: warnings[index] ?? [],
      };
    });
  };
}

/** An identity provider of metadata. */
export interface IdentityProviderRead extends IdpMetadata {
  /** One per certificate; null if it is not a certificate. */
  readonly certificateFacts: readonly (CertificateFacts | null)[];
}

/** Result of {@link ReadIdpMetadata}. */
export type IdpMetadataRead =
  | {
      readonly kind: "metadata";
      readonly identityProviders: readonly IdentityProviderRead[];
      /** Empty if everything is imported. */
      readonly leftOut: readonly LeftOutOfMetadata[];
    }
  | { readonly kind: "invalid"; readonly detail: string };

/** Reads the metadata of identity providers; saves and fetches nothing. */
export type ReadIdpMetadata = (xml: string) => IdpMetadataRead;

export function makeReadIdpMetadata({
  identity,
}: {
  readonly identity: IdentityPort;
}): ReadIdpMetadata {
  return (xml) => {
    const parsed = identity.parseIdpMetadata(xml);
    if (parsed.kind === "invalid") return parsed;
    const identityProviders = parsed.identityProviders.map((provider) => ({
      ...provider,
      certificateFacts: provider.certificates.map(
        (certificate) => identity.inspectCertificate(certificate) ?? null,
      ),
    }));
    return { kind: "metadata", identityProviders, leftOut: parsed.leftOut };
  };
}

/** Result of {@link FetchIdpMetadata}. */
export type IdpMetadataFetched =
  | IdpMetadataRead
  | { readonly kind: "failed"; readonly code: MetadataFailureCode; readonly detail: string }
  /** The host lets nothing be fetched. */
  | { readonly kind: "off" };

/** Fetches the metadata of identity providers and reads it like pasted metadata; saves nothing. */
export type FetchIdpMetadata = (url: string) => Promise<IdpMetadataFetched>;

export function makeFetchIdpMetadata({
  fetchMetadata,
  readIdpMetadata,
}: {
  readonly fetchMetadata: FetchMetadata | undefined;
  readonly readIdpMetadata: ReadIdpMetadata;
}): FetchIdpMetadata {
  return async (url) => {
    if (fetchMetadata === undefined) return { kind: "off" };
    const fetched = await fetchMetadata({ url });
    if (fetched.kind === "metadata") return readIdpMetadata(fetched.xml);
    return fetched.kind === "failed"
      ? fetched
      : { kind: "failed", code: "status-unexpected", detail: "the server returned no document" };
  };
}

/** Our metadata for a tenant's identity provider, as XML; there before anything is saved. */
export type ReadMetadata = (query: {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
}) => Promise<string>;

export function makeReadMetadata({
  settings,
  identity,
}: {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
}): ReadMetadata {
  return async ({ tenant, sp }) => {
    const stored = await settings.load(tenant);
    const idps = (stored?.settings.connections ?? []).flatMap(({ idp }) => idp ?? []);
    return identity.metadata(sp, idps.find(({ signRequests }) => signRequests) ?? idps[0]);
  };
}
