import { expect } from "chai";
import { describe, it } from "mocha";
import type { Preview } from "../../src/domain/preview.ts";
import { type DenyReason, SETTINGS_AT_FAULT } from "../../src/domain/sign-in-decision.ts";
import {
  type FinishedTestSignIn,
  isAwaited,
  type PendingTestSignIn,
  RECEIVED_KEPT_MS,
  TEST_KEPT_MS,
  type TestResult,
  testState,
  withoutReceived,
} from "../../src/domain/test-sign-in.ts";
import { denialExplanation } from "../../src/domain/texts/administrator-explanations.ts";
import { emailOf, SETTINGS } from "./support/examples.ts";

const MINUTE_MS = 60_000;
const HEAD = { id: "t1", by: "grace", digest: "d".repeat(64), createdAt: 1_000 };
const PENDING: PendingTestSignIn = {
  ...HEAD,
  state: "pending",
  settings: SETTINGS,
  connection: "default",
};
const DENIED = {
  decision: "deny",
  rule: "jit-disabled",
  sentence: "You don't have an account here yet.",
  detail: "nobody is created",
  explanation: denialExplanation("jit-disabled"),
} as const satisfies Preview;

function finished(result: TestResult): FinishedTestSignIn {
  return { ...HEAD, state: "failed", finishedAt: 2_000, result };
}

describe("what a test sign-in shows of settings", () => {
  const outcomes: Readonly<Record<DenyReason, "succeeded" | "failed">> = {
    "sso-disabled": "failed",
    "email-missing": "failed",
    "email-invalid": "failed",
    "email-ambiguous": "failed",
    "domain-not-allowed": "failed",
    "domain-of-other-connection": "failed",
    "domain-not-verified": "failed",
    "defaults-invalid": "failed",
    "user-suspended": "succeeded",
    "user-deleted": "succeeded",
    "jit-disabled": "succeeded",
    "refused-by-rule": "succeeded",
    "no-rule-matched": "succeeded",
    "address-changed": "succeeded",
    "license-exhausted": "succeeded",
  };
  for (const [rule, state] of Object.entries(outcomes)) {
    it(`has ${state} where the lookup is denied for ${rule}`, () => {
      const reason = Object.keys(SETTINGS_AT_FAULT).find((one): one is DenyReason => one === rule)!;
      expect(testState({ ...DENIED, rule: reason })).to.equal(state);
    });
  }

  it("has succeeded where the lookup would get in", () => {
    const signedIn: Preview = {
      decision: "sign-in",
      rule: "active-user",
      email: emailOf("ada@corp.example"),
      userId: "7",
    };
    expect(testState(signedIn)).to.equal("succeeded");
  });
});

describe("a test sign-in", () => {
  it("is awaited for ten minutes, while it is pending", () => {
    const ends = HEAD.createdAt + 10 * MINUTE_MS;
    expect(isAwaited(PENDING, ends - 1)).to.equal(true);
    expect(isAwaited(PENDING, ends)).to.equal(false);
    const rejected = { kind: "rejected", reference: "R", code: "expired", detail: "x" } as const;
    expect(isAwaited(finished({ ...rejected, authenticated: false }), 1_001)).to.equal(false);
  });

  it("is kept for a day, and what it says of a lookup for an hour", () => {
    expect(RECEIVED_KEPT_MS).to.equal(60 * MINUTE_MS);
    expect(TEST_KEPT_MS).to.equal(24 * 60 * MINUTE_MS);
  });

  it("forgets what was received about a lookup, and nothing else", () => {
    const verified = {
      kind: "verified",
      reference: "R",
      issuer: "https://idp.example",
      signedBy: "AA:BB",
      warnings: [],
    } as const;
    const received = {
      email: { kind: "missing", looked: ["mail"] },
      nameId: { value: "x7", format: "persistent" },
      session: {},
      attributes: { count: 0, first: [] },
      profile: {},
      decision: DENIED,
    } as const;
    expect(withoutReceived(finished({ ...verified, received }))).to.deep.equal(finished(verified));
  });

  it("stays the same where nothing was received", () => {
    const rejected = finished({
      kind: "rejected",
      reference: "R",
      code: "expired",
      detail: "x",
      authenticated: true,
    });
    expect(withoutReceived(rejected)).to.equal(rejected);
    expect(withoutReceived(PENDING)).to.equal(PENDING);
  });
});
