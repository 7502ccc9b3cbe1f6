import type { ProvisioningRule, RuleCondition } from "../../../../domain/settings.ts";
import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";
import type { Field, Values } from "./fields.ts";
import { rulesIn } from "./rule-fields.ts";

const MAX_SHOWN = 300;

/** Display text of a field's value. */
export function shownValue(
  values: Values,
  field: Field,
  { texts, roles }: Pick<PageView, "texts" | "roles">,
): string {
  if (field === "rules") return shownRules(rulesIn(values), texts, roles);
  const value = values[field];
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  const text = typeof value === "string" ? value : value.join(", ");
  if (text === "") return texts.none;
  const isRole = field === "role" || field === "liteRole";
  const words = isRole ? roles?.find(({ id }) => id === text)?.name : optionOf(field, text, texts);
  return cut(words ?? text);
}

function shownRules(
  rules: readonly ProvisioningRule[],
  texts: PageTexts,
  roles: PageView["roles"],
): string {
  if (rules.length === 0) return texts.none;
  const names = new Map(roles?.map(({ id, name }) => [id, name]));
  return cut(rules.map((rule) => ruleSummary(rule, texts, names)).join("; "));
}

const MOST_NAMED = 5;

/** A rule in a line; `names` of roles, groups and organizations by ID. */
export function ruleSummary(
  { when, role, groups = [], organizations, refuse }: ProvisioningRule,
  { rules: t }: PageTexts,
  names: ReadonlyMap<string, string>,
): string {
  const called = (ids: readonly string[]) =>
    some(
      ids.map((id) => names.get(id) ?? id),
      ", ",
    );
  const selected = organizations?.kind === "selected" ? organizations.ids : [];
  const gives = [
    ...(refuse === true ? [t.gives.refusal] : []),
    ...(role === undefined ? [] : [t.gives.role(called([role]))]),
    ...(groups.length === 0 ? [] : [t.gives.groups(called(groups))]),
    ...(selected.length === 0 ? [] : [t.gives.organizations(called(selected))]),
    ...(organizations?.kind === "all" ? [t.gives.all] : []),
  ];
  const given = gives.length === 0 ? t.gives.nothing : gives.join(", ");
  return `${conditionSummary(when, t)} → ${given}`;
}

function conditionSummary(when: RuleCondition, t: PageTexts["rules"]): string {
  if ("attribute" in when) return t.is(when.attribute || "?", some(when.anyOf, t.or) || "?");
  return "emailDomain" in when
    ? t.is(t.emailDomain, some(when.emailDomain, t.or) || "?")
    : t.is(t.connection, some(when.connection, t.or) || "?");
}

function some(texts: readonly string[], separator: string): string {
  const first = texts.slice(0, MOST_NAMED).join(separator);
  return texts.length > MOST_NAMED ? `${first}${separator}…` : first;
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function optionOf(field: Field, value: string, { options }: PageTexts): string | undefined {
  const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = options;
  return Object.entries(fields[field] ?? {}).find(([option]) => option === value)?.[1];
}
