import type { Settings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { TEST_KEPT_MS } from "../../domain/test-sign-in.ts";
import { testedText } from "../../domain/tested-settings.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { TestSignIns } from "../../ports/test-sign-ins.ts";

export interface FindTestedSettingsDeps {
  readonly testSignIns: TestSignIns;
  readonly clock: Clock;
  readonly ids: IdSource;
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
 * Says whether a test sign-in succeeded within the last 24 hours with these very settings, whether
 * enabled or not.
 */
export type FindTestedSettings = (tenant: TenantId, settings: Settings) => Promise<TestedState>;

export function makeFindTestedSettings(deps: FindTestedSettingsDeps): FindTestedSettings {
  const { testSignIns, clock, ids } = deps;
  return async (tenant, settings) => {
    // Settings that connect nothing cannot have been tested: that is most tenants at first.
    if (settings.connection === undefined) return { tested: false };
    const digest = ids.digest(testedText(settings));
    const found = await testSignIns.succeeded(tenant, digest, clock.now() - TEST_KEPT_MS);
    if (found === undefined) return { tested: false };
    return { tested: true, testId: found.id, at: found.finishedAt, by: found.by };
  };
}
