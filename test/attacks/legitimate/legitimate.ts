import { type Flow, posting, type Sending } from "../support/attack.ts";
import { type Base, build, type Edit, type Stages, swap } from "../support/build.ts";
import { MALLORY } from "../support/parties.ts";

/** A response that an identity provider may send, and that must be taken. */
export interface Legitimate extends Sending {
  /** Whom it signs in. */
  readonly email: string;
}

/** What may be said of a legitimate response besides its making. */
export type LegitimateOptions = Partial<Omit<Legitimate, "name" | "request">>;

/** One legitimate response for each of `bases`. */
export function taken(
  name: string,
  stages: Stages | ((flow: Flow) => Stages),
  bases: readonly Base[] = ["assertion", "response", "both"],
  options: LegitimateOptions = {},
): readonly Legitimate[] {
  return bases.map((base) => ({
    email: MALLORY,
    ...options,
    name: `${name} [${base}]`,
    request: (flow) =>
      posting(build(base, typeof stages === "function" ? stages(flow) : stages, flow.requestId)),
  }));
}

/** Changes what canonicalization does away with, once everything is signed. */
export function written(edit: Edit): Stages {
  return { sent: edit };
}

/** Renames a namespace prefix; the default namespace when `to` is empty. */
export function prefixed(from: string, to: string): Edit {
  const name = to === "" ? "" : `${to}:`;
  const declaration = to === "" ? "xmlns=" : `xmlns:${to}=`;
  return (xml) =>
    xml
      .replaceAll(`<${from}:`, `<${name}`)
      .replaceAll(`</${from}:`, `</${name}`)
      .replaceAll(`xmlns:${from}=`, declaration);
}

/** Puts `attributes` on the first element of this name. */
export function onElement(name: string, attributes: string): Edit {
  return swap(new RegExp(`<${name}(?=[ >])`), `<${name} ${attributes}`);
}
