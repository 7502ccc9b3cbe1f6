import type { FindTestedSettings } from "../../../application/test-sign-in/find-tested-settings.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { needsTest } from "../../../domain/tested-settings.ts";

/** Whether settings may be saved and switched on without more ado. */
export type Proof =
  /** They let in nobody by a way that let nobody in before. */
  | { readonly kind: "not-needed" }
  /**
   * A test sign-in has lately worked with these very settings; `at` in milliseconds since the
   * epoch.
   */
  | { readonly kind: "tested"; readonly by: string; readonly at: number }
  | { readonly kind: "untested" };

/** Finds the {@link Proof} of settings that are to be saved over others. */
export type FindProof = (tenant: TenantId, stored: Settings, next: Settings) => Promise<Proof>;

export function makeFindProof({
  findTestedSettings,
}: {
  readonly findTestedSettings: FindTestedSettings;
}): FindProof {
  return async (tenant, stored, next) => {
    if (!needsTest(stored, next)) return { kind: "not-needed" };
    const found = await findTestedSettings(tenant, next);
    return found.tested ? { kind: "tested", by: found.by, at: found.at } : { kind: "untested" };
  };
}
