/** The namespaces of SAML 2.0 and what it builds on, by their customary prefixes. */
export const NAMESPACES = {
  saml: "urn:oasis:names:tc:SAML:2.0:assertion",
  samlp: "urn:oasis:names:tc:SAML:2.0:protocol",
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
  xenc: "http://www.w3.org/2001/04/xmlenc#",
  xenc11: "http://www.w3.org/2009/xmlenc11#",
  ec: "http://www.w3.org/2001/10/xml-exc-c14n#",
  xsi: "http://www.w3.org/2001/XMLSchema-instance",
  xs: "http://www.w3.org/2001/XMLSchema",
} as const;

/** Attributes of an element; those that are `undefined` are left out. */
export type XmlAttributes = Readonly<Record<string, string | undefined>>;

/**
 * An element in canonical form (Canonical XML section 2.3): namespace declarations first, then
 * attributes without a prefix, then those with one, each by name; no empty-element tag.
 *
 * @param children canonical XML already: escape texts with {@link text}.
 */
export function element(
  name: string,
  attributes: XmlAttributes,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]))
    .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ` ${key}="${attributeText(value)}"`)
    .join("");
  return `<${name}${written}>${children.join("")}</${name}>`;
}

/** Character data in canonical form. */
export function text(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#xD;");
}

function attributeText(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#x9;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\r", "&#xD;");
}

function rank(name: string): number {
  if (name === "xmlns") return 0;
  if (name.startsWith("xmlns:")) return 1;
  return name.includes(":") ? 3 : 2;
}
