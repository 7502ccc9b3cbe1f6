import type { ClaimedHead, ReceivedMessage } from "../../../ports/identity-port.ts";
import { RejectionError } from "../rejection-error.ts";
import { fieldsOf, messageOctets, utf8Text } from "../wire/message-bytes.ts";
import { unverifiedRedirectMessage } from "../wire/redirect-binding.ts";
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
      ...(issuer === undefined ? {} : { issuer }),
      ...(inResponseTo === undefined ? {} : { inResponseTo }),
    };
  } catch (error) {
    if (error instanceof RejectionError) return {};
    throw error;
  }
}

function xmlOf(message: ReceivedMessage): string {
  if (message.binding === "redirect") return unverifiedRedirectMessage(message.rawQuery).xml;
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
