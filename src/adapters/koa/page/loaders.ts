import type { PreviewDecision, Previewed } from "../../../application/settings/preview-decision.ts";
import { type FindTested, testsOf } from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { AssertedAttribute } from "../../../domain/email-identity.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { connectionsToTest } from "../../../domain/test-sign-in.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import { documentOf, isEdited } from "./form/form-state.ts";
import type { PageState, Proof } from "./view.ts";

/** Finds the {@link Proof} of settings that are to be saved over others. */
export type FindProof = (tenant: TenantId, stored: Settings, next: Settings) => Promise<Proof>;

export function makeFindProof({ findTested }: { readonly findTested: FindTested }): FindProof {
  return async (tenant, stored, next) => {
    const toTest = connectionsToTest(stored, next);
    if (toTest.length === 0) return { kind: "not-needed" };
    const found = await testsOf(findTested, tenant, next, toTest);
    return found.tested ? { kind: "tested", by: found.by, at: found.at } : { kind: "untested" };
  };
}

/** Whether what stands in the form could be switched on, or kept on, without a test sign-in. */
export type LoadProof = (tenant: TenantId, state: PageState) => Promise<Proof>;

export function makeLoadProof({
  parseSettings,
  findProof,
}: {
  readonly parseSettings: ParseSettings;
  readonly findProof: FindProof;
}): LoadProof {
  return async (tenant, { draft, stored: { settings } }) => {
    if (settings.enabled && !isEdited(draft)) return { kind: "not-needed" };
    const parsed = await parseSettings(tenant, documentOf(draft, settings, true));
    // What would not work cannot be tested either.
    return parsed.ok ? findProof(tenant, settings, parsed.settings) : { kind: "untested" };
  };
}

/** Decides for an address as a sign-in would, by the form as it stands, saved or not. */
export type LoadPreview = (tenant: TenantId, state: PageState) => Promise<Previewed>;

export function makeLoadPreview({
  previewDecision,
  parseSettings,
}: {
  readonly previewDecision: PreviewDecision;
  readonly parseSettings: ParseSettings;
}): LoadPreview {
  return async (tenant, { draft, stored, inputs }) => {
    const document = documentOf(draft, stored.settings, stored.settings.enabled);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) return { kind: "invalid", faults: parsed.faults };
    return previewDecision({
      tenant,
      email: inputs.previewEmail,
      attributes: typedAttributes(inputs.previewAttributes),
      draft: parsed.settings,
      connection: draft.connection,
    });
  };
}

/** Attributes from lines of `name=value`; a name may stand in several. */
function typedAttributes(text: string): readonly AssertedAttribute[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf("=");
    return at < 0 ? [] : [{ name: line.slice(0, at).trim(), values: [line.slice(at + 1).trim()] }];
  });
}
