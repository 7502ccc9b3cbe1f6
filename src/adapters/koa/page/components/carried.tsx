import type { VNode } from "preact";
import { CHOICES, FIELDS, type Field, keysOf, type Values } from "../form/fields.ts";
import { rolesIn } from "../form/form-state.ts";
import { sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";
import { Remembered } from "./list-field.tsx";

/**
 * What the form holds and the screen does not show, in hidden fields: every post contains all
 * settings, so a screen can be left and nothing that was typed is lost.
 */
export function Carried({ view }: { readonly view: PageView }): VNode {
  const { draft, inputs, sections } = view;
  const { values } = draft;
  const isShown = (name: string) => {
    const section = sectionOf(name);
    return section !== undefined && sections.has(section);
  };
  const carried = keysOf(FIELDS).filter((field) => !isShown(FIELDS[field]));
  return (
    <>
      <input type="hidden" name="shown" value={draft.connection} />
      <input type="hidden" name="base" value={JSON.stringify(draft.base)} />
      {/* A tick is for the roles that it was shown with, and for no others. */}
      <Hidden
        name="confirmed-roles"
        value={JSON.stringify(values.privilegedRoleConfirmed ? [...rolesIn(values)] : [])}
      />
      {carried.flatMap((field) =>
        textsOf(values, field).map((value) => <Hidden name={FIELDS[field]} value={value} />),
      )}
      {keysOf(CHOICES)
        .filter((choice) => !isShown(CHOICES[choice]))
        .map((choice) => (
          <Remembered choice={choice} changes={draft.changes[choice]} on={[]} off={[]} />
        ))}
      {!sections.has("connections") && (
        <Hidden name="new-connection" value={inputs.newConnection} />
      )}
      {!sections.has("proven-domains") && <Hidden name="new-domain" value={inputs.newDomain} />}
      {!sections.has("connection") && <Hidden name="metadata" value={inputs.metadata} />}
      {!sections.has("email") && !sections.has("guide") && (
        <Hidden name="preset" value={inputs.preset} />
      )}
      {!sections.has("test") && (
        <>
          <Hidden name="preview-email" value={inputs.previewEmail} />
          <Hidden name="preview-attributes" value={inputs.previewAttributes} />
          <Hidden name="test" value={view.test?.id ?? ""} />
          <Hidden name="untested" value={inputs.untested ? "1" : ""} />
        </>
      )}
    </>
  );
}

/** A hidden field; what is empty needs none. */
function Hidden({ name, value }: { readonly name: string; readonly value: string }): VNode | null {
  return value === "" ? null : <input type="hidden" name={name} value={value} />;
}

/** The values under which a field is posted. */
function textsOf(values: Values, field: Field): readonly string[] {
  const value = values[field];
  if (typeof value === "boolean") return value ? ["1"] : [];
  if (typeof value === "string") return [value];
  return REPEATED.has(field) ? value : [value.join("\n")];
}

/** Lists with a field for each entry. */
const REPEATED: ReadonlySet<Field> = new Set(["certificates", "weakAlgorithms"]);
