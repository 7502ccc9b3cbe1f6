import { type Attack, once, over, posting } from "../support/attack.ts";
import { type Base, build, type Edit, ENCRYPTED, swap } from "../support/build.ts";
import { malloryKey } from "../support/parties.ts";

const UNCOVERED: readonly Base[] = ["encrypted-assertion"];
const FORM = "encryption-structure-invalid" as const;
/** What anybody may learn of a plaintext is that there is something wrong with it. */
const PLAINTEXT = [
  "decryption-failed",
  "xml-malformed",
  "xml-forbidden",
  "xml-too-complex",
  "message-not-utf8",
  "structure-invalid",
] as const;
const CIPHER_VALUE = /<xenc:CipherValue>([^<]*)<\/xenc:CipherValue>(?!.*<xenc:CipherValue>)/s;
const ENCRYPTED_KEY = /<xenc:EncryptedKey.*?<\/xenc:EncryptedKey>/s;
const ENCRYPTED_DATA = /<xenc:EncryptedData.*<\/xenc:EncryptedData>/s;

/** Changes the octets of the content's CipherValue. */
function ciphertext(change: (octets: Buffer) => Uint8Array): Edit {
  return (xml) => {
    const octets = Buffer.from(CIPHER_VALUE.exec(xml)?.[1] ?? "", "base64");
    const changed = Buffer.from(change(octets)).toString("base64");
    return swap(CIPHER_VALUE, `<xenc:CipherValue>${changed}</xenc:CipherValue>`)(xml);
  };
}

function flippedAt(at: number): (octets: Buffer) => Buffer {
  return (octets) => {
    const position = at < 0 ? octets.length + at : at;
    octets[position] = (octets[position] ?? 0) ^ 1;
    return octets;
  };
}

const doubled =
  (pattern: RegExp): Edit =>
  (xml) =>
    swap(pattern, (pattern.exec(xml)?.[0] ?? "").repeat(2))(xml);

/** Encrypted forms: wrapping, cutting, downgrades, decoys, and what hides in the plaintext. */
export const encryption: readonly Attack[] = [
  ...over(
    "encryption: RSA 1.5 key transport",
    "algorithm-not-allowed",
    { encryption: { keyTransport: "rsa-1_5" } },
    ENCRYPTED,
  ),
  ...over(
    "encryption: triple DES",
    "algorithm-not-allowed",
    { encryption: { cipher: "tripledes-cbc" } },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an unknown cipher",
    "algorithm-not-allowed",
    { encrypted: swap("xmlenc11#aes256-gcm", "xmlenc11#rot13") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an unknown key transport",
    "algorithm-not-allowed",
    { encrypted: swap("xmlenc#rsa-oaep-mgf1p", "xmlenc#none") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an unknown digest in the key transport",
    "algorithm-not-allowed",
    { encrypted: swap("xmldsig#sha1", "xmldsig#md5") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: to somebody else's key",
    "decryption-failed",
    { encryption: { to: malloryKey.certificate } },
    ENCRYPTED,
  ),
  ...over(
    "encryption: two EncryptedData",
    [FORM, "structure-invalid"],
    { encrypted: doubled(ENCRYPTED_DATA) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: two EncryptedKey in KeyInfo",
    FORM,
    { encrypted: doubled(ENCRYPTED_KEY) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an EncryptedKey beside the data too",
    FORM,
    {
      encrypted: (xml) =>
        swap(
          "</saml:EncryptedAssertion>",
          `${(ENCRYPTED_KEY.exec(xml)?.[0] ?? "").replace("<xenc:EncryptedKey", '<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"')}</saml:EncryptedAssertion>`,
        )(xml),
    },
    UNCOVERED,
  ),
  ...over("encryption: no EncryptedKey", FORM, { encrypted: swap(ENCRYPTED_KEY, "") }, ENCRYPTED),
  ...over(
    "encryption: no KeyInfo",
    FORM,
    { encrypted: swap(/<ds:KeyInfo.*<\/ds:KeyInfo>/s, "") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a second KeyInfo, without a key",
    FORM,
    {
      encrypted: swap(
        "</ds:KeyInfo>",
        '</ds:KeyInfo><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
      ),
    },
    UNCOVERED,
  ),
  ...over(
    "encryption: an EncryptedKey inside something else of KeyInfo",
    [FORM, "structure-invalid"],
    {
      encrypted: (xml) =>
        swap(
          ENCRYPTED_KEY,
          `<ds:X509Data>${ENCRYPTED_KEY.exec(xml)?.[0] ?? ""}</ds:X509Data>`,
        )(xml),
    },
    UNCOVERED,
  ),
  ...over(
    "encryption: no CipherData",
    FORM,
    { encrypted: swap(/<xenc:CipherData>.*?<\/xenc:CipherData>/s, "") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an empty EncryptedAssertion",
    FORM,
    { encrypted: swap(ENCRYPTED_DATA, "") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an empty CipherValue",
    FORM,
    { encrypted: swap(CIPHER_VALUE, "<xenc:CipherValue></xenc:CipherValue>") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a CipherValue that is no base64",
    FORM,
    { encrypted: swap(CIPHER_VALUE, "<xenc:CipherValue>!!</xenc:CipherValue>") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a CipherReference",
    FORM,
    {
      encrypted: swap(
        CIPHER_VALUE,
        '<xenc:CipherReference URI="http://attacker.example/"></xenc:CipherReference>',
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a CipherReference beside the value",
    FORM,
    {
      encrypted: swap(
        "</xenc:CipherValue>",
        '</xenc:CipherValue><xenc:CipherReference URI="#x"></xenc:CipherReference>',
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: an element in the CipherValue",
    [FORM, "structure-invalid"],
    { encrypted: swap(CIPHER_VALUE, "<xenc:CipherValue>AAAA<x></x>AAAA</xenc:CipherValue>") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a processing instruction cuts the CipherValue",
    "xml-forbidden",
    { sent: swap(/(?<=<xenc:CipherValue>.{24})/, "<?x y?>") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a comment cuts the CipherValue",
    "xml-forbidden",
    { sent: swap(/(?<=<xenc:CipherValue>.{24})/, "<!--y-->") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: of content, not of an element",
    FORM,
    { encrypted: swap("xmlenc#Element", "xmlenc#Content") },
    ENCRYPTED,
  ),
  ...over(
    "encryption: the key is to be fetched elsewhere",
    FORM,
    {
      encryption: { encryptedKey: "sibling" },
      encrypted: swap("#_encrypted-key", "http://attacker.example/key"),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: the key of another ID",
    FORM,
    {
      encryption: { encryptedKey: "sibling" },
      encrypted: swap('URI="#_encrypted-key"', 'URI="#_other"'),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a ciphertext that is too short",
    "decryption-failed",
    { encrypted: ciphertext((octets) => octets.subarray(0, 12)) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a flipped GCM tag",
    "decryption-failed",
    { encrypted: ciphertext(flippedAt(-1)) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a flipped bit in a GCM ciphertext",
    "decryption-failed",
    { encrypted: ciphertext(flippedAt(60)) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a GCM tag cut short",
    "decryption-failed",
    { encrypted: ciphertext((octets) => octets.subarray(0, -12)) },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a flipped block in a CBC ciphertext",
    [...PLAINTEXT, "signature-invalid", "signature-structure-invalid", "id-invalid"],
    { encryption: { cipher: "aes128-cbc" }, encrypted: ciphertext(flippedAt(100)) },
    UNCOVERED,
  ),
  ...over(
    "encryption: CBC blocks left out",
    [
      ...PLAINTEXT,
      "signature-invalid",
      "signature-structure-invalid",
      "id-invalid",
      "signature-missing",
    ],
    {
      encryption: { cipher: "aes128-cbc" },
      encrypted: ciphertext((octets) =>
        Buffer.concat([octets.subarray(0, 320), octets.subarray(352)]),
      ),
    },
    UNCOVERED,
  ),
  ...over(
    "encryption: a CBC ciphertext of no whole blocks",
    "decryption-failed",
    {
      encryption: { cipher: "aes128-cbc" },
      encrypted: ciphertext((octets) => octets.subarray(0, -3)),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: CBC padding of nonsense length",
    PLAINTEXT,
    { encryption: { cipher: "aes128-cbc" }, encrypted: ciphertext(flippedAt(-17)) },
    UNCOVERED,
  ),
  ...over(
    "encryption: a RetrievalMethod beside the key",
    FORM,
    {
      encrypted: swap(
        "<xenc:EncryptedKey",
        '<ds:RetrievalMethod URI="#_x"></ds:RetrievalMethod><xenc:EncryptedKey',
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: a CipherReference among the properties",
    FORM,
    {
      encrypted: swap(
        "</xenc:EncryptedData>",
        '<xenc:EncryptionProperties><xenc:CipherReference URI="#x"></xenc:CipherReference></xenc:EncryptionProperties></xenc:EncryptedData>',
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: two CipherValues",
    FORM,
    {
      encrypted: swap(
        "</xenc:CipherValue>",
        "</xenc:CipherValue><xenc:CipherValue>AAAA</xenc:CipherValue>",
      ),
    },
    ENCRYPTED,
  ),
  ...over(
    "encryption: two CipherData",
    FORM,
    {
      encrypted: swap(
        "</xenc:EncryptedData>",
        "<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>",
      ),
    },
    ENCRYPTED,
  ),
  once(
    "encryption: RSA 1.5 that the connection allows, in a response that nobody signed",
    "algorithm-not-allowed",
    () => posting(build("encrypted-assertion", { encryption: { keyTransport: "rsa-1_5" } })),
    { connection: { weakAlgorithms: ["rsa-1_5"] } },
  ),
];
