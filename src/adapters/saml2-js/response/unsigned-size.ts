import { refuse } from "../rejection-error.ts";
import { descendants, type XmlElement } from "../xml/tree.ts";

const MAX_ELEMENTS = 128;
const MAX_ATTRIBUTES = 256;
/** A chain of ten certificates fits. */
const MAX_CHARACTERS = 24 * 1024;

/**
 * What no signature covers may be little only. Anybody who has one valid assertion of their own can
 * stuff what is around it, and the second reading costs many times what the first does.
 *
 * @param covered the part of `element` that is bounded otherwise.
 * @throws RejectionError `xml-too-complex`.
 */
export function requireLittleUnsigned(element: XmlElement, covered?: XmlElement): void {
  const found = [element];
  let attributes = 0;
  let characters = 0;
  for (const one of found) {
    attributes += one.attributes.length + one.declarations.size;
    characters += one.prefix.length + one.local.length;
    for (const { local, value } of one.attributes) characters += local.length + value.length;
    for (const [prefix, namespace] of one.declarations) {
      characters += prefix.length + namespace.length;
    }
    for (const child of one.children) {
      if (typeof child === "string") characters += child.length;
      else if (child !== covered) found.push(child);
    }
    if (found.length > MAX_ELEMENTS || attributes > MAX_ATTRIBUTES || characters > MAX_CHARACTERS) {
      refuse("xml-too-complex", `too much unsigned content in ${element.local}`);
    }
  }
}

const MAX_PADDING_CHARACTERS = 16 * 1024;
/** `<`, `>`, `</`, `>`. */
const TAG_CHARACTERS = 5;
/** A space, `=`, two quotes. */
const ATTRIBUTE_CHARACTERS = 4;
/** `&quot;` for one character. */
const REFERENCE_CHARACTERS = 5;

/**
 * White space inside tags means nothing, and no signature covers it: there may be little of it,
 * for the same reason.
 *
 * @throws RejectionError `xml-too-complex`.
 */
export function requireLittlePadding(text: string, root: XmlElement): void {
  let meaning = 0;
  for (const element of descendants(root)) {
    meaning += 2 * (element.prefix.length + element.local.length + 1) + TAG_CHARACTERS;
    for (const { prefix, local, value } of element.attributes) {
      meaning += prefix.length + local.length + 1 + value.length + ATTRIBUTE_CHARACTERS;
    }
    for (const [prefix, namespace] of element.declarations) {
      meaning += "xmlns:".length + prefix.length + namespace.length + ATTRIBUTE_CHARACTERS;
    }
    for (const child of element.children) if (typeof child === "string") meaning += child.length;
  }
  const references = text.split("&").length - 1;
  if (text.length > meaning + references * REFERENCE_CHARACTERS + MAX_PADDING_CHARACTERS) {
    refuse("xml-too-complex", "too much white space inside tags");
  }
}
