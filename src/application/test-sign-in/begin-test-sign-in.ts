import { asEnabled, type Settings } from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { TEST_PENDING_MS } from "../../domain/test-sign-in.ts";
import { testedText } from "../../domain/tested-settings.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import type { ForgetTests } from "./forget-tests.ts";

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
  /** The host's own ID of who tests. */
  readonly by: string;
}) => Promise<TestSignInBegun>;

export function makeBeginTestSignIn(deps: BeginTestSignInDeps): BeginTestSignIn {
  const { testSignIns, checkSettings, forgetTests, clock, ids } = deps;
  return async ({ tenant, draft, by }) => {
    const settings = asEnabled(draft);
    const { faults } = await checkSettings(tenant, settings);
    if (faults.length > 0) return { kind: "invalid", faults };
    const id = ids.entryId();
    const createdAt = clock.now();
    const digest = ids.digest(testedText(settings));
    await forgetTests();
    await testSignIns.add(tenant, { id, by, digest, createdAt, state: "pending", settings });
    return { kind: "begun", id, expiresAt: createdAt + TEST_PENDING_MS };
  };
}
