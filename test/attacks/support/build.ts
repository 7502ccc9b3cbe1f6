import {
  encryptAssertion,
  type XmlEncryptionOptions,
} from "../../../src/testing/signing-idp/encrypt-xml.ts";
import {
  type AssertionContent,
  assertionXml,
  type ResponseContent,
  responseXml,
  STATUS_SUCCESS,
} from "../../../src/testing/signing-idp/idp-xml.ts";
import { signXml, type XmlSignatureOptions } from "../../../src/testing/signing-idp/sign-xml.ts";
import { ACS_URL, ENTITY_ID, idp, MALLORY, NOW, spKey } from "./parties.ts";

/** What the identity provider signs, and whether the assertion is encrypted. */
export type Base =
  | "assertion"
  | "response"
  | "both"
  | "encrypted-assertion"
  | "encrypted-response"
  | "encrypted-both";

export const PLAIN: readonly Base[] = ["assertion", "response", "both"];
export const ENCRYPTED: readonly Base[] = [
  "encrypted-assertion",
  "encrypted-response",
  "encrypted-both",
];
export const EVERY: readonly Base[] = [...PLAIN, ...ENCRYPTED];
/** Those where the response's own members are under the signature. */
export const RESPONSE_SIGNED: readonly Base[] = ["response", "both", "encrypted-response"];
/** Those where the assertion carries a signature of its own. */
export const ASSERTION_SIGNED: readonly Base[] = ["assertion", "both", "encrypted-assertion"];

/** Changes XML; a replacement that finds nothing is a mistake of the suite: see {@link swap}. */
export type Edit = (xml: string) => string;

/** Where in the making of a response something is changed. Signatures come after `…Content`, `assertion`, `response`. */
export interface Stages {
  readonly content?: Partial<AssertionContent>;
  readonly assertion?: Edit;
  readonly signedAssertion?: Edit;
  readonly encrypted?: Edit;
  readonly responseContent?: Partial<ResponseContent>;
  readonly response?: Edit;
  readonly sent?: Edit;
  readonly signature?: Partial<XmlSignatureOptions>;
  readonly assertionSignature?: Partial<XmlSignatureOptions>;
  readonly encryption?: Partial<XmlEncryptionOptions>;
}

let serial = 0;

/** A time as xs:dateTime, `ms` after {@link NOW}. */
export function at(ms: number): string {
  return new Date(NOW + ms).toISOString();
}

/** A response over `base`, changed at `stages`; the request answered is `inResponseTo`. */
export function build(base: Base, stages: Stages = {}, inResponseTo?: string): string {
  const signing = {
    privateKey: idp.key.privateKey,
    certificate: idp.certificate,
    ...stages.signature,
  };
  const answering = inResponseTo === undefined ? {} : { inResponseTo };
  const assertion = (stages.assertion ?? keep)(
    assertionXml({ ...defaultContent(), ...answering, ...stages.content }),
  );
  const assertionIsSigned = base !== "response" && base !== "encrypted-response";
  const signed = (stages.signedAssertion ?? keep)(
    assertionIsSigned
      ? signXml(assertion, { ...signing, ...stages.assertionSignature })
      : assertion,
  );
  const inner = base.startsWith("encrypted")
    ? (stages.encrypted ?? keep)(
        encryptAssertion(signed, { to: spKey.certificate, ...stages.encryption }),
      )
    : signed;
  const response = (stages.response ?? keep)(
    responseXml({
      ...defaultResponse(),
      ...answering,
      assertion: inner,
      ...stages.responseContent,
    }),
  );
  const responseIsSigned = base !== "assertion" && base !== "encrypted-assertion";
  return (stages.sent ?? keep)(responseIsSigned ? signXml(response, signing) : response);
}

/** Replaces the first occurrence of `from`, which must be there. */
export function swap(from: string | RegExp, to: string): Edit {
  return (xml) => {
    const found = typeof from === "string" ? xml.includes(from) : from.test(xml);
    if (!found) throw new Error(`nothing to replace: ${from}`);
    return xml.replace(from, () => to);
  };
}

/** Applies edits in order. */
export function all(...edits: readonly Edit[]): Edit {
  return (xml) => edits.reduce((changed, edit) => edit(changed), xml);
}

/** The content of an ordinary assertion about Mallory. */
export function defaultContent(): AssertionContent {
  return {
    id: freshId(),
    issuer: idp.entityId,
    issueInstant: at(0),
    nameId: MALLORY,
    nameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    recipient: ACS_URL,
    audience: ENTITY_ID,
    notBefore: at(0),
    notOnOrAfter: at(300_000),
    sessionIndex: "_session",
    attributes: { displayName: "Mallory" },
  };
}

function defaultResponse(): ResponseContent {
  return {
    id: freshId(),
    issuer: idp.entityId,
    issueInstant: at(0),
    destination: ACS_URL,
    status: [STATUS_SUCCESS],
    assertion: "",
  };
}

/** A new ID. */
export function freshId(): string {
  serial += 1;
  return `_id-${serial.toString(16).padStart(8, "0")}-0123456789abcdef`;
}

const keep: Edit = (xml) => xml;
