import { defined } from "../../../../domain/defined.ts";
import { pathInOneConnection } from "../../../../domain/one-connection.ts";
import type { SettingsFault } from "../../../../domain/settings-rules.ts";
import { SECTIONS } from "../screens.ts";
import { inWords, type PageTexts } from "../texts.ts";
import { CHOICES, FIELDS, keysOf } from "./fields.ts";

/** A fault or a warning where it belongs on the page. */
export interface FieldFault {
  /** The name of the field. */
  readonly field: string;
  /** Which entry of a list. */
  readonly index?: number;
  /** The ID of the element to go to. */
  readonly anchor: string;
  readonly text: string;
}

/** Places for faults that are no single field's. */
const NO_FIELDS: readonly string[] = ["untested", "profile", ...SECTIONS];

/** The longest first: `autoProvisioning-role` before `autoProvisioning`. */
const PLACES: readonly string[] = [
  ...Object.values(FIELDS),
  ...Object.values(FIELDS).map((field) => `resolve-${field}`),
  ...Object.values(CHOICES),
  ...NO_FIELDS,
].sort((a, b) => b.length - a.length);

function placeOf(name: string): string | undefined {
  return PLACES.find((place) => name === place || name.startsWith(`${place}-`));
}

/** Lists whose entries have elements of their own. */
const ENTRIES: ReadonlySet<string> = new Set([FIELDS.certificates, FIELDS.rules]);

/** Says of each fault at which field it is, in the host's words where it has any. */
export function locateFaults(
  faults: readonly SettingsFault[],
  texts: PageTexts,
  /** Index of the connection in the form. */
  shown = 0,
): readonly FieldFault[] {
  return faults.map((fault) => {
    const path = pathInOneConnection(fault.path, shown);
    const name = path.join("-");
    const field = placeOf(name) ?? "settings";
    const numbers = path.filter((step) => typeof step === "number");
    // A rule is one entry, whatever is at fault in it.
    const index = field === FIELDS.rules ? numbers[0] : numbers.at(-1);
    return {
      field,
      ...defined({ index }),
      anchor: ENTRIES.has(field) && index !== undefined ? `${field}-${index}` : field,
      text: inWords(fault, texts),
    };
  });
}

/** Those of one field. */
export function faultsAt(
  faults: readonly FieldFault[],
  field: string,
  index?: number,
): readonly FieldFault[] {
  return faults.filter((fault) => fault.field === field && fault.index === index);
}

/** A fault with the name of its field before it, for where it stands elsewhere. */
export function named({ field, index, text }: FieldFault, texts: PageTexts): string {
  const name = nameOf(field, index, texts);
  return name === undefined ? text : `${name}: ${text}`;
}

function nameOf(field: string, index: number | undefined, texts: PageTexts): string | undefined {
  if (field === FIELDS.certificates && index !== undefined) {
    return texts.identityProvider.certificate(index + 1);
  }
  if (field === FIELDS.rules && index !== undefined) return texts.rules.rule(index + 1);
  const known = keysOf(FIELDS).find(
    (key) => field === FIELDS[key] || field === `resolve-${FIELDS[key]}`,
  );
  if (known !== undefined) return texts.fields[known];
  const choice = keysOf(CHOICES).find((key) => field === CHOICES[key]);
  return choice === undefined ? undefined : texts.newUsers[choice];
}

/** What a detail of an audit entry is called: that of a setting like its field. */
export function detailLabel(
  name: string,
  texts: PageTexts,
  /** Names of the connections by ID. */
  connections: ReadonlyMap<string, string>,
): string {
  const labels: Readonly<Record<string, string>> = { ...texts.fields, ...texts.activity.labels };
  if (Object.hasOwn(labels, name)) return labels[name] ?? name;
  const [first, connection, ...rest] = name.split(".");
  const isOfConnection = first === "connections" && connection !== undefined;
  const path = isOfConnection ? ["connections", 0, ...rest] : name.split(".");
  const place = placeOf(pathInOneConnection(path).join("-"));
  const label = place === undefined ? undefined : nameOf(place, undefined, texts);
  if (label === undefined) return name;
  return isOfConnection ? `${connections.get(connection) ?? connection}: ${label}` : label;
}
