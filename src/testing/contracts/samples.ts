import type { OrganizationAccess } from "../../domain/access.ts";
import { type Assertion, frozenAssertion } from "../../domain/assertion.ts";
import type { AuditEntry } from "../../domain/audit.ts";
import { type EmailAddress, parseEmailAddress } from "../../domain/email-address.ts";
import type { Receipt } from "../../domain/receipt.ts";
import {
  DEFAULT_SETTINGS,
  IDENTITY_PROVIDER_DEFAULTS,
  NEW_CONNECTION,
  type VersionedSettings,
} from "../../domain/settings.ts";
import type { NewUser } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { PendingTestSignIn } from "../../domain/test-sign-in.ts";
import type { SamlEvent } from "../../ports/event-outbox.ts";
import type { TestOutcome } from "../../ports/test-sign-ins.ts";
import type { Vocabulary } from "./contract-case.ts";

/** Midnight of 2026-01-01, UTC. */
export const SAMPLE_TIME: number = Date.UTC(2026, 0, 1);

/** The normal form of `raw`; throws if it is not a valid address. */
export function email(raw: string): EmailAddress {
  const parsed = parseEmailAddress(raw);
  if (!parsed.ok) throw new Error(`${raw} is not a valid email address: ${parsed.fault}`);
  return parsed.address;
}

/** A new user with the licensed role, every group and every organization of the vocabulary. */
export function sampleUser(address: EmailAddress, vocabulary: Vocabulary): NewUser {
  return {
    email: address,
    role: vocabulary.licensedRole,
    groups: vocabulary.groups,
    organizations: { kind: "selected", ids: vocabulary.organizations },
  };
}

/** A receipt for `user`, with characters that a careless column would lose. */
export function sampleReceipt(user: NewUser): Receipt {
  return {
    settingsVersion: 7,
    role: user.role,
    groups: user.groups,
    organizations: user.organizations,
    issuer: "https://idp.example.test/'\"ü😀",
    nameId: "Ω-😀",
    assertionIdHash: "ab".repeat(32),
    seatsBefore: 3,
    seatsAfter: 4,
    at: SAMPLE_TIME,
  };
}

/** What an identity provider said of `user`, with what a careless host would stumble over. */
export function sampleAssertion(user: NewUser): Assertion {
  return frozenAssertion({
    claims: {
      nameId: { value: "", format: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" },
      attributes: [
        { name: "mail", values: [user.email] },
        { name: "constructor", values: [] },
        { name: "department", values: ["'\"\\%_ü😀", "", "Ω".repeat(10_000)] },
        { name: "department", values: ["the same name again"] },
      ],
    },
    authnInstant: SAMPLE_TIME,
  });
}

/** Settings with every kind of member, as version `version`. */
export function sampleSettings(version: number, savedBy = "admin-ü😀"): VersionedSettings {
  return {
    settings: {
      ...DEFAULT_SETTINGS,
      enabled: true,
      connections: [
        {
          ...NEW_CONNECTION,
          idp: {
            entityId: "https://idp.example.test/😀",
            ssoUrl: "https://idp.example.test/sso",
            certificates: ["MIIC".repeat(500), "MIID"],
            ...IDENTITY_PROVIDER_DEFAULTS,
            weakAlgorithms: ["sha1"],
          },
          profile: { displayName: "urn:oid:2.16.840.1.113730.3.1.241", firstName: "Vorname-ü😀" },
        },
      ],
    },
    version,
    connectionVersions: new Map([[NEW_CONNECTION.id, 1]]),
    savedAt: SAMPLE_TIME + version,
    savedBy,
  };
}

/** An entry whose ID sorts by `number`. */
export function sampleEntry(number: number, more: Partial<AuditEntry> = {}): AuditEntry {
  const id = String(number).padStart(8, "0");
  return {
    id,
    reference: `REF-${id}`,
    at: SAMPLE_TIME + number,
    outcome: "signed-in",
    detail: { sent: "a'\"\\%_ü😀" },
    ...more,
  };
}

/** An event whose ID and time sort by `number`. */
export function sampleEvent(tenant: TenantId, number: number): SamlEvent {
  return {
    id: String(number).padStart(8, "0"),
    tenant,
    at: SAMPLE_TIME + number,
    type: "license-refused",
    data: {
      email: "ada@example.test",
      connection: NEW_CONNECTION.id,
      detail: "a'\"\\%_ü😀",
      reference: `REF-${number}`,
    },
  };
}

/** A pending test whose ID and time sort by `number`. */
export function sampleTest(
  number: number,
  more: Partial<PendingTestSignIn> = {},
): PendingTestSignIn {
  return {
    id: String(number).padStart(8, "0"),
    by: "admin-ü😀",
    digest: "cd".repeat(32),
    createdAt: SAMPLE_TIME + number,
    state: "pending",
    settings: sampleSettings(1).settings,
    connection: NEW_CONNECTION.id,
    ...more,
  };
}

/** The end of a test that succeeded, with everything that may be received. */
export function sampleOutcome(): TestOutcome {
  return {
    state: "succeeded",
    finishedAt: SAMPLE_TIME + 1000,
    result: {
      kind: "verified",
      reference: "REF-1",
      issuer: "https://idp.example.test/'\"ü😀",
      signedBy: "AA:BB",
      warnings: [
        {
          code: "weak-algorithm-used",
          text: "The message uses the weak algorithm rsa-sha1.",
          values: { algorithm: "rsa-sha1" },
        },
      ],
      received: {
        email: { kind: "email", address: email("ada@example.test"), from: ["mail"] },
        nameId: { value: "Ω-😀", format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" },
        session: { sessionIndex: "s-1", sessionNotOnOrAfter: SAMPLE_TIME },
        attributes: {
          count: 1,
          first: [{ name: "mail", values: { count: 1, first: ["ada@example.test"] } }],
        },
        profile: { displayName: "Ada 😀" },
        decision: {
          decision: "sign-in",
          rule: "active-user",
          email: email("ada@example.test"),
          userId: "user-1",
        },
      },
    },
  };
}

/** Access with its lists in order, to be compared. */
export function inOrder(organizations: OrganizationAccess): OrganizationAccess {
  return organizations.kind === "all"
    ? organizations
    : { kind: "selected", ids: [...organizations.ids].sort() };
}

/** Runs `count` calls concurrently and returns their settled results. */
export function atOnce<T>(
  count: number,
  call: (index: number) => Promise<T>,
): Promise<readonly PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => call(index)));
}

/** The values of the calls that succeeded. */
export function valuesOf<T>(results: readonly PromiseSettledResult<T>[]): readonly T[] {
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** The errors of the calls that failed. */
export function errorsOf(results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
}
