import type { Connection, Settings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  isAwaited,
  RECEIVED_KEPT_MS,
  TEST_KEPT_MS,
  TEST_PENDING_MS,
  type TestResult,
  type TestSignIn,
  testedText,
  withoutReceived,
} from "../../domain/test-sign-in.ts";
import { type Explanation, explanationOf } from "../../domain/texts/administrator-explanations.ts";
import { MAX_ATTRIBUTE_NAME_LENGTH } from "../../domain/texts/faults.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";

/** A test as administrators see it. */
export interface TestSignInRead {
  readonly id: string;
  /** `expired`: no answer came while one was awaited. */
  readonly state: TestSignIn["state"] | "expired";
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Time at which the test expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** ID of the administrator. */
  readonly by: string;
  /** Milliseconds since the epoch; absent while pending. */
  readonly finishedAt?: number;
  /** Absent while pending. */
  readonly result?: TestResult;
  /** What failed and what to do; absent after success. */
  readonly explanation?: Explanation;
}

/** Reads a test; `undefined` if it does not exist or has been deleted. */
export type ReadTestSignIn = (tenant: TenantId, id: string) => Promise<TestSignInRead | undefined>;

export function makeReadTestSignIn({
  testSignIns,
  forgetTests,
  clock,
}: {
  readonly testSignIns: TestSignIns;
  readonly forgetTests: ForgetTests;
  readonly clock: Clock;
}): ReadTestSignIn {
  return async (tenant, id) => {
    const test = await testSignIns.find(tenant, id);
    if (test === undefined) return undefined;
    const age = clock.now() - test.createdAt;
    if (age <= RECEIVED_KEPT_MS) return readOf(test, clock.now());
    // Hosts may purge rarely, so reading also deletes expired data.
    await forgetTests();
    return age <= TEST_KEPT_MS ? readOf(withoutReceived(test), clock.now()) : undefined;
  };
}

/** An attribute value that a test received. */
export interface ReceivedValue {
  readonly attribute: string;
  readonly value: string;
}

/**
 * Lists the attribute values that the latest tests received, each once, for administrators who write
 * rules. Values that were shortened are left out: rules compare whole ones.
 */
export type ListReceivedValues = (tenant: TenantId) => Promise<readonly ReceivedValue[]>;

const LATEST_TESTS = 5;
const MOST_OFFERED = 300;

export function makeListReceivedValues({
  testSignIns,
  clock,
}: {
  readonly testSignIns: TestSignIns;
  readonly clock: Clock;
}): ListReceivedValues {
  return async (tenant) => {
    const since = clock.now() - RECEIVED_KEPT_MS;
    const tests = await testSignIns.received(tenant, since, LATEST_TESTS);
    const values = tests.flatMap(({ result }) =>
      result.kind === "verified" ? (result.received?.attributes.first ?? []) : [],
    );
    const found = new Map(
      values.flatMap(({ name: attribute, values: { first } }) =>
        first.map((value) => [JSON.stringify([attribute, value]), { attribute, value }]),
      ),
    );
    return [...found.values()]
      .filter(({ attribute, value }) => isWhole(attribute) && isWhole(value))
      .slice(0, MOST_OFFERED);
  };
}

function isWhole(text: string): boolean {
  return text.trim() !== "" && text.length < MAX_ATTRIBUTE_NAME_LENGTH;
}

function readOf(test: TestSignIn, now: number): TestSignInRead {
  const { id, by, createdAt } = test;
  const head = { id, by, createdAt, expiresAt: createdAt + TEST_PENDING_MS };
  if (test.state === "pending") {
    return { ...head, state: isAwaited(test, now) ? "pending" : "expired" };
  }
  const { state, finishedAt, result } = test;
  const explanation =
    result.code === undefined ? undefined : explanationOf(result.code, result.cause);
  return { ...head, state, finishedAt, result, ...(explanation && { explanation }) };
}

/** Whether settings are proven. */
export type TestedState =
  | {
      readonly tested: true;
      /** The newest test that has shown it. */
      readonly testId: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
      /** ID of the administrator. */
      readonly by: string;
    }
  | { readonly tested: false };

/**
 * Says whether a test sign-in succeeded within the last 24 hours through a connection of these very
 * settings, whether enabled or not.
 */
export type FindTested = (
  tenant: TenantId,
  settings: Settings,
  connection: Connection,
) => Promise<TestedState>;

export function makeFindTested({
  testSignIns,
  clock,
  ids,
}: {
  readonly testSignIns: TestSignIns;
  readonly clock: Clock;
  readonly ids: IdSource;
}): FindTested {
  return async (tenant, settings, connection) => {
    // What connects nothing cannot have been tested: that is most tenants at first.
    if (connection.idp === undefined) return { tested: false };
    const digest = ids.digest(testedText(settings, connection));
    const found = await testSignIns.succeeded(tenant, digest, clock.now() - TEST_KEPT_MS);
    if (found === undefined) return { tested: false };
    return { tested: true, testId: found.id, at: found.finishedAt, by: found.by };
  };
}

/**
 * The oldest of the tests that show that `connections` work; not tested if one of them has none.
 */
export async function testsOf(
  findTested: FindTested,
  tenant: TenantId,
  settings: Settings,
  connections: readonly Connection[],
): Promise<TestedState> {
  let oldest: TestedState = { tested: false };
  for (const connection of connections) {
    const found = await findTested(tenant, settings, connection);
    if (!found.tested) return found;
    if (!oldest.tested || found.at < oldest.at) oldest = found;
  }
  return oldest;
}

/** {@link testsOf} the enabled connections. */
export function testsOfEnabled(
  findTested: FindTested,
  tenant: TenantId,
  settings: Settings,
): Promise<TestedState> {
  const enabled = settings.connections.filter((connection) => connection.enabled);
  return testsOf(findTested, tenant, settings, enabled);
}

/**
 * Deletes expired tests of all tenants, and earlier their received personal data.
 *
 * @returns the number of deleted tests.
 */
export type ForgetTests = (options?: {
  /** Milliseconds since the epoch. Default: the current time. */
  readonly now?: number;
  /** Maximum number of tests of each kind per call. Default: 100. */
  readonly limit?: number;
}) => Promise<number>;

const LIMIT = 100;

export function makeForgetTests({
  testSignIns,
  clock,
}: {
  readonly testSignIns: TestSignIns;
  readonly clock: Clock;
}): ForgetTests {
  return async ({ now = clock.now(), limit = LIMIT } = {}) => {
    const forgotten = await testSignIns.purgeBefore(now - TEST_KEPT_MS, limit);
    await testSignIns.forgetReceived(now - RECEIVED_KEPT_MS, limit);
    return forgotten;
  };
}
