import type { AuditEntry } from "../domain/audit.ts";
import type { RejectionCode } from "../domain/rejection.ts";
import type { TenantId } from "../domain/tenant.ts";

/** One structured log event; `event` is its stable name. */
export type LogEvent =
  | StartWarning
  | ReadingsDisagree
  | LoginRefused
  | RefusalLogged
  | SettingsSavedLogged
  | TestSignInLogged
  | PagePartFailed
  | RequestRefused
  | RequestFailed;

/** The name of a log event. */
export type LogEventName = LogEvent["event"];

/** Something that may be meant so, and should not go unseen. Once, at the start. */
export interface StartWarning {
  /** Its name. */
  readonly event: "saml.base-url.unencrypted" | "saml.second-reading-skipped";
}

/** The two readings of a signed response disagree: an attack, or a parser's mistake. */
export interface ReadingsDisagree {
  /** Its name. */
  readonly event: "saml.readings-disagree";
  /** Which of the two refused, or that they differ. */
  readonly code: RejectionCode;
  /** Entity ID of the connected identity provider. */
  readonly issuer: string;
}

/** Somebody wanted to sign in where that is switched off; nothing is stored. */
export interface LoginRefused {
  /** Its name. */
  readonly event: "saml.login.refused";
  /** Whose. */
  readonly tenant: TenantId;
  /** What the person saw on their page. */
  readonly reference: string;
  /** Why. */
  readonly code: "sso-disabled";
}

/** Somebody does not get in, or out, and anybody could repeat it. */
export interface RefusalLogged {
  /** Its name. */
  readonly event: "saml.denied" | "saml.rejected" | "saml.logout-rejected";
  /** Whose. */
  readonly tenant: TenantId;
  /** Of the audit entry, which tells the rest. */
  readonly reference: string;
  /** Why. */
  readonly code: NonNullable<AuditEntry["code"]>;
}

/** Settings were saved, or single sign-on was switched off on its own. */
export interface SettingsSavedLogged {
  /** Its name. */
  readonly event: "saml.settings.saved" | "saml.settings.disabled";
  /** Whose. */
  readonly tenant: TenantId;
  /** Of the settings as they are now. */
  readonly version: number;
}

/** The answer to an administrator's test sign-in has come; nobody got in by it. */
export interface TestSignInLogged {
  /** Its name. */
  readonly event: "saml.tested";
  /** Whose. */
  readonly tenant: TenantId;
  /** Of the audit entry, which tells the rest. */
  readonly reference: string;
  /** What came of it. */
  readonly state: "succeeded" | "failed";
}

/** A part of a page could not be made: the other parts are shown, or our own page for the host's. */
export interface PagePartFailed {
  /** Its name. */
  readonly event: "saml.page.part-failed";
  /** Which. */
  readonly part: string;
  /** The error's class. */
  readonly error: string;
}

/** A browser's request was refused for its form, such as a body that is too large. */
export interface RequestRefused {
  /** Its name. */
  readonly event: "saml.request.refused";
  /** What the person saw on their page. */
  readonly reference: string;
  /** Of the problem, as programs would be told. */
  readonly code: string;
}

/** Something broke: a storage that does not answer, a callback that throws, a fault of ours. */
export interface RequestFailed {
  /** Its name. */
  readonly event: "saml.request.failed";
  /** What the person saw on their page, or the program in the problem document. */
  readonly reference: string;
  /** Of the request. */
  readonly method: string;
  /** The pattern of the route, not the path. */
  readonly route: string | undefined;
  /** The error's class. */
  readonly error: string;
  /** The error's own code. */
  readonly code: string | undefined;
  /** Only where it is the plugin's own text: others may hold values of people. */
  readonly message: string | undefined;
  /** The top of the stack, without the message. */
  readonly at: string | undefined;
}
