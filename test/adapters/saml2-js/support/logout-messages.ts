import { sign } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import {
  SIGNATURE_URIS,
  type SignatureAlgorithm,
} from "../../../../src/testing/signing-idp/algorithms.ts";
import { signXml } from "../../../../src/testing/signing-idp/sign-xml.ts";
import { element, NAMESPACES, text } from "../../../../src/testing/signing-idp/xml-text.ts";
import { idp, NOW, SP } from "./parties.ts";

/** Members of a logout message that differ from the usual; an empty one is left out. */
export interface LogoutOptions {
  readonly issuer?: string;
  readonly destination?: string;
  readonly version?: string;
  readonly issueInstant?: string;
  readonly notOnOrAfter?: string;
  readonly inResponseTo?: string;
  readonly status?: string;
  readonly content?: string;
  readonly id?: string;
}

/** A LogoutRequest from the identity provider, unsigned, in canonical form. */
export function logoutRequestXml(options: LogoutOptions = {}): string {
  const content =
    options.content ??
    element(
      "saml:NameID",
      { "xmlns:saml": NAMESPACES.saml, Format: "urn:example:format" },
      "ada@customer.example",
    ) +
      element("samlp:SessionIndex", {}, "_session-1") +
      element("samlp:SessionIndex", {}, "_session-2");
  return message("samlp:LogoutRequest", { ...options, inResponseTo: "" }, content);
}

/** A LogoutResponse from the identity provider, unsigned, in canonical form. */
export function logoutResponseXml(options: LogoutOptions = {}): string {
  const status = options.status ?? "urn:oasis:names:tc:SAML:2.0:status:Success";
  const content =
    options.content ?? element("samlp:Status", {}, element("samlp:StatusCode", { Value: status }));
  return message("samlp:LogoutResponse", { inResponseTo: "_our-request", ...options }, content);
}

function message(name: string, options: LogoutOptions, content: string): string {
  const attribute = (value: string | undefined, usual?: string): string | undefined =>
    value === "" ? undefined : (value ?? usual);
  return element(
    name,
    {
      "xmlns:samlp": NAMESPACES.samlp,
      ID: attribute(options.id, "_logout"),
      Version: attribute(options.version, "2.0"),
      IssueInstant: attribute(options.issueInstant, new Date(NOW).toISOString()),
      Destination: attribute(options.destination, SP.sloUrl),
      InResponseTo: attribute(options.inResponseTo),
      NotOnOrAfter: attribute(options.notOnOrAfter),
    },
    options.issuer === ""
      ? ""
      : element(
          "saml:Issuer",
          { "xmlns:saml": NAMESPACES.saml },
          text(options.issuer ?? idp.entityId),
        ),
    content,
  );
}

/** The form that posts a message with an enveloped signature. */
export function signedForm(
  parameter: "SAMLRequest" | "SAMLResponse",
  xml: string,
): Record<string, string> {
  const signed = signXml(xml, { privateKey: idp.key.privateKey, certificate: idp.certificate });
  return { [parameter]: Buffer.from(signed).toString("base64") };
}

/** How a query is put together. */
export interface QueryOptions {
  readonly parameter?: "SAMLRequest" | "SAMLResponse";
  readonly relayState?: string;
  readonly algorithm?: SignatureAlgorithm;
  readonly privateKey?: string;
  /** Percent-encodes a value; every sender has its own way. */
  readonly encode?: (value: string) => string;
  /** The compressed message; deflate by default. */
  readonly compressed?: Uint8Array;
}

/** The raw query of a signed message (bindings section 3.4.4.1). */
export function signedQuery(xml: string, options: QueryOptions = {}): string {
  const {
    parameter = "SAMLRequest",
    relayState,
    algorithm = "rsa-sha256",
    encode = encodeURIComponent,
  } = options;
  const compressed = Buffer.from(options.compressed ?? deflateRawSync(xml)).toString("base64");
  const signed = [
    `${parameter}=${encode(compressed)}`,
    ...(relayState === undefined ? [] : [`RelayState=${encode(relayState)}`]),
    `SigAlg=${encode(SIGNATURE_URIS[algorithm])}`,
  ].join("&");
  const hash = algorithm === "rsa-sha1" ? "sha1" : "sha256";
  const signature = sign(hash, Buffer.from(signed), options.privateKey ?? idp.key.privateKey);
  return `${signed}&Signature=${encode(signature.toString("base64"))}`;
}
