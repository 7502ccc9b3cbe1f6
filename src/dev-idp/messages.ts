import { RejectionError } from "../adapters/saml2-js/rejection-error.ts";
import { messageOctets, utf8Text } from "../adapters/saml2-js/wire/message-bytes.ts";
import { readUnverifiedRedirectMessage } from "../adapters/saml2-js/wire/redirect-binding.ts";
import { MESSAGE_LIMITS } from "../adapters/saml2-js/xml/limits.ts";
import { HTTP_POST, HTTP_REDIRECT, NS } from "../adapters/saml2-js/xml/names.ts";
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

/** A message of single logout (SAML core section 3.7). */
export interface LogoutMessage {
  readonly kind: "request" | "response";
  readonly id: string;
  /** Entity ID of the service provider. */
  readonly issuer: string;
  /** The outermost status code of a response. */
  readonly status?: string;
  readonly relayState?: string;
}

/** A service provider, from its metadata. */
export interface KnownServiceProvider {
  readonly entityId: string;
  /** Its default assertion consumer service by HTTP-POST. */
  readonly acsUrl: string;
  /** Its single logout service by HTTP-Redirect, for requests and for responses. */
  readonly slo?: { readonly requestUrl: string; readonly responseUrl: string };
}

/** How a message came: a raw query by HTTP-Redirect, a form by HTTP-POST. */
export type Received = string | URLSearchParams;

/**
 * Reads an AuthnRequest. Signatures are not verified: an answer reaches nobody but the browser in front
 * of this computer.
 *
 * @throws DevIdpFault
 */
export function readAuthnRequest(received: Received): AuthnRequest {
  return reading(() => {
    const { root, relayState } = messageIn(received);
    if (!isNamed(root, NS.samlp, "AuthnRequest")) {
      throw new DevIdpFault(`This is a ${root.local}. Only an AuthnRequest is answered here.`);
    }
    const [policy] = childrenNamed(root, NS.samlp, "NameIDPolicy");
    const [context] = childrenNamed(root, NS.samlp, "RequestedAuthnContext");
    return {
      ...headOf(root),
      ...defined({
        acsUrl: trimmedAttributeOf(root, "AssertionConsumerServiceURL"),
        nameIdFormat: policy && trimmedAttributeOf(policy, "Format"),
        authnContextClassRef: context && textIn(context, NS.saml, "AuthnContextClassRef"),
        relayState,
      }),
    };
  });
}

/**
 * Reads a message of single logout; as little is verified.
 *
 * @throws DevIdpFault
 */
export function readLogoutMessage(received: Received): LogoutMessage {
  return reading(() => {
    const { root, relayState } = messageIn(received);
    const kind = ({ LogoutRequest: "request", LogoutResponse: "response" } as const)[root.local];
    if (kind === undefined || root.namespace !== NS.samlp) {
      throw new DevIdpFault(`This is a ${root.local}. Only messages of logout are answered here.`);
    }
    const [status] = childrenNamed(root, NS.samlp, "Status");
    const [code] = status === undefined ? [] : childrenNamed(status, NS.samlp, "StatusCode");
    return {
      kind,
      ...headOf(root),
      ...defined({ status: code && trimmedAttributeOf(code, "Value"), relayState }),
    };
  });
}

function messageIn(received: Received): {
  readonly root: XmlElement;
  readonly relayState?: string;
} {
  if (typeof received === "string") {
    const { xml, relayState } = readUnverifiedRedirectMessage(received);
    return { root: readMetadataXml(xml, MESSAGE_LIMITS), ...defined({ relayState }) };
  }
  const fields = Object.fromEntries(received);
  const [name, other] = received.has("SAMLResponse")
    ? (["SAMLResponse", "SAMLRequest"] as const)
    : (["SAMLRequest", "SAMLResponse"] as const);
  const xml = utf8Text(messageOctets(fields, name, other));
  const relayState = received.get("RelayState") ?? undefined;
  return { root: readMetadataXml(xml, MESSAGE_LIMITS), ...defined({ relayState }) };
}

function headOf(root: XmlElement): { readonly id: string; readonly issuer: string } {
  const id = trimmedAttributeOf(root, "ID");
  const issuer = textIn(root, NS.saml, "Issuer");
  if (id === undefined || issuer === undefined) {
    throw new DevIdpFault(`The ${root.local} has no ID or no Issuer.`);
  }
  return { id, issuer };
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
      .filter((element) => trimmedAttributeOf(element, "Binding") === HTTP_POST);
    const isDefault = (element: XmlElement) =>
      ["true", "1"].includes(trimmedAttributeOf(element, "isDefault") ?? "");
    const service = services.find(isDefault) ?? services[0];
    const acsUrl = service === undefined ? undefined : trimmedAttributeOf(service, "Location");
    const entityId = trimmedAttributeOf(root, "entityID");
    if (!isNamed(root, NS.md, "EntityDescriptor") || entityId === undefined || !acsUrl) {
      throw new DevIdpFault(`${url} does not describe a service provider that receives posts.`);
    }
    const [logout] = descendants(root)
      .filter((element) => isNamed(element, NS.md, "SingleLogoutService"))
      .filter((element) => trimmedAttributeOf(element, "Binding") === HTTP_REDIRECT);
    return { entityId, acsUrl, ...defined({ slo: logout && logoutUrls(logout) }) };
  });
}

function logoutUrls(service: XmlElement): KnownServiceProvider["slo"] {
  const requestUrl = trimmedAttributeOf(service, "Location");
  if (requestUrl === undefined) return undefined;
  return { requestUrl, responseUrl: trimmedAttributeOf(service, "ResponseLocation") ?? requestUrl };
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
 * Whether a message may be sent to `url`: to this computer, or over https. A response is a signed
 * statement; over plain http to another host, anyone on the path can read it.
 */
export function isPermittedUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
