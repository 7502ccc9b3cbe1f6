import { RejectionError, refuse } from "../adapters/saml2-js/rejection-error.ts";
import { messageOctets, utf8Text } from "../adapters/saml2-js/wire/message-bytes.ts";
import { readUnverifiedRedirectMessage } from "../adapters/saml2-js/wire/redirect-binding.ts";
import { MESSAGE_LIMITS } from "../adapters/saml2-js/xml/limits.ts";
import { NS } from "../adapters/saml2-js/xml/names.ts";
import { readMetadataXml } from "../adapters/saml2-js/xml/read-metadata-xml.ts";
import {
  childrenNamed,
  descendants,
  isNamed,
  textOf,
  trimmedAttributeOf,
  trimXmlSpace,
  type XmlElement,
} from "../adapters/saml2-js/xml/tree.ts";
import { defined } from "../domain/defined.ts";

const POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const FETCH_MS = 5000;
const MAX_METADATA_BYTES = 1024 * 1024;

/** What is wrong, for the developer in front of the browser. */
export class DevIdpFault extends Error {
  override readonly name = "DevIdpFault";
}

/** What an AuthnRequest asks for (SAML core section 3.4.1). */
export interface AuthnRequest {
  readonly id: string;
  /** Entity ID of the service provider. */
  readonly issuer: string;
  readonly acsUrl?: string;
  readonly nameIdFormat?: string;
  /** The first one that is requested. */
  readonly authnContextClassRef?: string;
  readonly relayState?: string;
}

/** A service provider, from its metadata. */
export interface KnownServiceProvider {
  readonly entityId: string;
  /** Its default assertion consumer service by HTTP-POST. */
  readonly acsUrl: string;
}

/**
 * Reads a request of the HTTP-Redirect binding. Signatures are not verified: an answer reaches
 * nobody but the browser in front of this computer.
 *
 * @throws DevIdpFault
 */
export function readRedirectRequest(rawQuery: string): AuthnRequest {
  return reading(() => {
    const { parameter, xml, relayState } = readUnverifiedRedirectMessage(rawQuery);
    if (parameter !== "SAMLRequest") refuse("message-missing", "there is no SAMLRequest");
    return { ...authnRequest(xml), ...defined({ relayState }) };
  });
}

/**
 * Reads a request of the HTTP-POST binding.
 *
 * @throws DevIdpFault
 */
export function readPostedRequest(form: URLSearchParams): AuthnRequest {
  return reading(() => {
    const octets = messageOctets(Object.fromEntries(form), "SAMLRequest", "SAMLResponse");
    const relayState = form.get("RelayState") ?? undefined;
    return { ...authnRequest(utf8Text(octets)), ...defined({ relayState }) };
  });
}

/**
 * Fetches the metadata of a service provider, for sign-ins that begin here.
 *
 * @throws DevIdpFault
 */
export async function fetchServiceProvider(url: string): Promise<KnownServiceProvider> {
  const text = await fetchText(url);
  return reading(() => {
    const root = readMetadataXml(text, MESSAGE_LIMITS);
    const services = descendants(root)
      .filter((element) => isNamed(element, NS.md, "AssertionConsumerService"))
      .filter((element) => trimmedAttributeOf(element, "Binding") === POST_BINDING);
    const isDefault = (element: XmlElement) =>
      ["true", "1"].includes(trimmedAttributeOf(element, "isDefault") ?? "");
    const service = services.find(isDefault) ?? services[0];
    const acsUrl = service === undefined ? undefined : trimmedAttributeOf(service, "Location");
    const entityId = trimmedAttributeOf(root, "entityID");
    if (!isNamed(root, NS.md, "EntityDescriptor") || entityId === undefined || !acsUrl) {
      throw new DevIdpFault(`${url} does not describe a service provider that receives posts.`);
    }
    return { entityId, acsUrl };
  });
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
    const text = await response.text();
    if (response.ok && text.length <= MAX_METADATA_BYTES) return text;
    throw new DevIdpFault(`${url} answers with status ${response.status}, not with metadata.`);
  } catch (cause) {
    if (cause instanceof DevIdpFault) throw cause;
    throw new DevIdpFault(`${url} does not answer. Is your platform running?`, { cause });
  }
}

function authnRequest(xml: string): AuthnRequest {
  const root = readMetadataXml(xml, MESSAGE_LIMITS);
  if (!isNamed(root, NS.samlp, "AuthnRequest")) {
    throw new DevIdpFault(`This is a ${root.local}. Only an AuthnRequest is answered here.`);
  }
  const id = trimmedAttributeOf(root, "ID");
  const issuer = textIn(root, NS.saml, "Issuer");
  if (id === undefined || issuer === undefined) {
    throw new DevIdpFault("The AuthnRequest has no ID or no Issuer.");
  }
  const [policy] = childrenNamed(root, NS.samlp, "NameIDPolicy");
  const [context] = childrenNamed(root, NS.samlp, "RequestedAuthnContext");
  return {
    id,
    issuer,
    ...defined({
      acsUrl: trimmedAttributeOf(root, "AssertionConsumerServiceURL"),
      nameIdFormat: policy && trimmedAttributeOf(policy, "Format"),
      authnContextClassRef: context && textIn(context, NS.saml, "AuthnContextClassRef"),
    }),
  };
}

function textIn(parent: XmlElement, namespace: string, local: string): string | undefined {
  const [child] = childrenNamed(parent, namespace, local);
  const text = trimXmlSpace((child && textOf(child)) ?? "");
  return text === "" ? undefined : text;
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    throw new DevIdpFault(`The message cannot be read: ${error.message}.`, { cause: error });
  }
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a response may be posted to `url`: to this computer, or over https. A response is a signed
 * statement; over plain http to another host, everybody on the way can read it.
 */
export function isPermittedAcs(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
