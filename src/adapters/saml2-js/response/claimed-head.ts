import { defined } from "../../../domain/defined.ts";
import type { RejectionCode } from "../../../domain/rejection.ts";
import type { ClaimedHead, ReceivedMessage } from "../../../ports/identity-port.ts";
import { RejectionError } from "../rejection-error.ts";
import { fieldsOf, messageOctets, utf8Text } from "../wire/message-bytes.ts";
import {
  claimedRedirectResponse,
  readUnverifiedRedirectMessage,
} from "../wire/redirect-binding.ts";
import { NS } from "../xml/names.ts";
import { readXml } from "../xml/read-xml.ts";
import { childrenNamed, isNamed, trimmedAttributeOf, type XmlElement } from "../xml/tree.ts";
import { issuerText } from "./response-reading.ts";

/**
 * Returns what a message claims, unverified. Uses the reader and the limits of the gate;
 * verification reads it again.
 */
export function claimedHead(message: ReceivedMessage): ClaimedHead {
  try {
    const root = readXml(xmlOf(message));
    const issuer = claimedIssuer(root);
    const inResponseTo = isNamed(root, NS.samlp, "Response")
      ? trimmedAttributeOf(root, "InResponseTo")
      : undefined;
    return {
      ...defined({ issuer, inResponseTo }),
    };
  } catch (error) {
    if (error instanceof RejectionError) return {};
    throw error;
  }
}

function xmlOf(message: ReceivedMessage): string {
  if (message.binding === "redirect") return readUnverifiedRedirectMessage(message.rawQuery).xml;
  const { form } = message;
  return utf8Text(
    fieldsOf(form).has("SAMLRequest")
      ? messageOctets(form, "SAMLRequest", "SAMLResponse")
      : messageOctets(form, "SAMLResponse", "SAMLRequest"),
  );
}

/** The Issuer of the message; a Response without one may have it in its assertion. */
function claimedIssuer(root: XmlElement): string | undefined {
  const [issuer] = childrenNamed(root, NS.saml, "Issuer");
  if (issuer !== undefined) return issuerText(issuer);
  const [assertion] = childrenNamed(root, NS.saml, "Assertion");
  return assertion === undefined ? undefined : claimedIssuer(assertion);
}

/**
 * What a LogoutResponse claims to answer, unverified. Uses the reader and the limits of the
 * verification.
 *
 * @returns `undefined` for anything else than one message in `SAMLResponse`.
 */
export function claimedLogoutResponse(
  message: ReceivedMessage,
): { readonly inResponseTo?: string } | undefined {
  try {
    const xml = responseXml(message);
    if (xml === undefined) return undefined;
    const root = readXml(xml);
    if (!isNamed(root, NS.samlp, "LogoutResponse")) return undefined;
    const inResponseTo = trimmedAttributeOf(root, "InResponseTo");
    return inResponseTo === undefined ? {} : { inResponseTo };
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    return NO_MESSAGE.has(error.code) ? undefined : {};
  }
}

/** Refusals of what is no message, or several. */
const NO_MESSAGE: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  "message-missing",
  "message-ambiguous",
]);

function responseXml(message: ReceivedMessage): string | undefined {
  if (message.binding === "redirect") return claimedRedirectResponse(message.rawQuery);
  return fieldsOf(message.form).has("SAMLResponse")
    ? utf8Text(messageOctets(message.form, "SAMLResponse", "SAMLRequest"))
    : undefined;
}
