import type { Comparison } from "../../../domain/rejection.ts";
import { OversizedForm } from "../../../ports/identity-port.ts";
import { refuse } from "../rejection-error.ts";
import { strictBase64 } from "./lexical-forms.ts";

/** Maximum number of octets of a base64-decoded message. */
export const MAX_MESSAGE_OCTETS: number = 192 * 1024;

/**
 * The octets of the form field `name`: one string, strict base64 (RFC 4648, white space off).
 * `other` is the field of the opposite direction, which must not be there.
 */
export function messageOctets(form: unknown, name: string, other: string): Buffer {
  if (form instanceof OversizedForm) {
    const { bytes, limit } = form;
    refuse("message-too-large", "the form with the message is too large and was not read", {
      sent: bytes === undefined ? `more than ${limit} bytes` : `${bytes} bytes`,
      expected: `at most ${limit} bytes`,
    });
  }
  const fields = fieldsOf(form);
  if (fields.has(other))
    refuse("message-ambiguous", `the request contains both ${name} and ${other}`);
  const value = fields.get(name);
  if (value === undefined) refuse("message-missing", `the request has no ${name} field`);
  if (typeof value !== "string")
    refuse("message-ambiguous", `the request contains ${name} more than once`);
  return base64Octets(value);
}

/** The fields of a form that has not been looked at. */
export function fieldsOf(form: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof form === "object" && form !== null ? Object.entries(form) : []);
}

/** Decodes base64 and makes sure that no other decoder could read it differently. */
export function base64Octets(text: string): Buffer {
  if (text.length > MAX_MESSAGE_OCTETS * 2)
    refuse("message-too-large", "the message is too large", tooMany(Math.ceil(text.length * 0.75)));
  const octets =
    strictBase64(text) ?? refuse("message-not-base64", "the message is not valid Base64");
  if (octets.length > MAX_MESSAGE_OCTETS)
    refuse("message-too-large", "the message is too large", tooMany(octets.length));
  return octets;
}

function tooMany(octets: number): Comparison {
  return { sent: `${octets} bytes`, expected: `at most ${MAX_MESSAGE_OCTETS} bytes` };
}

/** Decodes UTF-8 without repair; a byte order mark is refused. */
export function utf8Text(octets: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return refuse("message-not-utf8", "the message is not valid UTF-8", "encoding");
  }
  if (text.startsWith("\uFEFF"))
    refuse(
      "message-not-utf8",
      "the message begins with a byte order mark, which a SAML message may not",
      "byte-order-mark",
    );
  return text;
}
