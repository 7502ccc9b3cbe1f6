import type { Profile } from "./assertion.ts";
import type { EmailIdentity, NameId } from "./email-identity.ts";
import type { Excerpt, Preview } from "./preview.ts";
import type { Comparison, RejectionCause, RejectionCode } from "./rejection.ts";
import { type Connection, type ConnectionId, connectionById, type Settings } from "./settings.ts";
import { type DenialCause, type DenyReason, SETTINGS_AT_FAULT } from "./sign-in-decision.ts";

/** An administrator's sign-in with unsaved settings. It creates no user and signs no one in. */
export type TestSignIn = PendingTestSignIn | FinishedTestSignIn;

/** The constant part of a test. */
export interface TestSignInHead {
  /** Unique within the tenant; sorts by creation time; at most 36 characters. */
  readonly id: string;
  /** The host's ID of the administrator. */
  readonly by: string;
  /** Digest of the settings without `enabled`; 64 characters. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A test that has not received a response. */
export interface PendingTestSignIn extends TestSignInHead {
  /** Pending for at most {@link TEST_PENDING_MS}. */
  readonly state: "pending";
  /** The tested settings, enabled. */
  readonly settings: Settings;
  /** The tested connection. */
  readonly connection: ConnectionId;
  /** ID of the pending login request; absent before the redirect. */
  readonly requestId?: string;
}

/** A test that has received a response. */
export interface FinishedTestSignIn extends TestSignInHead {
  /** Whether the settings work: see {@link testState}. */
  readonly state: "succeeded" | "failed";
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
  /** The result. */
  readonly result: TestResult;
}

/** Result of a test. */
export type TestResult = RejectedTest | VerifiedTest;

/** The response was rejected. */
export interface RejectedTest {
  /** Distinguishes it from {@link VerifiedTest}. */
  readonly kind: "rejected";
  /** Reference of the audit entry. */
  readonly reference: string;
  /** Code of the failed check. */
  readonly code: RejectionCode;
  /** Cause, where the code has several. */
  readonly cause?: RejectionCause;
  /** Reason for administrators. */
  readonly detail: string;
  /** Whether a valid signature of the identity provider covers the rejected content. */
  readonly authenticated: boolean;
  /** The compared values, if the check compares two. */
  readonly comparison?: Comparison;
}

/** A warning about a verified response. */
export interface TestWarning {
  /** Stable code. */
  readonly code: string;
  /** Message for administrators. */
  readonly text: string;
  /** What the message names, for other languages; absent if it names nothing. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The response was verified, and the policy decided. */
export interface VerifiedTest {
  /** Distinguishes it from {@link RejectedTest}. */
  readonly kind: "verified";
  /** Reference of the audit entry. */
  readonly reference: string;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** SHA-256 fingerprint of the certificate that verified the signature. */
  readonly signedBy: string;
  /** About weak algorithms and old certificates that were used, and groups that were left out. */
  readonly warnings: readonly TestWarning[];
  /** Deny reason; absent if the user would be signed in. */
  readonly code?: DenyReason;
  /** Cause, where the deny reason has several. */
  readonly cause?: DenialCause;
  /** Received personal data; absent after {@link RECEIVED_KEPT_MS}. */
  readonly received?: ReceivedUser;
}

/** The received user data and the resulting decision. */
export interface ReceivedUser {
  /** The address and its source, or why there is none. */
  readonly email: EmailIdentity;
  /** The received NameID. */
  readonly nameId: NameId;
  /** Session data for single logout. */
  readonly session: TestedSession;
  /** All received attributes, long ones shortened. */
  readonly attributes: Excerpt<ReceivedAttribute>;
  /** Names of a new user. */
  readonly profile: Profile;
  /** The decision for a real sign-in. */
  readonly decision: Preview;
}

/** The identity provider's session, and how it began. */
export interface TestedSession {
  /**
   * When the user was authenticated, in milliseconds since the epoch; absent in results of versions
   * that did not keep it.
   */
  readonly authnInstant?: number;
  /** How the user was authenticated, as the identity provider names it. */
  readonly authnContextClassRef?: string;
  /** SessionIndex. */
  readonly sessionIndex?: string;
  /** SessionNotOnOrAfter, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}

/** A received attribute. */
export interface ReceivedAttribute {
  /** Exact name, as used in mappings. */
  readonly name: string;
  /** Common name, if the name is a well-known OID. */
  readonly friendlyName?: string;
  /** Text values, long ones shortened. */
  readonly values: Excerpt<string>;
}

/** How long a test stays pending, in milliseconds; the same as for a sign-in. */
export const TEST_PENDING_MS: number = 10 * 60 * 1000;
/** How long received personal data is kept after the start of the test, in milliseconds. */
export const RECEIVED_KEPT_MS: number = 60 * 60 * 1000;
/** How long a test is kept and proves settings after its start, in milliseconds. */
export const TEST_KEPT_MS: number = 24 * 60 * 60 * 1000;

/** Whether a verified test proves that the settings work. */
export function testState(decision: Preview): FinishedTestSignIn["state"] {
  return decision.decision === "deny" && SETTINGS_AT_FAULT[decision.rule] ? "failed" : "succeeded";
}

/** The test without received personal data. */
export function withoutReceived(test: TestSignIn): TestSignIn {
  if (test.state === "pending" || test.result.kind === "rejected") return test;
  const { received, ...result } = test.result;
  return received === undefined ? test : { ...test, result };
}

/** Whether the test can still receive a response. */
export function isAwaited({ state, createdAt }: TestSignIn, now: number): boolean {
  return state === "pending" && now < createdAt + TEST_PENDING_MS;
}

/**
 * Canonical JSON, for a digest, of what a test sign-in through a connection tests: the connection,
 * and the defaults for new users. A test is valid for all settings with the same digest.
 */
export function testedText({ autoProvisioning }: Settings, connection: Connection): string {
  const { name: _, enabled: __, ...tested } = connection;
  return canonicalJson({ autoProvisioning, connection: tested });
}

/**
 * The connections that must be tested before `next` is saved over `stored`: those that are turned
 * on, or whose identity provider or email source is not the one in use. Allowed domains need no
 * test: they refuse, or accept, what a test has already shown.
 */
export function connectionsToTest(stored: Settings, next: Settings): readonly Connection[] {
  if (!next.enabled) return [];
  return next.connections.filter((connection) => {
    if (!connection.enabled) return false;
    const before = connectionById(stored, connection.id);
    const inUse = stored.enabled && before?.enabled === true;
    return !inUse || identifying(before) !== identifying(connection);
  });
}

/** What decides who somebody is. */
function identifying({ idp, email }: Connection): string {
  const { metadataUrl: _, ...tested } = idp ?? {};
  return canonicalJson({ idp: tested, email });
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => inOrder(member));
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
