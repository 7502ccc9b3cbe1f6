import { constants, createHash, createVerify, type KeyObject, X509Certificate } from "node:crypto";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type { VerifiedSignature } from "../response/signed-response.ts";
import {
  type DomNode,
  domAttribute,
  domElements,
  domText,
  nodesOf,
  parseByXmlDom,
} from "./xmldom.ts";

const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const ENC = "http://www.w3.org/2001/04/xmlenc#";
const EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#";

const ENVELOPED = `${DSIG}enveloped-signature`;
/** Without and with comments. Our reader refuses comments, so both give the same octets. */
const EXCLUSIVE: ReadonlySet<unknown> = new Set(
  ["", "WithComments"].map((kind) => EXC_C14N + kind),
);

const PLAIN_ID = /^[A-Za-z0-9_.:+-]+$/;
const ID_NAMES: ReadonlySet<unknown> = new Set(["ID", "Id", "id"]);

const DIGESTS: ReadonlyMap<unknown, string> = new Map([
  [`${DSIG}sha1`, "sha1"],
  [`${ENC}sha256`, "sha256"],
  [`${MORE}sha384`, "sha384"],
  [`${ENC}sha512`, "sha512"],
]);

interface Method {
  readonly hash: string;
  readonly keyType: "rsa" | "ec";
  readonly padding?: number;
}

const RSA = { keyType: "rsa", padding: constants.RSA_PKCS1_PADDING } as const;
const PSS = { keyType: "rsa", padding: constants.RSA_PKCS1_PSS_PADDING } as const;
const EC = { keyType: "ec" } as const;

const METHODS: ReadonlyMap<unknown, Method> = new Map<unknown, Method>([
  [`${DSIG}rsa-sha1`, { ...RSA, hash: "sha1" }],
  [`${MORE}rsa-sha256`, { ...RSA, hash: "sha256" }],
  [`${MORE}rsa-sha384`, { ...RSA, hash: "sha384" }],
  [`${MORE}rsa-sha512`, { ...RSA, hash: "sha512" }],
  [`${MORE_2007}sha256-rsa-MGF1`, { ...PSS, hash: "sha256" }],
  [`${MORE_2007}sha384-rsa-MGF1`, { ...PSS, hash: "sha384" }],
  [`${MORE_2007}sha512-rsa-MGF1`, { ...PSS, hash: "sha512" }],
  [`${MORE}ecdsa-sha256`, { ...EC, hash: "sha256" }],
  [`${MORE}ecdsa-sha384`, { ...EC, hash: "sha384" }],
  [`${MORE}ecdsa-sha512`, { ...EC, hash: "sha512" }],
]);

/**
 * Whether a signature covers the octets that `root` was parsed from: verified a second time, from
 * SignedInfo as saml2-js's parser sees it and with the connection's certificates. It shares with
 * our own verification the octets, and no code.
 *
 * @param root the content, as saml2-js's parser sees it.
 */
export type AreSigned = (
  root: DomNode,
  signature: VerifiedSignature,
  connection: IdentityProvider,
) => boolean;

const MAX_KEYS_KEPT = 1000;

/** Makes {@link AreSigned}, which remembers the keys of certificates. */
export function makeAreSigned(): AreSigned {
  const kept = new Map<string, KeyObject | undefined>();
  const keyOf = (certificate: string): KeyObject | undefined => {
    const known = kept.get(certificate);
    if (known !== undefined) return known;
    if (kept.size >= MAX_KEYS_KEPT) kept.clear();
    const key = publicKey(certificate);
    kept.set(certificate, key);
    return key;
  };
  return (root, { form, canonical, signedInfo }, { certificates, weakAlgorithms }) => {
    const read = signedInfoOf(parseByXmlDom(signedInfo));
    const id = domAttribute(root, "ID");
    if (read === undefined || id === undefined || read.uri !== `#${id}`) return false;
    if (!PLAIN_ID.test(id) || elementsWithId(root, id) !== 1) return false;
    const { method, digest, digestValue } = read;
    if ([method.hash, digest].includes("sha1") && !weakAlgorithms.includes("sha1")) return false;
    if (createHash(digest).update(canonical).digest("base64") !== digestValue) return false;
    return certificates.some((certificate) => {
      const key = keyOf(certificate);
      return key?.asymmetricKeyType === method.keyType && isValid(method, key);
    });

    function isValid({ hash, padding }: Method, key: KeyObject): boolean {
      const verifier = createVerify(hash).update(signedInfo);
      try {
        return verifier.verify(
          padding === undefined
            ? { key, dsaEncoding: "ieee-p1363" }
            : { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
          form.signatureValue,
        );
      } catch {
        return false; // a signature of another curve's length; the next certificate may fit
      }
    }
  };
}

/** How often a value stands in an attribute that some reader takes for an ID. */
function elementsWithId(root: DomNode, id: string): number {
  const found = [root];
  let count = 0;
  for (const element of found) {
    for (const { localName, nodeValue } of nodesOf(element.attributes)) {
      if (nodeValue === id && ID_NAMES.has(localName)) count += 1;
    }
    found.push(...domElements(element));
  }
  return count;
}

interface SignedInfo {
  readonly uri: string | undefined;
  readonly method: Method;
  readonly digest: string;
  readonly digestValue: string;
}

/** Of a SignedInfo with exactly one reference, and the transforms that make the octets. */
function signedInfoOf(root: DomNode): SignedInfo | undefined {
  const [canonicalization, method, reference, ...more] = domElements(root);
  if (!isNamed(root, "SignedInfo") || reference === undefined || more.length > 0) return undefined;
  const [transforms, digest, digestValue] = domElements(reference);
  const known = METHODS.get(algorithmOf(method, "SignatureMethod"));
  const hash = DIGESTS.get(algorithmOf(digest, "DigestMethod"));
  if (known === undefined || hash === undefined || !isNamed(digestValue, "DigestValue")) {
    return undefined;
  }
  const applied = transforms === undefined ? [] : domElements(transforms);
  const algorithms = applied.map((transform) => algorithmOf(transform, "Transform"));
  if (!EXCLUSIVE.has(algorithmOf(canonicalization, "CanonicalizationMethod"))) return undefined;
  if (algorithms.length !== 2 || algorithms[0] !== ENVELOPED || !EXCLUSIVE.has(algorithms[1])) {
    return undefined;
  }
  return {
    uri: domAttribute(reference, "URI"),
    method: known,
    digest: hash,
    digestValue: domText(digestValue).replace(/\s/g, ""),
  };
}

function algorithmOf(element: DomNode | undefined, name: string): string | undefined {
  return isNamed(element, name) ? domAttribute(element, "Algorithm") : undefined;
}

function isNamed(element: DomNode | undefined, name: string): element is DomNode {
  return element?.namespaceURI === DSIG && element.localName === name;
}

/** Settings keep certificates as PEM, or as base64 alone. */
function publicKey(certificate: string): KeyObject | undefined {
  const [, base64 = certificate] = certificate.split(/-----[A-Z ]+-----/);
  try {
    return new X509Certificate(Buffer.from(base64, "base64")).publicKey;
  } catch {
    return undefined;
  }
}
