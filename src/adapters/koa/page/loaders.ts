import type { PageAudit } from "../../../application/audit/audit.ts";
import type { ReadCatalog } from "../../../application/catalog.ts";
import type { PreviewDecision, Previewed } from "../../../application/settings/preview-decision.ts";
import {
  type FindTested,
  type ListReceivedValues,
  testsOf,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { Actor } from "../../../domain/audit.ts";
import type { AssertedAttribute } from "../../../domain/email-identity.ts";
import type { ProvisioningRule } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { connectionsToTest } from "../../../domain/test-sign-in.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import { type Choice, keysOf } from "./form/fields.ts";
import { documentOf, isEdited } from "./form/form-state.ts";
import type { PostedForm } from "./form/read-form.ts";
import { isLong, rulesIn } from "./form/rule-fields.ts";
import type { OtherChange, OtherField, PageState, Proof, RulesView } from "./view.ts";

/** Whether what stands in the form could be switched on, or kept on, without a test sign-in. */
export type LoadProof = (tenant: TenantId, state: PageState) => Promise<Proof>;

export function makeLoadProof({
  parseSettings,
  findTested,
}: {
  readonly parseSettings: ParseSettings;
  readonly findTested: FindTested;
}): LoadProof {
  return async (tenant, { draft, stored: { settings } }) => {
    if (settings.enabled && !isEdited(draft)) return { kind: "not-needed" };
    const parsed = await parseSettings(tenant, documentOf(draft, settings, true));
    // What would not work cannot be tested either.
    if (!parsed.ok) return { kind: "untested" };
    const toTest = connectionsToTest(settings, parsed.settings);
    if (toTest.length === 0) return { kind: "not-needed" };
    const found = await testsOf(findTested, tenant, parsed.settings, toTest);
    return found.tested ? { kind: "tested", by: found.by, at: found.at } : { kind: "untested" };
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

/** What the audit trail calls them. */
const PATHS: Readonly<Record<OtherField, string>> = {
  enabled: "enabled",
  groups: "autoProvisioning.groups",
  organizations: "autoProvisioning.organizations.ids",
};

/** Maximum number of saves to search. */
const SAVES = 20;

/** What was changed of {@link OtherField} since `version`, newest first. */
export async function loadOtherChanges(query: {
  readonly pageAudit: PageAudit;
  readonly tenant: TenantId;
  readonly version: number;
}): Promise<readonly OtherChange[]> {
  const { pageAudit, tenant, version } = query;
  const { entries } = await pageAudit({
    tenant,
    filter: { outcomes: ["settings-saved"] },
    limit: SAVES,
    named: true,
  });
  return entries
    .filter(({ detail }) => Number(detail["version"]) > version)
    .flatMap(({ detail }) =>
      OTHER_FIELDS.flatMap((what) => {
        const change = detail[PATHS[what]];
        return change === undefined ? [] : [{ what, change }];
      }),
    );
}

const OTHER_FIELDS = keysOf(PATHS);

/**
 * Names of administrators by their IDs: what the host's catalog calls them, or the name with which they
 * are here or have saved lately.
 */
export async function loadAdministrators(
  { readCatalog, pageAudit }: { readonly readCatalog: ReadCatalog; readonly pageAudit: PageAudit },
  tenant: TenantId,
  ids: readonly string[],
  self: Actor,
): Promise<ReadonlyMap<string, string>> {
  const { administrators } = await readCatalog.names(tenant, { administrators: ids });
  const known = new Map(administrators);
  const learn = (id: string | undefined, name: string | undefined) => {
    if (id !== undefined && name !== undefined && !known.has(id)) known.set(id, name);
  };
  learn(self.id, self.name);
  if (ids.every((id) => known.has(id))) return known;
  const filter = { outcomes: ["settings-saved" as const] };
  const { entries } = await pageAudit({ tenant, filter, limit: SAVES });
  for (const { actor, detail } of entries) learn(actor, detail["actorName"]);
  return known;
}

const MOST_FOUND = 20;
/** Maximum number of groups or organizations of a closed rule that are called by their names. */
const MOST_NAMED = 5;

/** Reads what the host calls the groups and organizations of the rules in the form. */
export async function loadRules(
  {
    readCatalog,
    listReceivedValues,
  }: { readonly readCatalog: ReadCatalog; readonly listReceivedValues: ListReceivedValues },
  tenant: TenantId,
  { draft, inputs }: Pick<PostedForm, "draft" | "inputs">,
): Promise<RulesView> {
  const rules = rulesIn(draft.values);
  const open = inputs.openRule;
  const shown = (choice: Choice) =>
    rules.flatMap((rule, index) => {
      const ids = idsOf(rule, choice);
      return index === open && !isLong(ids) ? ids : ids.slice(0, MOST_NAMED);
    });
  const find = async (list: Choice) => {
    if (open === undefined) return [];
    const query = { tenant, list, search: inputs.ruleSearch[list], limit: MOST_FOUND };
    return (await readCatalog.page(query)).items;
  };
  const [names, groups, organizations, received] = await Promise.all([
    readCatalog.names(tenant, { groups: shown("groups"), organizations: shown("organizations") }),
    find("groups"),
    find("organizations"),
    listReceivedValues(tenant),
  ]);
  return { rules, names, found: { groups, organizations }, received };
}

/** The groups or organizations that a rule names. */
export function idsOf(
  { groups = [], organizations }: ProvisioningRule,
  choice: Choice,
): readonly string[] {
  if (choice === "groups") return groups;
  return organizations?.kind === "selected" ? organizations.ids : [];
}
