import { expect } from "chai";
import type { ResponseOptions } from "../../../../src/testing/signing-idp.ts";

/** Changes XML. */
export type Edit = (xml: string) => string;

/** Replaces what `pattern` finds; finding nothing is a mistake of the test. */
export function swap(pattern: RegExp | string, replacement: string): Edit {
  return (xml) => {
    const changed = xml.replace(pattern, () => replacement);
    expect(changed, `no ${pattern} in the document`).not.to.equal(xml);
    return changed;
  };
}

/** All of them, one after the other. */
export function all(...edits: readonly Edit[]): Edit {
  return (xml) => edits.reduce((text, edit) => edit(text), xml);
}

/** Sets an attribute of the first element of this name, before anything is signed. */
export function setAttribute(element: string, name: string, value: string): Edit {
  return (xml) =>
    xml.replace(new RegExp(`<${element}\\b[^>]*>`), (tag) => {
      const rest = tag.replace(new RegExp(` ${name}="[^"]*"`), "").replace(/>$/, "");
      // Canonical order: declarations, then attributes by name.
      const [head = "", ...attributes] = rest.split(/ (?=[\w:]+=")/);
      const declarations = attributes.filter((one) => one.startsWith("xmlns"));
      const others = attributes.filter((one) => !one.startsWith("xmlns"));
      const sorted = [...others, `${name}="${value}"`].sort();
      return `${[head, ...declarations, ...sorted].join(" ")}>`;
    });
}

/** Changes the assertion before it is signed. */
export function inAssertion(...edits: readonly Edit[]): Pick<ResponseOptions, "edit"> {
  return { edit: { assertion: all(...edits) } };
}

/** Changes the response before it is signed. */
export function inResponse(...edits: readonly Edit[]): Pick<ResponseOptions, "edit"> {
  return { edit: { response: all(...edits) } };
}
