import {
  DIGEST_URIS,
  type DigestAlgorithm,
  digestOf,
  ENVELOPED_SIGNATURE,
  EXCLUSIVE_C14N,
  SIGNATURE_URIS,
  type SignatureAlgorithm,
  signatureValue,
} from "./algorithms.ts";
import { pemBody } from "./certificate.ts";
import { element, NAMESPACES } from "./xml-text.ts";

/** How to sign one element. */
export interface XmlSignatureOptions {
  /** PEM. */
  readonly privateKey: string;
  /** PEM; goes into KeyInfo, which is left out when absent. */
  readonly certificate?: string;
  /** Default `rsa-sha256`. */
  readonly algorithm?: SignatureAlgorithm;
  /** Digest method. Default: `sha256`. */
  readonly digest?: DigestAlgorithm;
  /** Prefix of the signature's elements; empty for none. Default: `ds`. */
  readonly prefix?: string;
  /** Prefixes treated as in inclusive canonicalization; the element must declare them itself. */
  readonly inclusivePrefixes?: readonly string[];
  /** Changes SignedInfo (canonical form) before it is signed: for hostile signatures. */
  readonly editSignedInfo?: (signedInfo: string) => string;
}

/**
 * An enveloped signature (XML Signature section 2, SAML core section 5.4) over `xml`.
 *
 * @param xml an element in exclusive-canonical form with an `ID`, without the signature.
 * @returns the Signature element, to be put behind the Issuer.
 */
export function signatureOver(xml: string, options: XmlSignatureOptions): string {
  const { algorithm = "rsa-sha256", digest = "sha256", prefix = "ds" } = options;
  const name = (local: string): string => (prefix === "" ? local : `${prefix}:${local}`);
  const declaration = prefix === "" ? "xmlns" : `xmlns:${prefix}`;
  const method = (local: string, uri: string, ...children: readonly string[]): string =>
    element(name(local), { Algorithm: uri }, ...children);
  const reference = element(
    name("Reference"),
    { URI: `#${idOf(xml)}` },
    element(
      name("Transforms"),
      {},
      method("Transform", ENVELOPED_SIGNATURE),
      method("Transform", EXCLUSIVE_C14N, ...inclusiveNamespaces(options.inclusivePrefixes)),
    ),
    method("DigestMethod", DIGEST_URIS[digest]),
    element(name("DigestValue"), {}, digestOf(xml, digest)),
  );
  const written = element(
    name("SignedInfo"),
    // In the document the declaration stands on Signature; canonical, the apex repeats it.
    { [declaration]: NAMESPACES.ds },
    method("CanonicalizationMethod", EXCLUSIVE_C14N),
    method("SignatureMethod", SIGNATURE_URIS[algorithm]),
    reference,
  );
  const signedInfo = options.editSignedInfo?.(written) ?? written;
  const { certificate } = options;
  const keyInfo =
    certificate === undefined
      ? []
      : [
          element(
            name("KeyInfo"),
            {},
            element(
              name("X509Data"),
              {},
              element(name("X509Certificate"), {}, pemBody(certificate)),
            ),
          ),
        ];
  return element(
    name("Signature"),
    { [declaration]: NAMESPACES.ds },
    signedInfo.replace(` ${declaration}="${NAMESPACES.ds}"`, ""),
    element(name("SignatureValue"), {}, signatureValue(signedInfo, algorithm, options.privateKey)),
    ...keyInfo,
  );
}

/** `xml` with an enveloped signature behind its first Issuer, where the SAML schema wants it. */
export function signXml(xml: string, options: XmlSignatureOptions): string {
  return insertSignature(xml, signatureOver(xml, options));
}

/** `xml` with `signature` after its first Issuer, or first without an Issuer. */
export function insertSignature(xml: string, signature: string): string {
  const place = /<\/(?:[\w.-]+:)?Issuer>/.exec(xml) ?? /^<[^>]*>/.exec(xml);
  const at = place === null ? 0 : place.index + place[0].length;
  return xml.slice(0, at) + signature + xml.slice(at);
}

/** The `ID` of the outermost element. */
export function idOf(xml: string): string {
  return /^<[^>]*? ID="([^"]*)"/.exec(xml)?.[1] ?? "";
}

function inclusiveNamespaces(prefixes: readonly string[] | undefined): readonly string[] {
  return prefixes === undefined
    ? []
    : [
        element("ec:InclusiveNamespaces", {
          "xmlns:ec": NAMESPACES.ec,
          PrefixList: prefixes.join(" "),
        }),
      ];
}
