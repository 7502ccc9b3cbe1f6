import {
  asEnabled,
  type Connection,
  type ConnectionId,
  connectionById,
  type Settings,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { isAwaited, TEST_PENDING_MS, testedText } from "../../domain/test-sign-in.ts";
import { fault, type SettingsFault } from "../../domain/texts/faults.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { BrowserMessage, IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import type { PendingTest } from "../sign-in/pending-request.ts";
import type { ForgetTests } from "./read-test-sign-in.ts";

export interface BeginTestSignInDeps {
  readonly testSignIns: TestSignIns;
  readonly checkSettings: CheckSettings;
  readonly forgetTests: ForgetTests;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The result. */
export type TestSignInBegun =
  | {
      readonly kind: "begun";
      readonly id: string;
      /** Time at which the test expires, in milliseconds since the epoch. */
      readonly expiresAt: number;
    }
  /** The settings are invalid when enabled; nothing was stored. */
  | { readonly kind: "invalid"; readonly faults: readonly SettingsFault[] };

/** Stores unsaved settings for a test sign-in by one administrator. */
export type BeginTestSignIn = (input: {
  readonly tenant: TenantId;
  readonly draft: Settings;
  /** The connection to test. Default: the first that is enabled, otherwise the first. */
  readonly connection?: ConnectionId | undefined;
  /** The host's own ID of who tests. */
  readonly by: string;
}) => Promise<TestSignInBegun>;

export function makeBeginTestSignIn(deps: BeginTestSignInDeps): BeginTestSignIn {
  const { testSignIns, checkSettings, forgetTests, clock, ids } = deps;
  return async ({ tenant, draft, connection: wanted, by }) => {
    const settings = asEnabled(draft);
    const tested = testedConnection(settings, wanted);
    const { faults } = await checkSettings(tenant, settings);
    if (faults.length > 0) return { kind: "invalid", faults };
    if (tested === undefined) return { kind: "invalid", faults: [NOT_CONNECTED] };
    const id = ids.entryId();
    const createdAt = clock.now();
    const digest = ids.digest(testedText(settings, tested));
    await forgetTests();
    await testSignIns.add(tenant, {
      id,
      by,
      digest,
      createdAt,
      state: "pending",
      settings,
      connection: tested.id,
    });
    return { kind: "begun", id, expiresAt: createdAt + TEST_PENDING_MS };
  };
}

const NOT_CONNECTED: SettingsFault = fault(["connections"], "not-connected");

function testedConnection(
  settings: Settings,
  wanted: ConnectionId | undefined,
): Connection | undefined {
  const { connections } = settings;
  const tested =
    wanted === undefined
      ? (connections.find(({ enabled }) => enabled) ?? connections[0])
      : connectionById(settings, wanted);
  return tested?.idp === undefined ? undefined : tested;
}

/** The result. */
export type TestSignInStarted =
  /** The login request to send through the browser, and the state that its cookie must keep. */
  | { readonly kind: "started"; readonly message: BrowserMessage; readonly pending: PendingTest }
  /** The test does not exist or belongs to another administrator. */
  | { readonly kind: "unknown" }
  /** The test has received its response or has expired. */
  | { readonly kind: "over" };

/**
 * Redirects the administrator who created a test to the identity provider. Starting again creates a
 * new login request for the same test; only the response to the last one counts.
 */
export type StartTestSignIn = (input: {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly id: string;
  /** The host's ID of the administrator. */
  readonly by: string;
}) => Promise<TestSignInStarted>;

export function makeStartTestSignIn({
  testSignIns,
  identity,
  clock,
}: {
  readonly testSignIns: TestSignIns;
  readonly identity: IdentityPort;
  readonly clock: Clock;
}): StartTestSignIn {
  return async ({ tenant, sp, id: testId, by }) => {
    const test = await testSignIns.find(tenant, testId);
    if (test === undefined || test.by !== by) return { kind: "unknown" };
    if (test.state !== "pending" || !isAwaited(test, clock.now())) return { kind: "over" };
    const idp = connectionById(test.settings, test.connection)?.idp;
    if (idp === undefined) throw new Error("a test sign-in requires a connection to test");
    const { id: requestId, message } = await identity.loginRequest(sp, idp);
    if (!(await testSignIns.restart(tenant, testId, requestId))) return { kind: "over" };
    const expiresAt = test.createdAt + TEST_PENDING_MS;
    return { kind: "started", message, pending: { requestId, tenant, testId, expiresAt } };
  };
}
