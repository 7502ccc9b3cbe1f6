import { quote, refuse } from "../rejection-error.ts";
import { strictBase64 } from "../wire/lexical-forms.ts";
import { requireLittleUnsigned } from "../xml/limits.ts";
import { NS } from "../xml/names.ts";
import {
  attributeOf,
  childrenNamed,
  descendants,
  elementsOf,
  isNamed,
  textOf,
  trimmedAttributeOf,
  trimXmlSpace,
  type XmlElement,
} from "../xml/tree.ts";
import {
  type AlgorithmPolicy,
  type DataEncryption,
  type KeyTransport,
  OAEP_DIGESTS,
  OAEP_MASKS,
  type OaepHash,
} from "./algorithms.ts";
import { namedCertificate } from "./certificates.ts";
import type { OaepHashes } from "./rsa-oaep.ts";

/** An encrypted element of one kind: one content key, for one recipient, all values inline. */
export interface EncryptedForm {
  readonly encryption: DataEncryption;
  readonly transport: KeyTransport;
  readonly oaep: OaepHashes;
  /** Whether the KeyInfo of the data holds the key or points to it. */
  readonly keyIsReferenced: boolean;
  readonly encryptedKey: Buffer;
  readonly ciphertext: Buffer;
  /** SHA-256 fingerprint of the certificate that the message names as the recipient's, if any. */
  readonly recipient: string | undefined;
}

const ELEMENT_TYPE = "http://www.w3.org/2001/04/xmlenc#Element";
const RSA_MAX_OCTETS = 1024;

/**
 * Reads an EncryptedAssertion (SAML core section 2.3.4, XML Encryption) before any cryptography.
 *
 * @param authentic whether a verified signature covers it. RSA 1.5 is accepted only then:
 * otherwise anybody could use us to decrypt, one question at a time (Bleichenbacher 1998).
 * @throws RejectionError `encryption-structure-invalid` or `algorithm-not-allowed`.
 */
export function encryptedForm(
  encrypted: XmlElement,
  policy: AlgorithmPolicy,
  { authentic }: { readonly authentic: boolean },
): EncryptedForm {
  const data = only(childrenNamed(encrypted, NS.xenc, "EncryptedData"), "EncryptedData");
  requireNoCipherReference(encrypted);
  const type = trimmedAttributeOf(data, "Type");
  if (type !== undefined && type !== ELEMENT_TYPE) invalid("unsupported Type of EncryptedData");
  const { key, keyIsReferenced } = encryptedKeyOf(encrypted, data);
  const keyMethod = only(
    childrenNamed(key, NS.xenc, "EncryptionMethod"),
    "EncryptionMethod of the key",
  );
  const transport = policy.keyTransport(attributeOf(keyMethod, "Algorithm"));
  if (transport.padding === "pkcs1" && !authentic) {
    refuse(
      "algorithm-not-allowed",
      `key transport ${transport.name} is not allowed in a response that is not signed`,
      "key-transport",
    );
  }
  const dataMethod = only(childrenNamed(data, NS.xenc, "EncryptionMethod"), "EncryptionMethod");
  const form = {
    encryption: policy.dataEncryption(attributeOf(dataMethod, "Algorithm")),
    transport,
    oaep: oaepHashes(keyMethod),
    keyIsReferenced,
    encryptedKey: octetsOf(cipherValue(key)),
    ciphertext: octetsOf(cipherValue(data)),
    recipient: namedCertificate(key),
  };
  requireLittleUnsigned(encrypted, cipherValue(data));
  if (form.encryptedKey.length > RSA_MAX_OCTETS) invalid("the encrypted key is too long");
  return form;
}

/** Where the one key stands; saml2-js finds it only where the KeyInfo of the data leads to it. */
interface KeyPlace {
  readonly key: XmlElement;
  readonly keyIsReferenced: boolean;
}

/**
 * In the KeyInfo of the data, or beside the data (SAML core section 2.3.4), where the KeyInfo may
 * point to it, but to no other.
 */
function encryptedKeyOf(encrypted: XmlElement, data: XmlElement): KeyPlace {
  const keys = descendants(encrypted).filter((e) => isNamed(e, NS.xenc, "EncryptedKey"));
  const key = only(keys, "EncryptedKey");
  const [keyInfo, ...more] = childrenNamed(data, NS.ds, "KeyInfo");
  if (more.length > 0) invalid("more than one KeyInfo");
  const retrieval = keyInfo === undefined ? [] : childrenNamed(keyInfo, NS.ds, "RetrievalMethod");
  if (keyInfo !== undefined && elementsOf(keyInfo).includes(key)) {
    return retrieval.length === 0
      ? { key, keyIsReferenced: true }
      : invalid("RetrievalMethod next to an embedded key");
  }
  if (!elementsOf(encrypted).includes(key))
    invalid("the EncryptedKey is neither in the KeyInfo of the data nor beside the data");
  if (retrieval.length === 0) return { key, keyIsReferenced: false };
  const id = attributeOf(key, "Id");
  return id !== undefined &&
    retrieval.length === 1 &&
    attributeOf(retrieval[0] ?? key, "URI") === `#${id}`
    ? { key, keyIsReferenced: true }
    : invalid("the KeyInfo of EncryptedData does not refer to the key");
}

function requireNoCipherReference(encrypted: XmlElement): void {
  for (const element of descendants(encrypted)) {
    if (element.local === "CipherReference") invalid("CipherReference is not supported");
  }
}

/**
 * The hashes of RSA-OAEP: both SHA-1 unless named (XML Encryption 1.1 section 5.5.2). A label
 * (OAEPparams) is refused; an empty one is the usual one.
 */
function oaepHashes(method: XmlElement): OaepHashes {
  const digest = parameter(method, { namespace: NS.ds, local: "DigestMethod" }, OAEP_DIGESTS);
  const mask = parameter(method, { namespace: NS.xenc11, local: "MGF" }, OAEP_MASKS);
  const known = [digest, mask].filter((hash) => hash !== undefined).length;
  const others = elementsOf(method).filter((element) => !isEmptyLabel(element));
  if (others.length !== known) unsupportedParameters("an unknown parameter");
  return { digest: digest ?? "sha1", mask: mask ?? "sha1" };
}

function isEmptyLabel(element: XmlElement): boolean {
  return isNamed(element, NS.xenc, "OAEPparams") && trimXmlSpace(textOf(element) ?? "x") === "";
}

function parameter(
  method: XmlElement,
  { namespace, local }: { readonly namespace: string; readonly local: string },
  hashes: ReadonlyMap<string, OaepHash>,
): OaepHash | undefined {
  const [element, ...more] = childrenNamed(method, namespace, local);
  if (element === undefined) return undefined;
  const algorithm = attributeOf(element, "Algorithm");
  const hash = hashes.get(algorithm ?? "");
  return hash === undefined || more.length > 0
    ? unsupportedParameters(`${local} ${quote(algorithm)}`)
    : hash;
}

function unsupportedParameters(what: string): never {
  return refuse(
    "algorithm-not-allowed",
    `key transport with ${what} is not supported: select RSA-OAEP with SHA-1, SHA-256, SHA-384 or SHA-512, and no label`,
    "key-transport",
  );
}

function cipherValue(parent: XmlElement): XmlElement {
  const data = only(childrenNamed(parent, NS.xenc, "CipherData"), "CipherData");
  const [value, ...more] = elementsOf(data);
  if (value === undefined || more.length > 0 || !isNamed(value, NS.xenc, "CipherValue")) {
    return invalid("CipherData must contain exactly one CipherValue");
  }
  return value;
}

function octetsOf(value: XmlElement): Buffer {
  return strictBase64(textOf(value) ?? "") ?? invalid("CipherValue is not valid Base64");
}

function only(elements: readonly XmlElement[], what: string): XmlElement {
  const [one, ...more] = elements;
  return one !== undefined && more.length === 0 ? one : invalid(`expected exactly one ${what}`);
}

function invalid(detail: string): never {
  return refuse("encryption-structure-invalid", detail);
}
