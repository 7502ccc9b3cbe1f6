import type { ReadCatalog } from "../../../application/catalog.ts";
import type {
  ListReceivedValues,
  ReceivedValue,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { NamedAccess } from "../../../domain/access.ts";
import type { ProvisioningRule } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { CHOICES, type Choice, mapped } from "./form/fields.ts";
import type { PostedForm } from "./form/read-form.ts";
import { isLong, rulesIn } from "./form/rule-fields.ts";

/** Rules of the form, with what the host calls what they give. */
export interface RulesView {
  readonly rules: readonly ProvisioningRule[];
  /** Names of groups and organizations by ID, as far as they are shown. */
  readonly names: Readonly<Record<Choice, ReadonlyMap<string, string>>>;
  /** What may be added to the open rule. */
  readonly found: Readonly<Record<Choice, readonly NamedAccess[]>>;
  /** What the latest test sign-ins received. */
  readonly received: readonly ReceivedValue[];
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
  const of = async (choice: Choice) => {
    const [named, found] = await Promise.all([
      readCatalog.byIds(tenant, choice, shown(choice)),
      open === undefined
        ? { items: [] }
        : readCatalog.page({
            tenant,
            list: choice,
            search: inputs.ruleSearch[choice],
            limit: MOST_FOUND,
          }),
    ]);
    return { names: new Map(named.map(({ id, name }) => [id, name])), found: found.items };
  };
  const [groups, organizations, received] = await Promise.all([
    of("groups"),
    of("organizations"),
    listReceivedValues(tenant),
  ]);
  const both = { groups, organizations };
  return {
    rules,
    names: mapped(CHOICES, (choice) => both[choice].names),
    found: mapped(CHOICES, (choice) => both[choice].found),
    received,
  };
}

/** The groups or organizations that a rule names. */
export function idsOf(
  { groups = [], organizations }: ProvisioningRule,
  choice: Choice,
): readonly string[] {
  if (choice === "groups") return groups;
  return organizations?.kind === "selected" ? organizations.ids : [];
}
