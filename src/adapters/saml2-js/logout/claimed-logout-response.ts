import type { RejectionCode } from "../../../domain/rejection.ts";
import type { ReceivedMessage } from "../../../ports/identity-port.ts";
import { RejectionError } from "../rejection-error.ts";
import { fieldsOf, messageOctets, utf8Text } from "../wire/message-bytes.ts";
import { claimedRedirectResponse } from "../wire/redirect-binding.ts";
import { NS } from "../xml/names.ts";
import { readXml } from "../xml/read-xml.ts";
import { isNamed, trimmedAttributeOf } from "../xml/tree.ts";

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
