import { encryptAssertion } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { spKey } from "../attacks/support/parties.ts";
import type { Random } from "./random.ts";

/** Octets on their way into the form field. */
export type OctetMutation = (octets: Buffer, random: Random) => Buffer;

/** A field's value, or what stands in its place. */
export type FieldMutation = (field: string, random: Random) => unknown;

/** Every mutation of the octets: of single ones, and of the encoding as a whole. */
export const OCTET_MUTATIONS: readonly OctetMutation[] = [
  (octets, random) => {
    const at = random.integer(octets.length);
    const changed = Buffer.from(octets);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.integer(8));
    return changed;
  },
  (octets, random) => spliced(octets, random, 0, Buffer.from([random.integer(256)])),
  (octets, random) => spliced(octets, random, 1 + random.integer(4), Buffer.alloc(0)),
  (octets, random) => {
    const from = random.integer(octets.length);
    return spliced(octets, random, 0, octets.subarray(from, from + random.integer(200)));
  },
  (octets, random) => spliced(octets, random, 0, Buffer.from([0xed, 0xa0, 0x80])),
  (octets, random) => spliced(octets, random, 0, Buffer.from([0xc0, 0xbc])),
  (octets, random) => octets.subarray(0, random.integer(octets.length)),
  (octets) => Buffer.from(`\uFEFF${octets.toString("utf8")}`, "utf16le"),
  (octets) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), octets]),
  (octets) => Buffer.from(octets.toString("utf8"), "latin1"),
];

const JUNK = ["*", "\u0000", "%", "-", "_", "=", "==", "\f", "\u00A0", "A", "\r\n", " ", "\t"];

/** Every mutation of the base64, and of what the body parser may give instead of a text. */
export const FIELD_MUTATIONS: readonly FieldMutation[] = [
  (field, random) => {
    const at = random.integer(field.length + 1);
    return field.slice(0, at) + random.pick(JUNK) + field.slice(at);
  },
  (field) => field.replaceAll("+", "-").replaceAll("/", "_"),
  (field) => field.replace(/=+$/, ""),
  (field) => `${field}=`,
  (field) => field.replace(/.{64}/g, "$&\r\n"),
  (field) => Buffer.from(field).toString("base64"),
  (field, random) => field.slice(random.integer(8)),
  (field) => [field, field],
  (field) => ({ toString: field }),
  (_field, random) => random.pick<unknown>([undefined, null, 0, Number.NaN, true, "", " ", [], {}]),
];

/** The plain assertion encrypted to us, as anybody can. */
export function sealed(xml: string, random: Random): string {
  const cipher = random.pick(["aes128-cbc", "aes256-gcm"] as const);
  return xml.replace(/<saml:Assertion[ >].*<\/saml:Assertion>/s, (assertion) =>
    encryptAssertion(assertion, { to: spKey.certificate, cipher }),
  );
}

function spliced(octets: Buffer, random: Random, removed: number, added: Uint8Array): Buffer {
  const at = random.integer(octets.length + 1);
  return Buffer.concat([octets.subarray(0, at), added, octets.subarray(at + removed)]);
}
