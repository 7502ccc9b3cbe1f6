import {
  type AlgorithmPolicy,
  type DataEncryption,
  type KeyTransport,
  OAEP_SHA1,
} from "./algorithms.ts";
import { NS } from "./namespaces.ts";
import { refuse } from "./refusal.ts";
import { requireLittleUnsigned } from "./unsigned-size.ts";
import {
  attributeOf,
  childrenNamed,
  descendants,
  elementsOf,
  isNamed,
  textOf,
  type XmlElement,
} from "./xml/tree.ts";

/** An encrypted element of one kind: one content key, for one recipient, all values inline. */
export interface EncryptedForm {
  readonly encryption: DataEncryption;
  readonly transport: KeyTransport;
  readonly encryptedKey: Buffer;
  readonly ciphertext: Buffer;
}

const ELEMENT_TYPE = "http://www.w3.org/2001/04/xmlenc#Element";
const RSA_MAX_OCTETS = 1024;

/**
 * Reads an EncryptedAssertion (SAML core section 2.3.4, XML Encryption) before any cryptography.
 *
 * @throws Refusal `encryption-structure-invalid` or `algorithm-not-allowed`.
 */
export function encryptedForm(encrypted: XmlElement, policy: AlgorithmPolicy): EncryptedForm {
  const data = only(childrenNamed(encrypted, NS.xenc, "EncryptedData"), "EncryptedData");
  requireNoCipherReference(encrypted);
  const type = attributeOf(data, "Type");
  if (type !== undefined && type !== ELEMENT_TYPE) invalid("EncryptedData of another type");
  const key = encryptedKeyOf(encrypted, data);
  const keyMethod = only(
    childrenNamed(key, NS.xenc, "EncryptionMethod"),
    "EncryptionMethod of the key",
  );
  requireOaepSha1(keyMethod);
  const dataMethod = only(childrenNamed(data, NS.xenc, "EncryptionMethod"), "EncryptionMethod");
  const form = {
    encryption: policy.dataEncryption(attributeOf(dataMethod, "Algorithm")),
    transport: policy.keyTransport(attributeOf(keyMethod, "Algorithm")),
    encryptedKey: octetsOf(cipherValue(key)),
    ciphertext: octetsOf(cipherValue(data)),
  };
  requireLittleUnsigned(encrypted, cipherValue(data));
  if (form.encryptedKey.length > RSA_MAX_OCTETS) invalid("an encrypted key that is too long");
  return form;
}

/** In the KeyInfo of the data, or beside the data where the KeyInfo points to it. */
function encryptedKeyOf(encrypted: XmlElement, data: XmlElement): XmlElement {
  const keys = [...descendants(encrypted)].filter((e) => isNamed(e, NS.xenc, "EncryptedKey"));
  const key = only(keys, "EncryptedKey");
  const keyInfo = only(childrenNamed(data, NS.ds, "KeyInfo"), "KeyInfo");
  const retrieval = childrenNamed(keyInfo, NS.ds, "RetrievalMethod");
  if (elementsOf(keyInfo).includes(key)) {
    return retrieval.length === 0 ? key : invalid("a RetrievalMethod beside the key");
  }
  const id = attributeOf(key, "Id");
  const pointsToKey =
    id !== undefined &&
    retrieval.length === 1 &&
    retrieval.every((r) => attributeOf(r, "URI") === `#${id}`);
  return elementsOf(encrypted).includes(key) && pointsToKey
    ? key
    : invalid("the KeyInfo of the data does not lead to the key");
}

function requireNoCipherReference(encrypted: XmlElement): void {
  for (const element of descendants(encrypted)) {
    if (element.local === "CipherReference") invalid("a CipherReference");
  }
}

/** saml2-js knows no other digest and no other mask generation. */
function requireOaepSha1(method: XmlElement): void {
  for (const parameter of elementsOf(method)) {
    const isSha1 =
      isNamed(parameter, NS.ds, "DigestMethod") &&
      attributeOf(parameter, "Algorithm") === OAEP_SHA1;
    if (!isSha1) refuse("algorithm-not-allowed", "key transport with parameters other than SHA-1");
  }
}

function cipherValue(parent: XmlElement): XmlElement {
  const data = only(childrenNamed(parent, NS.xenc, "CipherData"), "CipherData");
  const [value, ...more] = elementsOf(data);
  if (value === undefined || more.length > 0 || !isNamed(value, NS.xenc, "CipherValue")) {
    return invalid("CipherData without exactly one CipherValue");
  }
  return value;
}

function octetsOf(value: XmlElement): Buffer {
  const compact = (textOf(value) ?? "").replace(/[ \t\r\n]+/g, "");
  const octets = Buffer.from(compact, "base64");
  return octets.length > 0 && octets.toString("base64") === compact
    ? octets
    : invalid("a CipherValue that is not base64");
}

function only(elements: readonly XmlElement[], what: string): XmlElement {
  const [one, ...more] = elements;
  return one !== undefined && more.length === 0 ? one : invalid(`not exactly one ${what}`);
}

function invalid(detail: string): never {
  return refuse("encryption-structure-invalid", detail);
}
