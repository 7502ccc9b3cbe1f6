import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";
import type { Field, Values } from "./fields.ts";

const MAX_SHOWN = 300;

/** Display text of a field's value. */
export function shownValue(
  values: Values,
  field: Field,
  { texts, roles }: Pick<PageView, "texts" | "roles">,
): string {
  const value = values[field];
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  const text = typeof value === "string" ? value : value.join(", ");
  if (text === "") return texts.none;
  const isRole = field === "role" || field === "liteRole";
  const words = isRole
    ? roles?.find(({ id }) => id === text)?.name
    : optionsOf(field, texts)?.get(text);
  const shown = words ?? text;
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}

function optionsOf(
  field: Field,
  { attributes, newUsers }: PageTexts,
): ReadonlyMap<string, string> | undefined {
  switch (field) {
    case "emailSource":
      return new Map([
        ["automatic", attributes.automatic],
        ["attribute", attributes.attribute],
        ["name-id", attributes.nameId],
      ]);
    case "organizations":
      return new Map([
        ["all", newUsers.all],
        ["selected", newUsers.selected],
      ]);
    case "whenLicensesRunOut":
      return new Map([
        ["deny", newUsers.runOutDeny],
        ["allow", newUsers.runOutAllow],
        ["lite", newUsers.runOutLite],
      ]);
    default:
      return undefined;
  }
}
