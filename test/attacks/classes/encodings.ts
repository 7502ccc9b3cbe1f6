import { type Attack, type Outcome, once, posting } from "../support/attack.ts";
import { build } from "../support/build.ts";

const NOT_UTF8 = ["message-not-utf8"] as const;
const XML = ["xml-malformed", "xml-forbidden", "message-not-utf8"] as const;

/** The octets of a response with `inserted` in the middle of the NameID. */
function withOctets(...inserted: readonly number[]): Buffer {
  const [head = "", tail = ""] = build("assertion").split("allory@", 2);
  return Buffer.concat([Buffer.from(head), Buffer.from(inserted), Buffer.from(`allory@${tail}`)]);
}

function utf16(xml: string, bigEndian: boolean): Buffer {
  const octets = Buffer.from(`\uFEFF${xml}`, "utf16le");
  return bigEndian ? octets.swap16() : octets;
}

const CASES: readonly (readonly [string, readonly Outcome[], () => Uint8Array])[] = [
  ["a byte order mark", NOT_UTF8, () => Buffer.from(`\uFEFF${build("assertion")}`)],
  ["UTF-16, little end first", NOT_UTF8, () => utf16(build("assertion"), false)],
  ["UTF-16, big end first", NOT_UTF8, () => utf16(build("assertion"), true)],
  ["UTF-16 without a mark", XML, () => Buffer.from(build("assertion"), "utf16le")],
  ["UTF-7", XML, () => Buffer.from(build("assertion").replaceAll("<", "+ADw-"))],
  ["Latin-1", NOT_UTF8, () => withOctets(0xe9)],
  ["an overlong less-than", NOT_UTF8, () => withOctets(0xc0, 0xbc)],
  ["an overlong slash", NOT_UTF8, () => withOctets(0xe0, 0x80, 0xaf)],
  ["half a surrogate pair", NOT_UTF8, () => withOctets(0xed, 0xa0, 0x80)],
  ["both halves as CESU-8", NOT_UTF8, () => withOctets(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
  ["beyond Unicode", NOT_UTF8, () => withOctets(0xf5, 0x80, 0x80, 0x80)],
  ["a lone continuation", NOT_UTF8, () => withOctets(0x80)],
  [
    "a character that is cut off",
    NOT_UTF8,
    () => Buffer.concat([Buffer.from(build("assertion")), Buffer.from([0xe2, 0x82])]),
  ],
  ["NUL", XML, () => withOctets(0)],
  ["a vertical tab", XML, () => withOctets(0x0b)],
  ["a noncharacter", XML, () => withOctets(0xef, 0xbf, 0xbe)],
  [
    "a mark in the middle changes the address",
    ["signature-invalid"],
    () => withOctets(0xef, 0xbb, 0xbf),
  ],
  [
    "random octets",
    NOT_UTF8,
    () => Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 97) % 256)),
  ],
];

/** Octets that are not the UTF-8 text that everybody reads alike. */
export const encodings: readonly Attack[] = CASES.map(([what, expected, octets]) =>
  once(`encoding: ${what}`, expected, () => posting(octets())),
);
