import { type Attack, afterSigning, over } from "../support/attack.ts";
import { ASSERTION_SIGNED, type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-assertion"];
const REFUSED = ["signature-structure-invalid", "structure-invalid"] as const;

const SIGNED_INFO = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s;

/** The SignedInfo of `xml`, about another digest. */
function decoy(xml: string): string {
  const info = SIGNED_INFO.exec(xml)?.[0] ?? "";
  return info.replace(/(<ds:DigestValue>)[^<]*/, "$1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
}

const beforeIt: Edit = (xml) => swap("<ds:SignedInfo>", `${decoy(xml)}<ds:SignedInfo>`)(xml);
const behindIt: Edit = (xml) => swap("</ds:SignedInfo>", `</ds:SignedInfo>${decoy(xml)}`)(xml);
const inObject: Edit = (xml) =>
  swap("</ds:Signature>", `<ds:Object>${decoy(xml)}</ds:Object></ds:Signature>`)(xml);
const inKeyInfo: Edit = (xml) => swap("</ds:KeyInfo>", `${decoy(xml)}</ds:KeyInfo>`)(xml);

function doubled(element: string): Edit {
  const pattern = new RegExp(`<ds:${element}[ >].*?</ds:${element}>`, "s");
  return (xml) => swap(pattern, (pattern.exec(xml)?.[0] ?? "").repeat(2))(xml);
}

/** SignedInfo twice, decoys, and everything in a signature that should not be there (CVE-2025-29774, -29775). */
export const signedInfo: readonly Attack[] = [
  ...over("SignedInfo: a decoy before the signed one", REFUSED, afterSigning(beforeIt), BASES),
  ...over("SignedInfo: a decoy behind the signed one", REFUSED, afterSigning(behindIt), BASES),
  ...over("SignedInfo: a decoy in an Object", REFUSED, afterSigning(inObject), BASES),
  ...over("SignedInfo: a decoy in KeyInfo", REFUSED, afterSigning(inKeyInfo), BASES),
  ...[
    "SignatureValue",
    "KeyInfo",
    "DigestValue",
    "DigestMethod",
    "SignatureMethod",
    "Transforms",
  ].flatMap((element) =>
    over(`SignedInfo: ${element} twice`, REFUSED, afterSigning(doubled(element)), BASES),
  ),
  ...over(
    "SignedInfo: a second signature in the same element",
    REFUSED,
    afterSigning(doubled("Signature")),
    ASSERTION_SIGNED,
  ),
  ...over(
    "SignedInfo: an unknown element in the signature",
    REFUSED,
    afterSigning(swap("</ds:Signature>", "<ds:X></ds:X></ds:Signature>")),
    BASES,
  ),
  ...over(
    "SignedInfo: text in the signature",
    REFUSED,
    afterSigning(swap("<ds:SignatureValue>", "x<ds:SignatureValue>")),
    BASES,
  ),
  ...over(
    "SignedInfo: SignatureValue before SignedInfo",
    REFUSED,
    afterSigning((xml) => {
      const value = /<ds:SignatureValue>.*?<\/ds:SignatureValue>/s.exec(xml)?.[0] ?? "";
      return xml.replace(value, "").replace("<ds:SignedInfo>", `${value}<ds:SignedInfo>`);
    }),
    BASES,
  ),
  ...over("SignedInfo: it is missing", REFUSED, afterSigning(swap(SIGNED_INFO, "")), BASES),
  ...over(
    "SignedInfo: an element within the DigestValue",
    [...REFUSED, "signature-invalid"],
    afterSigning(swap("<ds:DigestValue>", "<ds:DigestValue><x></x>")),
    BASES,
  ),
  ...over(
    "SignedInfo: an element within the SignatureValue",
    REFUSED,
    afterSigning(swap("<ds:SignatureValue>", "<ds:SignatureValue><x></x>")),
    BASES,
  ),
  ...over(
    "SignedInfo: something in the SignatureMethod",
    "signature-structure-invalid",
    {
      signature: {
        editSignedInfo: swap(
          "</ds:SignatureMethod>",
          "<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>",
        ),
      },
    },
    BASES,
  ),
  ...over(
    "SignedInfo: something in the DigestMethod",
    "signature-structure-invalid",
    {
      signature: { editSignedInfo: swap("</ds:DigestMethod>", "<x></x></ds:DigestMethod>") },
    },
    BASES,
  ),
  ...over(
    "SignedInfo: text in the Reference, signed",
    REFUSED,
    { signature: { editSignedInfo: swap("<ds:DigestMethod", "x<ds:DigestMethod") } },
    BASES,
  ),
];
