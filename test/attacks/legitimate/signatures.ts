import type { SignatureAlgorithm } from "../../../src/testing/signing-idp/algorithms.ts";
import { pemBody, reissue, type TestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { all, type Base, type Edit, swap } from "../support/build.ts";
import { expired, idp, malloryKey, p256, p384 } from "../support/parties.ts";
import { type Legitimate, taken, written } from "./legitimate.ts";

/** Where no other signature covers the first. */
const ONE: readonly Base[] = ["assertion", "response"];
const BASES: readonly Base[] = ["assertion", "response", "both", "encrypted-both"];

function algorithm(name: SignatureAlgorithm, key: TestKey = idp.key): readonly Legitimate[] {
  const signature = { algorithm: name, privateKey: key.privateKey, certificate: key.certificate };
  return taken(`signed with ${name}`, { signature }, BASES, {
    connection: { certificates: [key.certificate] },
  });
}

const certificates = (...list: readonly string[]) => ({ connection: { certificates: list } });
const KEY_INFO = /<ds:KeyInfo>.*?<\/ds:KeyInfo>/gs;
const wrapped = (text: string): string => `\n${text.replace(/.{1,76}/g, "$&\n")}`;
const wrapValues: Edit = (xml) =>
  xml.replace(
    /(<ds:(SignatureValue|X509Certificate)>)([^<]*)/g,
    (_, tag: string, _name, value: string) => tag + wrapped(value),
  );
/** As xmlsec1 and Santuario write a signature; what is signed in it stays as it is. */
const onLines: Edit = (xml) =>
  xml.replace(/<ds:(SignatureValue|KeyInfo)>|<\/ds:Signature>/g, (tag) => `\n${tag}`);
const indented: Edit = (info) => info.replaceAll("><", ">\n    <");
const decoded = (list: string): string =>
  `<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${list}"></ec:InclusiveNamespaces>`;

/** Every signature that identity providers make and that is sound. */
export const signatures: readonly Legitimate[] = [
  ...algorithm("rsa-sha256"),
  ...algorithm("rsa-sha384"),
  ...algorithm("rsa-sha512"),
  ...algorithm("rsa-pss-sha256"),
  ...algorithm("ecdsa-sha256", p256.key),
  ...algorithm("ecdsa-sha384", p384.key),
  ...taken("digest SHA-384", { signature: { digest: "sha384" } }),
  ...taken("digest SHA-512", { signature: { digest: "sha512" } }),
  ...taken(
    "SHA-1 where the connection allows it",
    { signature: { algorithm: "rsa-sha1", digest: "sha1" } },
    BASES,
    {
      connection: { weakAlgorithms: ["sha1"] },
    },
  ),
  ...taken(
    "without KeyInfo",
    written((xml) => xml.replaceAll(KEY_INFO, "")),
    ONE,
  ),
  ...taken(
    "with only a key's name",
    written((xml) =>
      xml.replaceAll(KEY_INFO, "<ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo>"),
    ),
    ONE,
  ),
  ...taken(
    "with a chain of certificates in KeyInfo",
    written((xml) =>
      xml.replace(/<ds:X509Certificate>[^<]*<\/ds:X509Certificate>/g, (one) => one.repeat(3)),
    ),
    ONE,
  ),
  ...taken("values in lines", written(wrapValues), ONE),
  ...(["sha256", "sha384"] as const).flatMap((digest) => [
    ...taken(
      `members on lines of their own, digest ${digest}`,
      { signature: { digest }, signedAssertion: onLines },
      ["assertion", "both", "encrypted-assertion", "encrypted-both"],
    ),
    ...taken(
      `the response's members on lines of their own, digest ${digest}`,
      { signature: { digest }, ...written(onLines) },
      ["response", "encrypted-response"],
    ),
  ]),
  ...taken(
    "values in lines of CRLF",
    written(all(wrapValues, (xml) => xml.replaceAll("\n", "\r\n"))),
    ONE,
  ),
  ...taken("SignedInfo on lines of its own", { signature: { editSignedInfo: indented } }),
  ...taken("signature without prefix", { signature: { prefix: "" } }),
  ...taken("signature with another prefix", { signature: { prefix: "dsig" } }),
  ...taken("an Id on the signature", written(swap("<ds:Signature ", '<ds:Signature Id="_sig" ')), [
    "assertion",
  ]),
  ...taken("an empty list of inclusive prefixes", { signature: { inclusivePrefixes: [] } }),
  ...taken("inclusive prefixes that nobody declares", {
    signature: { inclusivePrefixes: ["xs", "xsi"] },
  }),
  ...taken("the default namespace as an inclusive prefix", {
    signature: { inclusivePrefixes: ["#default"] },
  }),
  ...taken(
    "inclusive prefixes for SignedInfo too",
    {
      signature: {
        editSignedInfo: swap(
          "</ds:CanonicalizationMethod>",
          `${decoded("ds")}</ds:CanonicalizationMethod>`,
        ),
      },
    },
    ["assertion"],
  ),
  ...taken(
    "several certificates, ours last",
    {},
    BASES,
    certificates(malloryKey.certificate, p256.certificate, idp.certificate),
  ),
  ...taken(
    "several certificates, ours first",
    {},
    BASES,
    certificates(idp.certificate, malloryKey.certificate),
  ),
  ...taken("a broken certificate before ours", {}, BASES, certificates("garbage", idp.certificate)),
  ...taken(
    "a cut certificate behind ours",
    {},
    BASES,
    certificates(idp.certificate, idp.certificate.slice(0, 300)),
  ),
  ...taken(
    "an expired certificate before ours",
    {},
    BASES,
    certificates(reissue(malloryKey, { notAfter: 0 }).certificate, idp.certificate),
  ),
  ...taken("a certificate as bare base64", {}, BASES, certificates(pemBody(idp.certificate))),
  ...taken("an expired certificate where the connection allows it", {}, BASES, {
    connection: { certificates: [expired.certificate], acceptExpiredCertificates: true },
  }),
  ...taken(
    "two keys in one message",
    {
      assertionSignature: {
        privateKey: malloryKey.privateKey,
        certificate: malloryKey.certificate,
      },
    },
    ["both"],
    certificates(idp.certificate, malloryKey.certificate),
  ),
  ...taken("white space around the base64 of the digest", {
    signature: {
      editSignedInfo: (info) => info.replace(/<ds:DigestValue>([^<]*)/, "<ds:DigestValue>\n$1\n"),
    },
  }),
  ...taken(
    "self-closing tags in the signature",
    written((xml) => xml.replace(/<(ds:\w+)( [^<>]*)><\/\1>/g, "<$1$2/>")),
    ONE,
  ),
];
