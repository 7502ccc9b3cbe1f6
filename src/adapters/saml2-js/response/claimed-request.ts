import { RejectionError } from "../rejection-error.ts";
import { messageOctets, utf8Text } from "../wire/message-bytes.ts";
import { NS } from "../xml/namespaces.ts";
import { readXml } from "../xml/read-xml.ts";
import { isNamed, trimmedAttributeOf } from "../xml/tree.ts";

/**
 * Returns the InResponseTo that a response claims, unverified. Uses the reader and the limits of
 * the gate; verification reads it again.
 */
export function claimedInResponseTo(form: unknown): string | undefined {
  try {
    const root = readXml(utf8Text(messageOctets(form, "SAMLResponse", "SAMLRequest")));
    return isNamed(root, NS.samlp, "Response")
      ? trimmedAttributeOf(root, "InResponseTo")
      : undefined;
  } catch (error) {
    if (error instanceof RejectionError) return undefined;
    throw error;
  }
}
