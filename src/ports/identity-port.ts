import type { CertificateFacts } from "../domain/certificate-rules.ts";
import type { Claims } from "../domain/email-identity.ts";
import type { Rejection } from "../domain/rejection.ts";
import type { Connection } from "../domain/settings.ts";

/** How the service provider presents itself to one tenant's identity provider. */
export interface ServiceProvider {
  /** Our entity ID. */
  readonly entityId: string;
  /** Where responses are posted. */
  readonly acsUrl: string;
  /** Absent when the host offers no single logout. */
  readonly sloUrl?: string;
}

/** A login request on its way to the IdP. */
export interface LoginRequest {
  /** The AuthnRequest's ID, for InResponseTo. */
  readonly id: string;
  /** Where to send the browser (HTTP-Redirect binding). */
  readonly url: string;
}

/** What a response must fit. */
export interface ResponseExpectation {
  /** IDs of the requests that this browser has pending. */
  readonly pendingRequestIds: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a valid signature of the identity provider covers, and every check has passed. */
export interface VerifiedAssertion {
  /** Tells it from a rejection. */
  readonly kind: "verified";
  /** Unique to the identity provider. */
  readonly assertionId: string;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** Who it is, in its words. */
  readonly claims: Claims;
  /** The pending request that this answers; absent when nobody asked. */
  readonly inResponseTo?: string;
  /** Which session of theirs, for single logout. */
  readonly sessionIndex?: string;
  /** When the IdP wants the session to end, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
  /** Until when a replay could pass, in milliseconds since the epoch. */
  readonly replayableUntil: number;
  /** SHA-256 fingerprint of the certificate that verified. */
  readonly signedBy: string;
  /** For the administrator: weak algorithms that were used. */
  readonly warnings: readonly string[];
}

/** The identity provider's metadata, as far as a connection needs it. */
export interface IdpMetadata {
  /** Its entity ID. */
  readonly entityId: string;
  /** Where login requests go, by HTTP-Redirect. */
  readonly ssoUrl: string;
  /** Where logout messages go; absent without single logout. */
  readonly sloUrl?: string;
  /** X.509, of its signing keys. */
  readonly certificates: readonly string[];
  /** Whether it demands signed login requests. */
  readonly wantsSignedRequests: boolean;
}

/** What {@link IdentityPort.parseIdpMetadata} gives. */
export type ParsedIdpMetadata =
  | { readonly kind: "metadata"; readonly identityProviders: readonly IdpMetadata[] }
  | { readonly kind: "invalid"; readonly detail: string };

/** A logout message that was sent to us, by whichever binding. */
export type LogoutMessage =
  /** The raw query string: signatures cover its octets as sent (bindings section 3.4.4.1). */
  | { readonly binding: "redirect"; readonly rawQuery: string }
  | { readonly binding: "post"; readonly form: unknown };

/** Somebody's session at the identity provider, to be ended. */
export interface LogoutSubject {
  /** Whose. */
  readonly nameId: Claims["nameId"];
  /** Which; all of them when empty. */
  readonly sessionIndexes: readonly string[];
}

/** A verified logout message. */
export type VerifiedLogout =
  | {
      readonly kind: "logout-request";
      readonly id: string;
      readonly issuer: string;
      readonly subject: LogoutSubject;
      readonly relayState?: string;
      /** Until when a replay could pass, in milliseconds since the epoch. */
      readonly replayableUntil: number;
    }
  | {
      readonly kind: "logout-response";
      readonly id: string;
      readonly issuer: string;
      readonly inResponseTo: string;
      readonly succeeded: boolean;
      readonly replayableUntil: number;
    };

/**
 * SAML 2.0, as far as a service provider speaks it. Everything that comes in is hostile until a
 * signature of the connection's own certificates has verified; refusals are values.
 */
export interface IdentityPort {
  /** A login request to the connection's SSO URL. */
  loginRequest(sp: ServiceProvider, connection: Connection): Promise<LoginRequest>;
  /**
   * Verifies the `SAMLResponse` of a form post: gate, signatures, decryption, every check but those
   * that need state. Never throws for what was sent.
   *
   * @param form the decoded form body, not looked at before.
   */
  verifyResponse(
    sp: ServiceProvider,
    connection: Connection,
    form: unknown,
    expectation: ResponseExpectation,
  ): Promise<VerifiedAssertion | Rejection>;
  /**
   * Which request the `SAMLResponse` of a form post claims to answer. Nothing is verified: it tells
   * whose connection to verify with, and nothing else may rest on it. Never throws.
   *
   * @returns `undefined` for an answer to no request, and for what cannot be read.
   */
  claimedInResponseTo(form: unknown): string | undefined;
  /** Our metadata for the IdP (SAML metadata section 2.4.4); the connection says whether requests are signed. */
  metadata(sp: ServiceProvider, connection: Connection | undefined): Promise<string>;
  /** Reads an IdP's metadata; fetches nothing. */
  parseIdpMetadata(xml: string): ParsedIdpMetadata;
  /** What a certificate of a connection is; `undefined` for what is none. */
  inspectCertificate(certificate: string): CertificateFacts | undefined;
  /** Whether there is a key to sign requests with. */
  readonly canSignRequests: boolean;
  /** A LogoutRequest to the connection's SLO URL (HTTP-Redirect), signed. */
  logoutRequest(
    sp: ServiceProvider,
    connection: Connection,
    subject: LogoutSubject,
  ): Promise<LoginRequest>;
  /** A LogoutResponse to the connection's SLO URL (HTTP-Redirect), signed. */
  logoutResponse(
    sp: ServiceProvider,
    connection: Connection,
    answer: {
      readonly inResponseTo: string;
      readonly succeeded: boolean;
      readonly relayState?: string;
    },
  ): Promise<string>;
  /** Verifies a LogoutRequest or LogoutResponse. Never throws for what was sent. */
  verifyLogout(
    sp: ServiceProvider,
    connection: Connection,
    message: LogoutMessage,
    now: number,
  ): Promise<VerifiedLogout | Rejection>;
}
