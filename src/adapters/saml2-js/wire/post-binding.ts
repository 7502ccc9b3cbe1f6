import { createHash, sign } from "node:crypto";
import type { BrowserMessage } from "../../../ports/identity-port.ts";
import { ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, RSA_SHA256, SHA256 } from "../crypto/algorithms.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { canonicalForm } from "../xml/exclusive-c14n.ts";
import { attributeOf, type XmlElement } from "../xml/tree.ts";
import { declareNamespaces, makeElement, writeXml } from "../xml/write-xml.ts";
import type { MessageParameter } from "./redirect-binding.ts";

/**
 * Form with a message to `endpoint` (bindings section 3.5.4).
 *
 * @param key signs the message; absent for an unsigned one.
 */
export function postForm(
  endpoint: string,
  {
    parameter,
    message,
    relayState,
  }: {
    readonly parameter: MessageParameter;
    readonly message: XmlElement;
    readonly relayState?: string;
  },
  key: ServiceProviderKey | undefined,
): BrowserMessage {
  const xml = writeXml(key === undefined ? message : signElement(message, key));
  return {
    binding: "post",
    url: endpoint,
    fields: {
      [parameter]: Buffer.from(xml, "utf8").toString("base64"),
      ...(relayState === undefined || relayState === "" ? {} : { RelayState: relayState }),
    },
  };
}

/**
 * A message of ours with an enveloped signature behind its first child, which is the Issuer (SAML
 * core section 5.4).
 *
 * @param message declares every prefix that it uses, and has an ID.
 */
function signElement(message: XmlElement, key: ServiceProviderKey): XmlElement {
  const [issuer = "", ...rest] = message.children;
  return { ...message, children: [issuer, signatureOf(message, key), ...rest] };
}

function signatureOf(message: XmlElement, { privateKey, certificate }: ServiceProviderKey) {
  const digest = createHash("sha256").update(canonicalForm(message)).digest("base64");
  const method = (name: "Transform" | "DigestMethod" | "SignatureMethod", Algorithm: string) =>
    makeElement(`ds:${name}`, { Algorithm });
  const signedInfo = makeElement("ds:SignedInfo", {}, [
    makeElement("ds:CanonicalizationMethod", { Algorithm: EXCLUSIVE_C14N }),
    method("SignatureMethod", RSA_SHA256),
    makeElement("ds:Reference", { URI: `#${attributeOf(message, "ID")}` }, [
      makeElement("ds:Transforms", {}, [
        method("Transform", ENVELOPED_SIGNATURE),
        method("Transform", EXCLUSIVE_C14N),
      ]),
      method("DigestMethod", SHA256),
      makeElement("ds:DigestValue", {}, [digest]),
    ]),
  ]);
  const octets = Buffer.from(canonicalForm(declareNamespaces(signedInfo)));
  const value = sign("sha256", octets, privateKey).toString("base64");
  return declareNamespaces(
    makeElement("ds:Signature", {}, [
      signedInfo,
      makeElement("ds:SignatureValue", {}, [value]),
      makeElement("ds:KeyInfo", {}, [
        makeElement("ds:X509Data", {}, [makeElement("ds:X509Certificate", {}, [certificate])]),
      ]),
    ]),
  );
}
