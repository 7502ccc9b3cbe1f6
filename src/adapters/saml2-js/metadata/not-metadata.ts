import { quote } from "../rejection-error.ts";
import { NS } from "../xml/names.ts";
import { attributeOf, childrenNamed, descendants, isNamed, type XmlElement } from "../xml/tree.ts";

const WEB_PAGE =
  "this is a web page, such as a sign-in page, not metadata: sign in there first, or download the file";
const BROWSER_VIEW =
  "this is a browser's view of the metadata, not its text: save the file and import that, or copy from the page's source";
const CERTIFICATE =
  "this is a certificate, not metadata: enter it under the signing certificates of the identity provider";

/** What people paste instead of metadata, by how it begins. */
const OTHER_THINGS: readonly (readonly [begins: RegExp, detail: string])[] = [
  [/^$/, "there is no text: import the metadata as a file, or paste its XML"],
  [
    /^(?:https?:\/\/|www\.)\S*$/i,
    "this is a web address: if the metadata is there, open it in a browser, save the file and import that",
  ],
  [/^(?:file:|[a-z]:\\|\/)/i, "this is the name of a file: open the file and paste its content"],
  [/^<(?:!doctype\s+html|html|head|body|title|meta|script)\b/i, WEB_PAGE],
  [/^This XML file does not appear to have any style information/i, BROWSER_VIEW],
  [/^[-\u2013\u2212+\u25b6\u25b8\u25bc\u25be]\s?</, BROWSER_VIEW],
  [/^&lt;/, "this is escaped XML: paste the text in which tags begin with <"],
  [/^[[{]/, "this is JSON, not SAML metadata: OpenID Connect settings do not work for SAML"],
  [
    /^-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
    "this is a private key: nobody needs it here, so replace it wherever it is in use",
  ],
  [
    /^-----BEGIN PUBLIC KEY-----/,
    "this is a public key, not metadata: ask for the certificate or the metadata",
  ],
  [/^-----BEGIN [A-Z ]{1,40}-----/, CERTIFICATE],
  [/^MI[A-Za-z0-9+/]{60}/, CERTIFICATE],
  [/^P[A-Za-z0-9+/]{60}/, "this is XML in Base64: decode it first"],
  [/^[^<]/, "this is not XML: import the metadata as a file, or paste its XML from < to >"],
];

/** As much of a text as says what it is. */
const BEGINNING = 4096;

/** Names what was pasted instead of metadata; `undefined` if it may be metadata. */
export function otherThing(text: string): string | undefined {
  const begins = withoutProlog(text.slice(0, BEGINNING));
  return OTHER_THINGS.find(([pattern]) => pattern.test(begins))?.[1];
}

/** Web pages and browsers' views have XML declarations and comments, too. */
function withoutProlog(text: string): string {
  let rest = text;
  for (;;) {
    const end = rest.startsWith("<?") ? "?>" : rest.startsWith("<!--") ? "-->" : undefined;
    const at = end === undefined ? -1 : rest.indexOf(end);
    if (end === undefined || at === -1) return rest;
    rest = rest.slice(at + end.length).trimStart();
  }
}

/** Names an XML document that is no metadata. */
export function otherDocument(root: XmlElement): string {
  if (root.namespace === "http://www.w3.org/1999/xhtml") return WEB_PAGE;
  return root.namespace === NS.samlp || root.namespace === NS.saml
    ? `this is a SAML message (${quote(root.local)}), not metadata`
    : `this is not SAML metadata: its root is ${quote(root.local)}, not EntityDescriptor`;
}

/** Names metadata that describes no identity provider of SAML 2.0. */
export function withoutIdentityProvider(root: XmlElement): string {
  const entities = descendants(root).filter((e) => isNamed(e, NS.md, "EntityDescriptor"));
  const has = (role: string) => entities.find((e) => childrenNamed(e, NS.md, role).length > 0);
  const none = "the metadata describes no SAML 2.0 identity provider";
  const old = has("IDPSSODescriptor");
  if (old !== undefined) {
    return `${none}: ${quote(attributeOf(old, "entityID"))} supports other versions only`;
  }
  const service = has("SPSSODescriptor");
  return service === undefined
    ? none
    : `${none}, but a service provider, ${quote(attributeOf(service, "entityID"))}: import the identity provider's; this service's own belongs there`;
}
