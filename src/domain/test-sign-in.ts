import type { EmailIdentity, NameId } from "./email-identity.ts";
import type { Excerpt, Preview } from "./preview.ts";
import type { Profile } from "./profile.ts";
import type { Comparison, RejectionCode } from "./rejection.ts";
import type { Settings } from "./settings.ts";
import { type DenyReason, SETTINGS_AT_FAULT } from "./sign-in-decision.ts";

/**
 * A sign-in with settings that nobody saved, for an administrator to see what would happen: it
 * creates nobody and lets nobody in.
 */
export type TestSignIn = PendingTestSignIn | FinishedTestSignIn;

/** What is known of a test from its beginning to its end. */
export interface TestSignInHead {
  /** Unique within the tenant; sorts by time of making; 36 characters at most. */
  readonly id: string;
  /** Who tests: the host's own ID of an administrator. */
  readonly by: string;
  /** Of the settings, whether enabled or not; 64 characters. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A test whose answer has not come, and may never come. */
export interface PendingTestSignIn extends TestSignInHead {
  /** Its answer is awaited, for {@link TEST_PENDING_MS}. */
  readonly state: "pending";
  /** The settings under test, enabled. */
  readonly settings: Settings;
  /** The login request that is under way; absent before the browser was sent off. */
  readonly requestId?: string;
}

/** A test that is over; what it was made with is not needed any more. */
export interface FinishedTestSignIn extends TestSignInHead {
  /** Whether the settings did what settings can do: see {@link testState}. */
  readonly state: "succeeded" | "failed";
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
  /** What came of it. */
  readonly result: TestResult;
}

/** What came of a test. */
export type TestResult = RejectedTest | VerifiedTest;

/** The answer was not taken for what it claims to be. */
export interface RejectedTest {
  /** Tells it from a verified one. */
  readonly kind: "rejected";
  /** Of the audit entry. */
  readonly reference: string;
  /** The check that failed. */
  readonly code: RejectionCode;
  /** What was sent and what was expected. */
  readonly detail: string;
  /** Whether the identity provider's signature covers what was rejected. */
  readonly authenticated: boolean;
  /** Where a check compared two things. */
  readonly comparison?: Comparison;
}

/** The answer was verified; then the policy decided. */
export interface VerifiedTest {
  /** Tells it from a rejected one. */
  readonly kind: "verified";
  /** Of the audit entry. */
  readonly reference: string;
  /** Entity ID of the identity provider. */
  readonly issuer: string;
  /** SHA-256 fingerprint of the certificate that verified the signature. */
  readonly signedBy: string;
  /** Weak algorithms that were used. */
  readonly warnings: readonly string[];
  /** Why the person would not get in; absent for somebody who would. */
  readonly code?: DenyReason;
  /** Absent from {@link RECEIVED_KEPT_MS} on: it is personal data. */
  readonly received?: ReceivedPerson;
}

/** What the identity provider said of whoever made the test, and what would come of it. */
export interface ReceivedPerson {
  /** The address, and where it was found; or why there is none. */
  readonly email: EmailIdentity;
  /** The NameID as it came. */
  readonly nameId: NameId;
  /** What single logout would need. */
  readonly session: TestedSession;
  /** Every attribute that was sent, long ones shortened. */
  readonly attributes: Excerpt<ReceivedAttribute>;
  /** The names that a new user would get. */
  readonly profile: Profile;
  /** What the sign-in would have been. */
  readonly decision: Preview;
}

/** What the identity provider said of its own session. */
export interface TestedSession {
  /** Its name there. */
  readonly sessionIndex?: string;
  /** When it is to end, in milliseconds since the epoch. */
  readonly sessionNotOnOrAfter?: number;
}

/** One attribute as it came. */
export interface ReceivedAttribute {
  /** Exactly as it was sent, and as a mapping has to name it. */
  readonly name: string;
  /** What people call it, where the name is a well-known OID. */
  readonly friendlyName?: string;
  /** Its texts, long ones shortened. */
  readonly values: Excerpt<string>;
}

/** How long the answer is awaited, in milliseconds: as long as that of a sign-in. */
export const TEST_PENDING_MS: number = 10 * 60 * 1000;
/** How long what was received about a person is kept, from the beginning of the test. */
export const RECEIVED_KEPT_MS: number = 60 * 60 * 1000;
/** How long a test is kept, and counts, from its beginning. */
export const TEST_KEPT_MS: number = 24 * 60 * 60 * 1000;

/** Whether a verified test has shown that the settings work. */
export function testState(decision: Preview): FinishedTestSignIn["state"] {
  return decision.decision === "deny" && SETTINGS_AT_FAULT[decision.rule] ? "failed" : "succeeded";
}

/** A test without what was received about a person; itself when there is nothing of the kind. */
export function withoutReceived(test: TestSignIn): TestSignIn {
  if (test.state === "pending" || test.result.kind === "rejected") return test;
  const { received, ...result } = test.result;
  return received === undefined ? test : { ...test, result };
}

/** Whether an answer may still come. */
export function isAwaited({ state, createdAt }: TestSignIn, now: number): boolean {
  return state === "pending" && now < createdAt + TEST_PENDING_MS;
}
