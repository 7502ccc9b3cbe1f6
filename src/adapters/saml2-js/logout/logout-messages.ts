import { randomBytes } from "node:crypto";
import type { NameId } from "../../../domain/email-identity.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type {
  LoginRequest,
  LogoutStatus,
  LogoutSubject,
  ServiceProvider,
} from "../../../ports/identity-port.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { signedRedirectUrl } from "../wire/redirect-binding.ts";
import { declareNamespaces, makeElement, type PrefixedName } from "../xml/build-xml.ts";
import { STATUS_PARTIAL_LOGOUT, STATUS_RESPONDER, STATUS_SUCCESS } from "../xml/names.ts";
import type { XmlElement } from "../xml/tree.ts";
import { writtenXml } from "../xml/write-xml.ts";

/** Between whom a logout message goes. */
export interface LogoutRoute {
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  readonly key: ServiceProviderKey;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A signed LogoutRequest (SAML core section 3.7.1) by HTTP-Redirect. */
export async function logoutRequest(
  route: LogoutRoute,
  subject: LogoutSubject,
): Promise<LoginRequest> {
  const id = messageId();
  const xml = messageXml("samlp:LogoutRequest", id, route, {
    children: [
      makeElement("saml:NameID", nameIdAttributes(subject.nameId), [subject.nameId.value]),
      ...subject.sessionIndexes.map((index) => makeElement("samlp:SessionIndex", {}, [index])),
    ],
  });
  return {
    id,
    url: signedRedirectUrl(
      endpointOf(route),
      { parameter: "SAMLRequest", xml },
      route.key.privateKey,
    ),
  };
}

/** What we say to an IdP's LogoutRequest. */
export interface LogoutAnswer {
  readonly inResponseTo: string;
  readonly status: LogoutStatus;
  readonly relayState?: string;
}

/** A signed LogoutResponse (SAML core section 3.7.2) by HTTP-Redirect. */
export async function logoutResponse(route: LogoutRoute, answer: LogoutAnswer): Promise<string> {
  const xml = messageXml("samlp:LogoutResponse", messageId(), route, {
    attributes: { InResponseTo: answer.inResponseTo },
    children: [makeElement("samlp:Status", {}, [statusCode(answer.status)])],
  });
  const { relayState } = answer;
  return signedRedirectUrl(
    endpointOf(route),
    { parameter: "SAMLResponse", xml, ...(relayState === undefined ? {} : { relayState }) },
    route.key.privateKey,
  );
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

function messageXml(
  name: PrefixedName,
  id: string,
  { sp, connection, now }: LogoutRoute,
  {
    attributes = {},
    children,
  }: {
    readonly attributes?: Readonly<Record<string, string>>;
    readonly children: readonly XmlElement[];
  },
): string {
  const head = {
    ID: id,
    Version: "2.0",
    IssueInstant: new Date(now).toISOString(),
    Destination: endpointOf({ connection }),
    ...attributes,
  };
  const issuer = makeElement("saml:Issuer", {}, [sp.entityId]);
  return writtenXml(declareNamespaces(makeElement(name, head, [issuer, ...children])));
}

function nameIdAttributes({
  format,
  nameQualifier,
  spNameQualifier,
}: NameId): Record<string, string> {
  return {
    Format: format,
    ...(nameQualifier === undefined ? {} : { NameQualifier: nameQualifier }),
    ...(spNameQualifier === undefined ? {} : { SPNameQualifier: spNameQualifier }),
  };
}

function endpointOf({ connection }: Pick<LogoutRoute, "connection">): string {
  if (connection.sloUrl === undefined) throw new TypeError("the connection has no logout URL");
  return connection.sloUrl;
}

/** 160 random bits (SAML core section 1.3.4); a name has to start with a letter or underscore. */
function messageId(): string {
  return `_${randomBytes(20).toString("hex")}`;
}
