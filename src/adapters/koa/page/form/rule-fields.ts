import { z } from "zod";
import { defined } from "../../../../domain/defined.ts";
import { MAX_RULES } from "../../../../domain/provisioning-faults.ts";
import type { ProvisioningRule, RuleCondition } from "../../../../domain/settings.ts";
import type { FormAction } from "./fields.ts";

/** The names of the fields of the one rule that is being edited. */
export const RULE_FIELDS = {
  /** Index of the rule; empty if none is being edited. */
  open: "rule-open",
  kind: "rule-kind",
  attribute: "rule-attribute",
  values: "rule-values",
  domains: "rule-domains",
  connections: "rule-connections",
  effect: "rule-effect",
  role: "rule-role",
  groups: "rule-groups",
  organizations: "rule-organizations",
  organizationIds: "rule-organization-ids",
  groupsSearch: "rule-groups-search",
  organizationsSearch: "rule-organizations-search",
} as const;

/** The rules of a form, and which one is being edited. */
export interface EditedRules {
  readonly rules: readonly ProvisioningRule[];
  readonly open: number | undefined;
}

/** Reads the fields of a form. */
interface Fields {
  text(name: string): string;
  all(name: string): readonly string[];
}

/** An ID that may be passed to the host's catalog. */
export const CatalogId: z.ZodString = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u);

const Organizations = z.union([
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({ kind: z.literal("selected"), ids: z.array(CatalogId) }),
]);

/** Rules as they stand in a form, working or not. */
const Rules = z
  .array(
    z.strictObject({
      when: z.union([
        z.strictObject({ attribute: z.string(), anyOf: z.array(z.string()) }),
        z.strictObject({ emailDomain: z.array(z.string()) }),
        z.strictObject({ connection: z.array(z.string()) }),
      ]),
      role: z.string().exactOptional(),
      groups: z.array(CatalogId).exactOptional(),
      organizations: Organizations.exactOptional(),
      refuse: z.literal(true).exactOptional(),
    }),
  )
  .max(MAX_RULES + 1);

/** One text for the same rules, whatever the order of their members. */
export function rulesText(rules: readonly ProvisioningRule[]): string {
  return JSON.stringify(
    rules.map(({ when, role, groups, organizations, refuse }) => ({
      when,
      ...defined({ role, groups, organizations, refuse }),
    })),
  );
}

/** Reads a text of {@link rulesText}; `undefined` for any other text. */
export function readRules(text: string): readonly ProvisioningRule[] | undefined {
  try {
    return Rules.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The rules of values that have been read already. */
export function rulesIn({ rules }: { readonly rules: string }): readonly ProvisioningRule[] {
  return readRules(rules) ?? [];
}

const NEW_RULE: ProvisioningRule = { when: { attribute: "", anyOf: [] } };

/** The rules after what was typed into the open one, and after what the button does. */
export function editedRules(
  posted: readonly ProvisioningRule[],
  fields: Fields,
  { name, argument }: FormAction,
): EditedRules {
  const index = indexOf(fields.text(RULE_FIELDS.open), posted);
  const rules = posted.map((rule, at) => (at === index ? typedRule(fields, rule) : rule));
  const at = indexOf(argument, rules);
  switch (name) {
    case "rule-add":
      return rules.length >= MAX_RULES ? { rules, open: index } : opened([...rules, NEW_RULE]);
    case "rule-edit":
      return { rules, open: at ?? index };
    case "rule-close":
      return { rules, open: undefined };
    case "rule-remove":
      return at === undefined ? { rules, open: index } : without(rules, at, index);
    case "rule-up":
      return at === undefined || at === 0 ? { rules, open: index } : swapped(rules, at - 1, index);
    case "rule-down":
      return at === undefined || at === rules.length - 1
        ? { rules, open: index }
        : swapped(rules, at, index);
    case "rule-use":
      return withValue(rules, index, argument);
    default:
      return { rules, open: index };
  }
}

function opened(rules: readonly ProvisioningRule[]): EditedRules {
  return { rules, open: rules.length - 1 };
}

function without(
  rules: readonly ProvisioningRule[],
  removed: number,
  open: number | undefined,
): EditedRules {
  const left = rules.filter((_, at) => at !== removed);
  if (open === undefined || open === removed) return { rules: left, open: undefined };
  return { rules: left, open: open > removed ? open - 1 : open };
}

/** The rules at `first` and behind it change places; the open one stays open. */
function swapped(
  rules: readonly ProvisioningRule[],
  first: number,
  open: number | undefined,
): EditedRules {
  const pair = rules.slice(first, first + 2).reverse();
  const next = [...rules.slice(0, first), ...pair, ...rules.slice(first + 2)];
  if (open === first) return { rules: next, open: first + 1 };
  return { rules: next, open: open === first + 1 ? first : open };
}

const Offered = z.tuple([z.string(), z.string()]);

/** Adds a value that a test has received to the open rule, or to a new one. */
function withValue(
  rules: readonly ProvisioningRule[],
  open: number | undefined,
  offered: string,
): EditedRules {
  const [attribute, value] = offeredOf(offered);
  if (attribute === undefined || value === undefined) return { rules, open };
  const rule = open === undefined ? undefined : rules[open];
  if (rule === undefined) {
    if (rules.length >= MAX_RULES) return { rules, open };
    return opened([...rules, { when: { attribute, anyOf: [value] } }]);
  }
  const { when } = rule;
  const values = "attribute" in when && when.attribute === attribute ? when.anyOf : [];
  const used = { ...rule, when: { attribute, anyOf: [...new Set([...values, value])] } };
  return { rules: rules.map((one) => (one === rule ? used : one)), open };
}

function offeredOf(text: string): readonly string[] {
  try {
    return Offered.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

/** Lists above this length are kept as they are: the API edits them. */
const MAX_EDITED = 200;

/** The rule as it was typed; `before` without what stands in no field. */
function typedRule(fields: Fields, before: ProvisioningRule): ProvisioningRule {
  const when = typedCondition(fields);
  if (fields.text(RULE_FIELDS.effect) === "refuse") return { when, refuse: true };
  const role = fields.text(RULE_FIELDS.role).trim();
  const { groups: kept = [] } = before;
  const groups = isLong(kept) ? kept : idsIn(fields, RULE_FIELDS.groups);
  const organizations = typedOrganizations(fields, before);
  return {
    when,
    ...(role === "" ? {} : { role }),
    ...(groups.length === 0 ? {} : { groups }),
    ...defined({ organizations }),
  };
}

function typedOrganizations(
  fields: Fields,
  { organizations: before }: ProvisioningRule,
): ProvisioningRule["organizations"] {
  const kind = fields.text(RULE_FIELDS.organizations);
  if (kind === "all") return { kind };
  if (kind !== "selected") return undefined;
  const ids = before?.kind === "selected" ? before.ids : [];
  return { kind, ids: isLong(ids) ? ids : idsIn(fields, RULE_FIELDS.organizationIds) };
}

/** Whether a list is too long to stand in the fields of a form. */
export function isLong(ids: readonly string[]): boolean {
  return ids.length > MAX_EDITED;
}

function typedCondition(fields: Fields): RuleCondition {
  switch (fields.text(RULE_FIELDS.kind)) {
    case "emailDomain":
      return { emailDomain: unique(fields.text(RULE_FIELDS.domains).split(/[\s,;]+/)) };
    case "connection":
      return { connection: unique(fields.all(RULE_FIELDS.connections)) };
    default:
      return {
        attribute: fields.text(RULE_FIELDS.attribute).trim(),
        anyOf: unique(fields.text(RULE_FIELDS.values).split(/\r?\n/)),
      };
  }
}

function idsIn(fields: Fields, name: string): readonly string[] {
  return [...new Set(fields.all(name))].filter((id) => CatalogId.safeParse(id).success);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
}

function indexOf(text: string, rules: readonly unknown[]): number | undefined {
  const index = /^\d{1,3}$/.test(text) ? Number(text) : rules.length;
  return index < rules.length ? index : undefined;
}
