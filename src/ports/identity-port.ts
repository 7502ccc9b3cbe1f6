import type { Authentication } from "../domain/assertion.ts";
import type { CertificateFacts } from "../domain/certificate-rules.ts";
import type { Claims } from "../domain/email-identity.ts";
import type { Rejection } from "../domain/rejection.ts";
import type { Binding, IdentityProvider } from "../domain/settings.ts";
import type { Worded } from "../domain/texts/faults.ts";

/** The service provider of one tenant. */
export interface ServiceProvider {
  /** Our entity ID. */
  readonly entityId: string;
  /** URL of the assertion consumer service; the Destination and Recipient of responses. */
  readonly acsUrl: string;
  /** URLs of further assertion consumer services, never the default one. Default: none. */
  readonly additionalAcsUrls?: readonly string[];
  /** URL of the single logout service; absent without single logout. */
  readonly sloUrl?: string;
}

/** A message to the identity provider, which the browser carries. */
export type BrowserMessage =
  /** HTTP-Redirect binding: the URL to go to. */
  | { readonly binding: "redirect"; readonly url: string }
  /** HTTP-POST binding: the form to send. */
  | {
      readonly binding: "post";
      readonly url: string;
      readonly fields: Readonly<Record<string, string>>;
    };

/** A login request to the identity provider. */
export interface LoginRequest {
  /** ID of the request, which the response repeats as InResponseTo. */
  readonly id: string;
  /** How the browser brings it to the identity provider. */
  readonly message: BrowserMessage;
}

/** A logout request to the identity provider. */
export interface LogoutRequest {
  /** ID of the request, which the response repeats as InResponseTo. */
  readonly id: string;
  /** How the browser brings it to the identity provider. */
  readonly message: BrowserMessage;
}

/** What a response is checked against. */
export interface ResponseExpectation {
  /** IDs of the pending requests of this browser. */
  readonly pendingRequestIds: readonly string[];
  /**
   * When each of them was made, by ID, in milliseconds since the epoch, for connections that force
   * authentication. Default: now.
   */
  readonly requestTimes?: ReadonlyMap<string, number>;
  /** IDs of requests that this browser sent too long ago. They admit nothing; they explain. */
  readonly outdatedRequestIds?: readonly string[];
  /** Whether this browser sent any cookie of a request, also of one that does not count. */
  readonly cookiesCame?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Content covered by a valid signature of the identity provider that has passed every check. */
export interface VerifiedAssertion extends Authentication {
  /** Distinguishes it from a {@link Rejection}. */
  readonly kind: "verified";
  /** ID of the assertion, unique per issuer. */
  readonly assertionId: string;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** NameID and attributes. */
  readonly claims: Claims;
  /** ID of the pending request; absent for an unsolicited response. */
  readonly inResponseTo?: string;
  /** SessionIndex, for single logout. */
  readonly sessionIndex?: string;
  /** SessionNotOnOrAfter, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
  /** Time until which a replay would pass the time checks, in milliseconds since the epoch. */
  readonly replayableUntil: number;
  /** SHA-256 fingerprint of the certificate that verified the signature. */
  readonly signedBy: string;
  /** For administrators: weak algorithms and old certificates that were used. */
  readonly warnings: readonly Worded[];
}

/** The part of an identity provider's metadata that a connection needs. */
export interface IdpMetadata {
  /** Its entity ID. */
  readonly entityId: string;
  /** URL for login requests. */
  readonly ssoUrl: string;
  /** `post` if it has an endpoint for HTTP-POST only. Default: HTTP-Redirect. */
  readonly ssoBinding?: Binding;
  /** URL for logout messages; absent without single logout. */
  readonly sloUrl?: string;
  /** URL for logout responses, where it is another one. */
  readonly sloResponseUrl?: string;
  /** `post` if it takes logout messages by HTTP-POST only. */
  readonly sloBinding?: "post";
  /** What it offers that cannot be used here, for administrators; absent if there is nothing. */
  readonly notes?: readonly Worded[];
  /** X.509 certificates of its signing keys, PEM. */
  readonly certificates: readonly string[];
  /** Whether it requires signed login requests. */
  readonly wantsSignedRequests: boolean;
}

/** A part of metadata that is not imported, and why: the code of a certificate's fault, or of a rejection. */
export interface LeftOutOfMetadata extends Worded {
  /** Entity ID of the identity provider. */
  readonly entityId: string;
  /**
   * Which of its signing certificates, counted from 1; absent if all of the identity provider is
   * left out.
   */
  readonly certificate?: number;
  /** Distinguished name of the certificate; absent if it cannot be read. */
  readonly subject?: string;
}

/** Result of {@link IdentityPort.parseIdpMetadata}. */
export type ParsedIdpMetadata =
  | {
      readonly kind: "metadata";
      readonly identityProviders: readonly IdpMetadata[];
      /** Empty if everything is imported. */
      readonly leftOut: readonly LeftOutOfMetadata[];
    }
  | { readonly kind: "invalid"; readonly detail: string };

/** What an unverified message says of itself. */
export interface ClaimedHead {
  /** Issuer of the message, or of its first assertion; absent if none can be read. */
  readonly issuer?: string;
  /** InResponseTo of a Response; absent if it is unsolicited or unreadable. */
  readonly inResponseTo?: string;
}

/** A message that a browser brought, by binding. */
export type ReceivedMessage =
  /** The raw query string: signatures cover its octets as sent (bindings section 3.4.4.1). */
  | { readonly binding: "redirect"; readonly rawQuery: string }
  | { readonly binding: "post"; readonly form: unknown };

/** The sessions of a user at the identity provider to end. */
export interface LogoutSubject {
  /** The user. */
  readonly nameId: Claims["nameId"];
  /** SessionIndex values; empty means all sessions. */
  readonly sessionIndexes: readonly string[];
}

/**
 * How a logout went for the sender of a response. `partial`: not every session ended; from an
 * identity provider, its own session did (SAML core section 3.7.3.2).
 */
export type LogoutStatus = "success" | "partial" | "failed";

/** A rejected logout message. */
export interface RejectedLogout extends Rejection {
  /** Of an authentic LogoutRequest, which is answered all the same. */
  readonly request?: { readonly id: string; readonly relayState?: string };
}

/** A verified logout message. */
export type VerifiedLogout =
  | {
      readonly kind: "logout-request";
      readonly id: string;
      readonly issuer: string;
      readonly subject: LogoutSubject;
      readonly relayState?: string;
      /** Time until which a replay would pass the time checks, in milliseconds since the epoch. */
      readonly replayableUntil: number;
    }
  | {
      readonly kind: "logout-response";
      readonly id: string;
      readonly issuer: string;
      readonly inResponseTo: string;
      readonly status: LogoutStatus;
      readonly replayableUntil: number;
    };

/**
 * The SAML 2.0 operations of a service provider. Input is hostile until a certificate of the
 * connection has verified its signature. Rejections are values, not errors.
 */
export interface IdentityPort {
  /** Creates a login request to the connection's SSO URL. */
  loginRequest(sp: ServiceProvider, connection: IdentityProvider): Promise<LoginRequest>;
  /**
   * Verifies the `SAMLResponse` of a form post: gate, signatures, decryption and every check that
   * needs no state. Does not throw for any input.
   *
   * @param form the decoded form body, not validated.
   */
  verifyResponse(
    sp: ServiceProvider,
    connection: IdentityProvider,
    form: unknown,
    expectation: ResponseExpectation,
  ): Promise<VerifiedAssertion | Rejection>;
  /**
   * Returns what a message claims, unverified. Use it only to choose the connection to verify with.
   * Does not throw for any input.
   */
  claimedHead(message: ReceivedMessage): ClaimedHead;
  /**
   * Our metadata (SAML metadata section 2.4.4). It says that requests are signed if those to
   * `connection` are.
   */
  metadata(sp: ServiceProvider, connection: IdentityProvider | undefined): Promise<string>;
  /** Parses the metadata of identity providers, without network access. */
  parseIdpMetadata(xml: string): ParsedIdpMetadata;
  /** Reads a certificate (PEM or Base64); `undefined` if it is not an X.509 certificate. */
  inspectCertificate(certificate: string): CertificateFacts | undefined;
  /** Whether there is a key to sign requests with. */
  readonly canSignRequests: boolean;
  /** Creates a signed LogoutRequest to the connection's SLO URL, by its binding. */
  logoutRequest(
    sp: ServiceProvider,
    connection: IdentityProvider,
    subject: LogoutSubject,
  ): Promise<LogoutRequest>;
  /** Creates a signed LogoutResponse to where the connection takes them, by its binding. */
  logoutResponse(
    sp: ServiceProvider,
    connection: IdentityProvider,
    answer: {
      readonly inResponseTo: string;
      readonly status: LogoutStatus;
      readonly relayState?: string;
    },
  ): Promise<BrowserMessage>;
  /** Verifies a LogoutRequest or LogoutResponse. Does not throw for any input. */
  verifyLogout(
    sp: ServiceProvider,
    connection: IdentityProvider,
    message: ReceivedMessage,
    now: number,
  ): Promise<VerifiedLogout | RejectedLogout>;
  /**
   * Returns what a LogoutResponse claims to answer, unverified; no ID if it names none or cannot be
   * read. Does not throw for any input.
   *
   * @returns `undefined` for anything else than one message in `SAMLResponse`.
   */
  claimedLogoutResponse(message: ReceivedMessage): { readonly inResponseTo?: string } | undefined;
}

/** In place of a form that was not read because it is too large. */
export class OversizedForm {
  /** Declared size in bytes, if the browser declared one. */
  readonly bytes: number | undefined;
  /** Maximum size in bytes. */
  readonly limit: number;

  constructor(bytes: number | undefined, limit: number) {
    this.bytes = bytes;
    this.limit = limit;
  }
}
