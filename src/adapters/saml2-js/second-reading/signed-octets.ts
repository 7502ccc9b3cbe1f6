import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import type { SignedResponse, VerifiedSignature } from "../response/signed-response.ts";
import { NS, STATUS_SUCCESS } from "../xml/names.ts";
import type { Scope, XmlElement } from "../xml/tree.ts";
import { escapeAttribute, withLineEndReferences } from "../xml/write-xml.ts";
import { isDecryptedBySaml2Js, isReadBySaml2Js, OWN_PREFIX } from "./verifiable-part.ts";

/** Octets that were digested or decrypted, and our reading of them. */
export interface Octets {
  /** The octets alone, or in a response of ours. */
  readonly text: string;
  readonly isWrapped: boolean;
  readonly element: XmlElement;
  /** Absent for decrypted octets whose ciphertext is what was signed. */
  readonly signature?: VerifiedSignature;
}

/** What saml2-js can read without verifying it. */
export interface ReadablePart {
  /** Contains the octets from which the identity is read. */
  readonly text: string;
  /** The key with which saml2-js must decrypt. */
  readonly openedWith: ServiceProviderKey | undefined;
  /** Everything that was read of the response. */
  readonly octets: readonly Octets[];
}

/**
 * The very octets whose digest was verified, not a text written from our tree. Around an assertion
 * stands a response of ours, because saml2-js reads nothing else.
 */
export function readablePart(signed: SignedResponse): ReadablePart {
  const { original, assertion, encryption, signatures } = signed;
  const header = headerOf(signatures.find(isOfResponse)?.content ?? original.shape.root);
  const octetsOf = (signature: VerifiedSignature): Octets => {
    const { content: element, canonical } = signature;
    return isOfResponse(signature)
      ? { text: withLineEndReferences(canonical), isWrapped: false, element, signature }
      : { text: inResponse(canonical, header), isWrapped: true, element, signature };
  };
  const [first, ...more] = signatures;
  const nearest = octetsOf(first);
  const octets = [nearest, ...more.map(octetsOf)];
  if (encryption === undefined || !isOfResponse(first)) {
    return { text: nearest.text, openedWith: undefined, octets };
  }
  const { text, borrowed } = encryption.plaintext;
  const inside = inResponse(bare(text), header + declarationsOf(borrowed));
  const all = [...octets, { text: inside, isWrapped: true, element: assertion }];
  return isDecryptedBySaml2Js(encryption)
    ? { text: nearest.text, openedWith: encryption.openedWith, octets: all }
    : { text: inside, openedWith: undefined, octets: all };
}

function isOfResponse({ content }: VerifiedSignature): boolean {
  return content.local === "Response";
}

function headerOf(root: XmlElement): string {
  return root.attributes
    .filter(isReadBySaml2Js)
    .map(({ local, value }) => ` ${local}="${escapeAttribute(value)}"`)
    .join("");
}

function inResponse(content: string, attributes: string): string {
  const name = (local: string): string => `${OWN_PREFIX}:${local}`;
  const status = `<${name("Status")}><${name("StatusCode")} Value="${STATUS_SUCCESS}"/></${name("Status")}>`;
  return withLineEndReferences(
    `<${name("Response")} xmlns:${OWN_PREFIX}="${NS.samlp}"${attributes}>${status}${content}</${name("Response")}>`,
  );
}

function declarationsOf(borrowed: Scope): string {
  return [...borrowed]
    .map(([prefix, namespace]) => ` xmlns:${prefix}="${escapeAttribute(namespace)}"`)
    .join("");
}

/** Without an XML declaration, which may stand only at the beginning of a document. */
function bare(text: string): string {
  return text.startsWith("<?xml ") ? text.slice(text.indexOf("?>") + 2) : text;
}
