import { messageOctets, utf8Text } from "./message-bytes.ts";
import { NS } from "./namespaces.ts";
import { Refusal } from "./refusal.ts";
import { readXml } from "./xml/read-xml.ts";
import { attributeOf, isNamed } from "./xml/tree.ts";

/**
 * The InResponseTo that a response claims, read as strictly as the gate reads and bounded by the
 * same limits, and worth nothing yet: whoever verifies the response reads it again.
 */
export function claimedInResponseTo(form: unknown): string | undefined {
  try {
    const root = readXml(utf8Text(messageOctets(form, "SAMLResponse", "SAMLRequest")));
    return isNamed(root, NS.samlp, "Response") ? attributeOf(root, "InResponseTo") : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
