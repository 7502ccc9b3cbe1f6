import type { PreviewDecision, Previewed } from "../../../application/settings/preview-decision.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { ParseSettings } from "../settings-document.ts";
import { documentOf } from "./form/form-state.ts";
import type { PageState } from "./page-state.ts";

/** Decides for an address as a sign-in would, by the form as it stands, saved or not. */
export type LoadPreview = (tenant: TenantId, state: PageState) => Promise<Previewed>;

export interface LoadPreviewDeps {
  readonly previewDecision: PreviewDecision;
  readonly parseSettings: ParseSettings;
}

export function makeLoadPreview({ previewDecision, parseSettings }: LoadPreviewDeps): LoadPreview {
  return async (tenant, { draft, stored, inputs }) => {
    const document = documentOf(draft, stored.settings, stored.settings.enabled);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) return { kind: "invalid", faults: parsed.faults };
    const query = { tenant, email: inputs.previewEmail, draft: parsed.settings };
    return previewDecision(query);
  };
}
