import type { AuditEntry } from "../domain/audit.ts";
import type { MetadataFailureCode } from "../domain/metadata-refresh.ts";
import type { RejectionCode } from "../domain/rejection.ts";
import type { ConnectionId } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { SamlEventType } from "./event-outbox.ts";

/** Source of the current time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes identifiers. */
export interface IdSource {
  /** A new unique ID of at most 36 characters that sorts by creation time. */
  entryId(): string;
  /**
   * A new short code that users can read out and that cannot be guessed. Lookups ignore case,
   * dashes and look-alike characters if it consists of twelve characters of Crockford's base 32 in
   * groups of four, such as `QW81-G83Z-WXMG`; other forms are compared exactly.
   */
  reference(): string;
  /** Lower-case hex SHA-256 of the parts, separated without ambiguity. */
  digest(...parts: readonly string[]): string;
}

/**
 * Receives log events. They never contain secrets, XML or attribute values, unless a callback of the
 * host puts any into the message of an error of its own.
 */
export interface Logger {
  /** Normal operation. */
  info(event: LogEvent): void;
  /** Conditions that an operator should review. */
  warn(event: LogEvent): void;
  /** Failures. */
  error(event: LogEvent): void;
}

/** One structured log event; `event` is its stable name. */
export type LogEvent =
  | StartWarning
  | HostFindingLogged
  | ReadingsDisagree
  | RetiringKeyUsed
  | LoginRefused
  | RefusalLogged
  | SettingsSavedLogged
  | EnforcementSuspended
  | MetadataChanged
  | MetadataFailed
  | CertificateExpiring
  | TestSignInLogged
  | EventNotAccepted
  | EventsDropped
  | PagePartFailed
  | RequestRefused
  | RequestFailed;

/** The name of a log event. */
export type LogEventName = LogEvent["event"];

/** A configuration that may be intended but needs attention. Logged once, at start. */
export interface StartWarning {
  /** Event name. */
  readonly event: "saml.base-url.unencrypted" | "saml.second-reading-off";
}

/** `migrate()` or a request has shown something of the host that keeps users from signing in. */
export interface HostFindingLogged {
  /** Event name. */
  readonly event: "saml.host-finding";
  /** Kind of the finding. */
  readonly code: string;
  /** Table. */
  readonly table?: string;
  /** Column. */
  readonly column?: string;
  /** What is wrong, and what to do about it. */
  readonly remedy: string;
}

/** The two readings of a signed response disagree: an attack or a parser bug. */
export interface ReadingsDisagree {
  /** Event name. */
  readonly event: "saml.readings-disagree";
  /** Whether the second reading rejected the response or the results differ. */
  readonly code: RejectionCode;
  /** Entity ID of the connected identity provider. */
  readonly issuer: string;
}

/**
 * A verified message was encrypted to a certificate of the service provider whose key has
 * `use: "retiring"`: its identity provider does not have the new certificate yet.
 */
export interface RetiringKeyUsed {
  /** Event name. */
  readonly event: "saml.retiring-key-used";
  /** Entity ID of the identity provider. */
  readonly issuer: string;
}

/** A sign-in was attempted while single sign-on is off; nothing is stored. */
export interface LoginRefused {
  /** Event name. */
  readonly event: "saml.login.refused";
  /** Tenant of the request. */
  readonly tenant: TenantId;
  /** The reference that the user saw. */
  readonly reference: string;
  /** Reason of the refusal. */
  readonly code: "sso-disabled";
}

/** A sign-in or logout was refused before anything was used up. */
export interface RefusalLogged {
  /** Event name. */
  readonly event: "saml.denied" | "saml.rejected" | "saml.logout-rejected";
  /** Tenant of the request. */
  readonly tenant: TenantId;
  /** Reference of the audit entry. */
  readonly reference: string;
  /** Reason of the refusal. */
  readonly code: NonNullable<AuditEntry["code"]>;
}

/** Settings were saved, or single sign-on was turned off. */
export interface SettingsSavedLogged {
  /** Event name. */
  readonly event: "saml.settings.saved" | "saml.settings.disabled";
  /** Tenant of the request. */
  readonly tenant: TenantId;
  /** Version of the saved settings. */
  readonly version: number;
}

/**
 * A password was allowed although single sign-on is enforced: no exempt address belongs to an active
 * user any more.
 */
export interface EnforcementSuspended {
  /** Event name. */
  readonly event: "saml.enforcement.suspended";
  /** Tenant of the user. */
  readonly tenant: TenantId;
}

/** The metadata of a connection says something else than before, or an administrator decided on it. */
export interface MetadataChanged {
  /** Event name. */
  readonly event: "saml.metadata.changed";
  /** Tenant of the connection. */
  readonly tenant: TenantId;
  /** The connection. */
  readonly connection: ConnectionId;
  /** What happened: the first two by themselves. */
  readonly change: "certificates-added" | "change-waiting" | "accepted" | "dismissed";
}

/** The metadata of a connection could not be read. Sign-ins go on with what is stored. */
export interface MetadataFailed {
  /** Event name. */
  readonly event: "saml.metadata.failed";
  /** Tenant of the connection. */
  readonly tenant: TenantId;
  /** The connection. */
  readonly connection: ConnectionId;
  /** Reason of the failure. */
  readonly code: MetadataFailureCode;
}

/** A certificate expires in at most `days` days. Logged once for each of 30, 14, 7 and 1. */
export interface CertificateExpiring {
  /** Event name. */
  readonly event: "saml.certificate.expiring";
  /** Tenant whose sign-ins depend on it. */
  readonly tenant: TenantId;
  /** The connection whose identity provider has it; absent for our own. */
  readonly connection?: ConnectionId;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
  /** 30, 14, 7 or 1. */
  readonly days: number;
}

/** A test sign-in received its response; no one was signed in. */
export interface TestSignInLogged {
  /** Event name. */
  readonly event: "saml.tested";
  /** Tenant of the request. */
  readonly tenant: TenantId;
  /** Reference of the audit entry. */
  readonly reference: string;
  /** Result of the test. */
  readonly state: "succeeded" | "failed";
}

/** The host's handler threw for an event, or took too long; it will be delivered again. */
export interface EventNotAccepted {
  /** Event name. */
  readonly event: "saml.events.not-accepted";
  /** Tenant of the event. */
  readonly tenant: TenantId;
  /** ID of the event. */
  readonly id: string;
  /** Type of the event. */
  readonly type: SamlEventType;
  /** What the handler threw, with its stack. */
  readonly error: string;
}

/** Purging has deleted events that were not delivered for a month. */
export interface EventsDropped {
  /** Event name. */
  readonly event: "saml.events.dropped";
  /** Number of deleted events. */
  readonly count: number;
}

/** A part of a page failed: the other parts are shown, or our page instead of the host's. */
export interface PagePartFailed {
  /** Event name. */
  readonly event: "saml.page.part-failed";
  /** The part that failed. */
  readonly part: string;
  /** Class of the error. */
  readonly error: string;
  /** As in {@link RequestFailed}. */
  readonly message: string | undefined;
}

/**
 * A browser's request was refused as malformed or not allowed, such as a body that is too large.
 */
export interface RequestRefused {
  /** Event name. */
  readonly event: "saml.request.refused";
  /** The reference that the user saw. */
  readonly reference: string;
  /** Code of the problem document. */
  readonly code: string;
}

/** A request failed: the storage did not respond, a callback threw, or the plugin has a bug. */
export interface RequestFailed {
  /** Event name. */
  readonly event: "saml.request.failed";
  /** The reference in the page or problem document. */
  readonly reference: string;
  /** HTTP method. */
  readonly method: string;
  /** Pattern of the route, not the path. */
  readonly route: string | undefined;
  /** Class of the error. */
  readonly error: string;
  /** Code of the error, if any. */
  readonly code: string | undefined;
  /**
   * What the host has to correct, or what its callback threw: the message, or the code of a database
   * error. Absent for other errors, whose messages may contain personal data.
   */
  readonly message: string | undefined;
  /** What the database or its driver reported, if anything. */
  readonly database: DatabaseFailure | undefined;
  /** Top of the stack, without the message. */
  readonly at: string | undefined;
}

/** Names from a database error, without values. */
export interface DatabaseFailure {
  /** SQLSTATE, or the code of the driver. */
  readonly code?: string;
  /** Table, if known. */
  readonly table?: string;
  /** Column, if known. */
  readonly column?: string;
  /** Constraint, if known. */
  readonly constraint?: string;
}
