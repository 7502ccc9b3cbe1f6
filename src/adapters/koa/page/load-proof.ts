import type { TenantId } from "../../../domain/tenant.ts";
import type { ParseSettings } from "../settings-document.ts";
import type { FindProof, Proof } from "./find-proof.ts";
import { documentOf, isEdited } from "./form/form-state.ts";
import type { PageState } from "./page-state.ts";

/** Whether what stands in the form could be switched on, or kept on, without a test sign-in. */
export type LoadProof = (tenant: TenantId, state: PageState) => Promise<Proof>;

export interface LoadProofDeps {
  readonly parseSettings: ParseSettings;
  readonly findProof: FindProof;
}

export function makeLoadProof({ parseSettings, findProof }: LoadProofDeps): LoadProof {
  return async (tenant, { draft, stored: { settings } }) => {
    if (settings.enabled && !isEdited(draft)) return { kind: "not-needed" };
    const parsed = await parseSettings(tenant, documentOf(draft, settings, true));
    // What would not work cannot be tested either.
    return parsed.ok ? findProof(tenant, settings, parsed.settings) : { kind: "untested" };
  };
}
