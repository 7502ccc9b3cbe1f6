import { randomBytes } from "node:crypto";
import type { NameId } from "../../domain/email-identity.ts";
import type { Connection } from "../../domain/settings.ts";
import type { LoginRequest, LogoutSubject, ServiceProvider } from "../../ports/identity-port.ts";
import type { ServiceProviderKey } from "./decrypt.ts";
import { xmlBuilder } from "./libraries.ts";
import { NS, STATUS_SUCCESS } from "./namespaces.ts";
import { signedRedirectUrl } from "./redirect-binding.ts";

/** Between whom a logout message goes. */
export interface LogoutRoute {
  readonly sp: ServiceProvider;
  readonly connection: Connection;
  readonly key: ServiceProviderKey;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type XmlBuilder = ReturnType<typeof import("xmlbuilder2").create>;

const PARTIAL_LOGOUT = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";

/** A signed LogoutRequest (SAML core section 3.7.1) by HTTP-Redirect. */
export async function logoutRequest(
  route: LogoutRoute,
  subject: LogoutSubject,
): Promise<LoginRequest> {
  const id = messageId();
  const message = await head("LogoutRequest", id, route);
  message.ele(NS.saml, "saml:NameID", nameIdAttributes(subject.nameId)).txt(subject.nameId.value);
  for (const index of subject.sessionIndexes)
    message.ele(NS.samlp, "samlp:SessionIndex").txt(index);
  const xml = message.doc().end({ headless: true });
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
  readonly succeeded: boolean;
  readonly relayState?: string;
}

/** A signed LogoutResponse (SAML core section 3.7.2) by HTTP-Redirect. */
export async function logoutResponse(route: LogoutRoute, answer: LogoutAnswer): Promise<string> {
  const inResponseTo = { InResponseTo: answer.inResponseTo };
  const message = await head("LogoutResponse", messageId(), route, inResponseTo);
  message.ele(NS.samlp, "samlp:Status").ele(NS.samlp, "samlp:StatusCode", {
    Value: answer.succeeded ? STATUS_SUCCESS : PARTIAL_LOGOUT,
  });
  const xml = message.doc().end({ headless: true });
  const { relayState } = answer;
  return signedRedirectUrl(
    endpointOf(route),
    { parameter: "SAMLResponse", xml, ...(relayState === undefined ? {} : { relayState }) },
    route.key.privateKey,
  );
}

async function head(
  local: string,
  id: string,
  { sp, connection, now }: LogoutRoute,
  attributes: Readonly<Record<string, string>> = {},
): Promise<XmlBuilder> {
  const { create } = await xmlBuilder();
  const message = create().ele(NS.samlp, `samlp:${local}`, {
    ID: id,
    Version: "2.0",
    IssueInstant: new Date(now).toISOString(),
    Destination: endpointOf({ connection }),
    ...attributes,
  });
  message.ele(NS.saml, "saml:Issuer").txt(sp.entityId);
  return message;
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
