import { toASCII, toUnicode } from "tr46";
import { LABEL_CHARACTERS } from "./label-characters.ts";
import type { Branded } from "./tenant.ts";

/**
 * An email address in its normal form, which identifies a user within a tenant. ASCII, lower case,
 * domain in A-labels (RFC 5890), at most 254 octets (RFC 5321 section 4.5.3.1.3).
 */
export type EmailAddress = Branded<string, "EmailAddress">;

/** Why a string is not an acceptable email address. */
export type EmailFault =
  | "empty"
  | "too-long"
  | "no-single-at-sign"
  | "local-part-invalid"
  | "domain-invalid"
  | "look-alike-characters";

/** Result of {@link parseEmailAddress}. */
export type ParsedEmail =
  | { readonly ok: true; readonly address: EmailAddress }
  | { readonly ok: false; readonly fault: EmailFault };

/** XML's white space, not Unicode's. */
const SPACE: ReadonlySet<string> = new Set([" ", "\t", "\r", "\n"]);
const MAX_OCTETS = 254;
const MAX_LOCAL_OCTETS = 64;
/** Maximum input length, including surrounding white space. */
const MAX_RAW_LENGTH = 1024;
/** dot-string of RFC 5321 section 4.1.2: no quoted local part, no comment. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ASCII_CHARACTERS = /^[a-zA-Z0-9.-]$/;
/** RFC 5892 appendix A: allowed in an A-label where {@link IDNA} finds them in their context. */
const JOINERS: ReadonlySet<string> = new Set(["\u200c", "\u200d"]);
/** UTS 46 by the tables of tr46, not of the runtime; strict. */
const IDNA = {
  checkBidi: true,
  checkJoiners: true,
  checkHyphens: false,
  ignoreInvalidPunycode: false,
  transitionalProcessing: false,
  useSTD3ASCIIRules: true,
} as const;

/**
 * Parses an email address into its normal form.
 *
 * Trims white space and lower-cases ASCII. Addresses that Unicode case mapping or NFKC would fold
 * onto another address are refused, never repaired, so addresses of different users never share a
 * normal form. Plus tags and dots are kept.
 */
export function parseEmailAddress(raw: string): ParsedEmail {
  if (raw.length > MAX_RAW_LENGTH) return refused("too-long");
  const text = withoutSpaceAround(raw);
  if (text === "") return refused("empty");
  if (text.length > MAX_OCTETS) return refused("too-long");
  const [local, domain, ...rest] = text.split("@");
  if (local === undefined || domain === undefined || rest.length > 0) {
    return refused("no-single-at-sign");
  }
  if (!isAscii(local) || hasLookAlikes(domain)) return refused("look-alike-characters");
  const normalLocal = local.toLowerCase();
  if (normalLocal.length > MAX_LOCAL_OCTETS || !LOCAL_PART.test(normalLocal)) {
    return refused("local-part-invalid");
  }
  const normalDomain = parseDomain(domain);
  if (normalDomain === undefined) return refused("domain-invalid");
  const address = `${normalLocal}@${normalDomain}`;
  return address.length > MAX_OCTETS
    ? refused("too-long")
    : { ok: true, address: branded(address) };
}

/**
 * Parses a domain name into lower-case A-labels, by the host name rules (RFC 1123, RFC 5890).
 *
 * @returns `undefined` if it is not a domain name: IP addresses, empty or overlong labels,
 * characters other than letters, digits and hyphens, look-alikes.
 */
export function parseDomain(raw: string): string | undefined {
  if (raw.length > MAX_OCTETS || ![...raw].every(isLabelCharacter) || hasLookAlikes(raw)) {
    return undefined;
  }
  const ascii = toALabels(raw);
  if (ascii === undefined || ascii.length > 253) return undefined;
  const labels = ascii.split(".");
  if (!labels.every((label) => HOST_LABEL.test(label))) return undefined;
  // A last label that is a number makes an IPv4 address of it (URL standard, "ends in a number").
  return /^(?:\d+|0x[0-9a-f]*)$/.test(labels[labels.length - 1] ?? "") ? undefined : ascii;
}

/** Linear, unlike a regular expression that trims at the end. */
function withoutSpaceAround(text: string): string {
  let start = 0;
  let end = text.length;
  while (SPACE.has(text[start] ?? "")) start += 1;
  while (end > start && SPACE.has(text[end - 1] ?? "")) end -= 1;
  return text.slice(start, end);
}

/** The domain of a normal address: what follows its only `@`. */
export function domainOf(address: EmailAddress): string {
  return address.slice(address.indexOf("@") + 1);
}

/**
 * Converts to lower-case A-labels, the same on every runtime: what {@link LABEL_CHARACTERS} does not
 * hold is refused, also where an A-label spells it, before a newer Unicode can give it a meaning.
 */
function toALabels(domain: string): string | undefined {
  const ascii = toASCII(domain, { ...IDNA, verifyDNSLength: false });
  if (ascii === null) return undefined;
  const { domain: spelled, error } = toUnicode(ascii, IDNA);
  const known = [...spelled].every(
    (character) => isLabelCharacter(character) || JOINERS.has(character),
  );
  return error || !known ? undefined : ascii;
}

/** First and last code points of {@link LABEL_CHARACTERS}, in ascending order. */
const RANGES: readonly (readonly [first: number, last: number])[] = readRanges(LABEL_CHARACTERS);

function readRanges(pairs: string): readonly (readonly [number, number])[] {
  let end = 0;
  return pairs.split(" ").map((pair) => {
    const [distance = "", length = ""] = pair.split(":");
    const first = end + Number.parseInt(distance, 36);
    end = first + Number.parseInt(length, 36);
    return [first, end];
  });
}

/** Letters, digits and hyphens of ASCII, dots, and {@link LABEL_CHARACTERS} (RFC 5892, narrowed). */
function isLabelCharacter(character: string): boolean {
  if (isAscii(character)) return ASCII_CHARACTERS.test(character);
  const point = character.codePointAt(0) ?? 0;
  let low = 0;
  let high = RANGES.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((RANGES[middle]?.[0] ?? 0) <= point) low = middle;
    else high = middle - 1;
  }
  const [first = 0, last = 0] = RANGES[low] ?? [];
  return first <= point && point <= last;
}

/** Whether anything but plain lower-casing would come between `domain` and its A-labels. */
function hasLookAlikes(domain: string): boolean {
  if (isAscii(domain)) return false;
  const lower = domain.toLowerCase();
  return (
    domain.normalize("NFKC") !== domain ||
    lower.normalize("NFKC") !== lower ||
    [...domain].some((character) => !isAscii(character) && isLookAlike(character))
  );
}

function isLookAlike(character: string): boolean {
  const lower = character.toLowerCase();
  return (
    // Variation selectors and their like: IDNA drops them in silence.
    /\p{Default_Ignorable_Code_Point}/u.test(character) ||
    // The Kelvin sign, dotted capital I.
    [...lower].some(isAscii) ||
    // Sharp s in both cases, final sigma, dotless i: another letter shares their capital.
    lower.toUpperCase().toLowerCase() !== lower
  );
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, all of it
  return /^[\x00-\x7f]*$/.test(text);
}

function refused(fault: EmailFault): ParsedEmail {
  return { ok: false, fault };
}

function branded(address: string): EmailAddress {
  // The one place that makes the brand: every caller has been through parseEmailAddress.
  return address as EmailAddress;
}
