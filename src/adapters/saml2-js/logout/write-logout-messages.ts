import { defined } from "../../../domain/defined.ts";
import type { NameId } from "../../../domain/email-identity.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type {
  BrowserMessage,
  LogoutRequest,
  LogoutStatus,
  LogoutSubject,
  ServiceProvider,
} from "../../../ports/identity-port.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { freshId } from "../wire/lexical-forms.ts";
import { postForm } from "../wire/post-binding.ts";
import { redirectUrl } from "../wire/redirect-binding.ts";
import { STATUS_PARTIAL_LOGOUT, STATUS_RESPONDER, STATUS_SUCCESS } from "../xml/names.ts";
import type { XmlElement } from "../xml/tree.ts";
import { declareNamespaces, makeElement, type PrefixedName, writeXml } from "../xml/write-xml.ts";

/** Between whom a logout message goes. */
export interface LogoutRoute {
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  readonly key: ServiceProviderKey;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A signed LogoutRequest (SAML core section 3.7.1). */
export async function logoutRequest(
  route: LogoutRoute,
  subject: LogoutSubject,
): Promise<LogoutRequest> {
  const id = freshId();
  const endpoint = requestEndpoint(route);
  const message = messageElement(
    "samlp:LogoutRequest",
    { ...route, id, endpoint },
    {
      children: [
        makeElement("saml:NameID", nameIdAttributes(subject.nameId), [subject.nameId.value]),
        ...subject.sessionIndexes.map((index) => makeElement("samlp:SessionIndex", {}, [index])),
      ],
    },
  );
  return { id, message: signMessage(route, endpoint, { parameter: "SAMLRequest", message }) };
}

/** What we say to an IdP's LogoutRequest. */
export interface LogoutAnswer {
  readonly inResponseTo: string;
  readonly status: LogoutStatus;
  readonly relayState?: string;
}

/** A signed LogoutResponse (SAML core section 3.7.2). */
export async function logoutResponse(
  route: LogoutRoute,
  { inResponseTo, status, relayState }: LogoutAnswer,
): Promise<BrowserMessage> {
  // Metadata section 2.2.2: where the endpoint has a ResponseLocation, responses go there.
  const endpoint = route.connection.sloResponseUrl ?? requestEndpoint(route);
  const message = messageElement(
    "samlp:LogoutResponse",
    { ...route, id: freshId(), endpoint },
    {
      attributes: { InResponseTo: inResponseTo },
      children: [makeElement("samlp:Status", {}, [statusCode(status)])],
    },
  );
  return signMessage(route, endpoint, {
    parameter: "SAMLResponse",
    message,
    ...defined({ relayState }),
  });
}

function signMessage(
  { connection, key }: LogoutRoute,
  endpoint: string,
  { message, ...rest }: Parameters<typeof postForm>[1],
): BrowserMessage {
  if (connection.sloBinding === "post") return postForm(endpoint, { message, ...rest }, key);
  const url = redirectUrl(endpoint, { xml: writeXml(message), ...rest }, key.privateKey);
  return { binding: "redirect", url };
}

/** Core section 3.2.2.2: PartialLogout stands below a top-level code, which says it failed. */
function statusCode(status: LogoutStatus): XmlElement {
  const code = (Value: string, ...below: readonly XmlElement[]): XmlElement =>
    makeElement("samlp:StatusCode", { Value }, below);
  switch (status) {
    case "success":
      return code(STATUS_SUCCESS);
    case "partial":
      return code(STATUS_RESPONDER, code(STATUS_PARTIAL_LOGOUT));
    case "failed":
      return code(STATUS_RESPONDER);
  }
}

function messageElement(
  name: PrefixedName,
  {
    sp,
    now,
    id,
    endpoint,
  }: Pick<LogoutRoute, "sp" | "now"> & { readonly id: string; readonly endpoint: string },
  {
    attributes = {},
    children,
  }: {
    readonly attributes?: Readonly<Record<string, string>>;
    readonly children: readonly XmlElement[];
  },
): XmlElement {
  const head = {
    ID: id,
    Version: "2.0",
    IssueInstant: new Date(now).toISOString(),
    Destination: endpoint,
    ...attributes,
  };
  const issuer = makeElement("saml:Issuer", {}, [sp.entityId]);
  return declareNamespaces(makeElement(name, head, [issuer, ...children]));
}

function nameIdAttributes({
  format,
  nameQualifier,
  spNameQualifier,
}: NameId): Record<string, string> {
  return {
    Format: format,
    ...defined({ NameQualifier: nameQualifier, SPNameQualifier: spNameQualifier }),
  };
}

function requestEndpoint({ connection }: LogoutRoute): string {
  if (connection.sloUrl === undefined) throw new TypeError("the connection has no logout URL");
  return connection.sloUrl;
}
