import { createHash, verify, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import type { ContestantFactory } from "./contestants.ts";

const ofSaml2Js = createRequire(createRequire(import.meta.url).resolve("saml2-js"));
const { DOMParser } = ofSaml2Js("@xmldom/xmldom");
const { ExclusiveCanonicalization } = ofSaml2Js("xml-crypto");

/**
 * The least that validating a signed assertion can cost with saml2-js's parts: one parse, the two
 * canonical forms, one digest, one verification. No check, no encryption, no second certificate.
 */
export const floor: ContestantFactory = (certificates) => {
  const keys = certificates.map((pem) => new X509Certificate(pem).publicKey);
  const canonical = (node: unknown): string => new ExclusiveCanonicalization().process(node, {});
  return async (form) => {
    const text = Buffer.from(String(form["SAMLResponse"]), "base64").toString();
    const document = new DOMParser().parseFromString(text, "text/xml");
    const signature = document.getElementsByTagName("ds:Signature")[0];
    if (signature === undefined) return false;
    const { parentNode, firstChild, childNodes } = signature;
    const signedInfo = canonical(firstChild);
    const value = Buffer.from(childNodes[1].textContent, "base64");
    parentNode.removeChild(signature);
    const digest = createHash("sha256").update(canonical(parentNode)).digest("base64");
    return (
      signedInfo.includes(digest) &&
      keys.some((key) => verify("sha256", Buffer.from(signedInfo), key, value))
    );
  };
};
