import type { ReadCatalog } from "../../../application/catalog.ts";
import type { TestSignInRead } from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { NamedAccess } from "../../../domain/access.ts";
import type { ProvisioningRule } from "../../../domain/settings.ts";
import { MAX_ATTRIBUTE_NAME_LENGTH } from "../../../domain/settings-fault.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { CHOICES, type Choice, mapped } from "./form/fields.ts";
import { isLong, rulesIn } from "./form/rules.ts";
import type { PageState } from "./page-state.ts";

/** An attribute value that a test sign-in received. */
export interface OfferedValue {
  readonly attribute: string;
  readonly value: string;
}

/** Rules of the form, with what the host calls what they give. */
export interface RulesView {
  readonly rules: readonly ProvisioningRule[];
  /** Names of groups and organizations by ID, as far as they are shown. */
  readonly names: Readonly<Record<Choice, ReadonlyMap<string, string>>>;
  /** What may be added to the open rule. */
  readonly found: Readonly<Record<Choice, readonly NamedAccess[]>>;
}

const MOST_FOUND = 20;
/** Maximum number of groups or organizations of a closed rule that are called by their names. */
const MOST_NAMED = 5;

/** Reads what the host calls the groups and organizations of the rules in the form. */
export async function loadRules(
  readCatalog: ReadCatalog,
  tenant: TenantId,
  { draft, inputs }: PageState,
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
  const [groups, organizations] = await Promise.all([of("groups"), of("organizations")]);
  const both = { groups, organizations };
  return {
    rules,
    names: mapped(CHOICES, (choice) => both[choice].names),
    found: mapped(CHOICES, (choice) => both[choice].found),
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

const MOST_OFFERED = 100;

/** What the test of this form received, but for texts that were shortened. */
export function offeredValues(test: TestSignInRead | undefined): readonly OfferedValue[] {
  const result = test?.result;
  if (result?.kind !== "verified" || result.received === undefined) return [];
  return result.received.attributes.first
    .flatMap(({ name, values }) => values.first.map((value) => ({ attribute: name, value })))
    .filter(({ attribute, value }) => isWhole(attribute) && isWhole(value))
    .slice(0, MOST_OFFERED);
}

function isWhole(text: string): boolean {
  return text.trim() !== "" && text.length < MAX_ATTRIBUTE_NAME_LENGTH;
}
