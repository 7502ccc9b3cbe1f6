import type { SignatureAlgorithm } from "../../../src/testing/signing-idp/algorithms.ts";
import { type Attack, over } from "../support/attack.ts";
import { type Base, type Stages, swap } from "../support/build.ts";
import { idp } from "../support/parties.ts";

const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-assertion"];
const FEWER: readonly Base[] = ["assertion", "response"];
const REFUSED = "algorithm-not-allowed" as const;
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/** A signature whose SignedInfo names another algorithm in `element`. */
function named(element: string, algorithm: string | undefined): Stages {
  const written = algorithm === undefined ? "" : ` Algorithm="${algorithm}"`;
  const pattern = new RegExp(`(<ds:${element}) Algorithm="[^"]*"`);
  return { signature: { editSignedInfo: (info) => info.replace(pattern, `$1${written}`) } };
}

const SIGNATURE_METHODS: readonly (readonly [string, string | undefined])[] = [
  ["none", "none"],
  ["an empty name", ""],
  ["no name", undefined],
  ["RSA with MD5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"],
  ["RSA with RIPEMD-160", "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160"],
  ["DSA with SHA-1", "http://www.w3.org/2000/09/xmldsig#dsa-sha1"],
  ["HMAC with SHA-1", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"],
  ["a name in capitals", RSA_SHA256.toUpperCase()],
  ["a name with a space behind", `${RSA_SHA256} `],
  ["a name that starts right", `${RSA_SHA256}-x`],
  ["a property of every object", "constructor"],
  ["the prototype", "__proto__"],
];

const DIGEST_METHODS: readonly (readonly [string, string | undefined])[] = [
  ["MD5", "http://www.w3.org/2001/04/xmldsig-more#md5"],
  ["SHA-224", "http://www.w3.org/2001/04/xmldsig-more#sha224"],
  ["no name", undefined],
  ["toString", "toString"],
];

const CANONICALIZATIONS: readonly (readonly [string, string | undefined])[] = [
  ["inclusive", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"],
  ["inclusive with comments", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"],
  [
    "exclusive with comments, in other letters",
    "http://www.w3.org/2001/10/xml-exc-c14n#withcomments",
  ],
  ["of nobody", "urn:x"],
  ["missing", undefined],
];

function signedBy(algorithm: SignatureAlgorithm, secret: string = idp.key.privateKey): Stages {
  return { signature: { algorithm, privateKey: secret } };
}

/** Algorithms outside the closed list, and weak ones that the connection does not allow. */
export const algorithms: readonly Attack[] = [
  ...over("algorithm: RSA with SHA-1", REFUSED, signedBy("rsa-sha1"), BASES),
  ...over("algorithm: a SHA-1 digest", REFUSED, { signature: { digest: "sha1" } }, BASES),
  ...over(
    "algorithm: HMAC with the public certificate as its secret",
    REFUSED,
    signedBy("hmac-sha256", idp.certificate),
    BASES,
  ),
  ...SIGNATURE_METHODS.flatMap(([what, name]) =>
    over(`algorithm: signature method ${what}`, REFUSED, named("SignatureMethod", name), FEWER),
  ),
  ...DIGEST_METHODS.flatMap(([what, name]) =>
    over(`algorithm: digest method ${what}`, REFUSED, named("DigestMethod", name), FEWER),
  ),
  ...CANONICALIZATIONS.flatMap(([what, name]) =>
    over(
      `algorithm: canonicalization ${what}`,
      REFUSED,
      named("CanonicalizationMethod", name),
      FEWER,
    ),
  ),
  ...over(
    "algorithm: the name was changed after signing",
    "signature-invalid",
    { sent: swap("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512") },
    ["assertion", "response", "both"],
  ),
  ...over(
    "algorithm: an RSA signature that says it is ECDSA",
    "signature-invalid",
    named("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
    FEWER,
  ),
];
