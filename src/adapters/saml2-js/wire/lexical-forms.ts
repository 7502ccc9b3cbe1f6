import { randomBytes } from "node:crypto";
import { quote, refuse } from "../rejection-error.ts";
import { NS } from "../xml/names.ts";
import { descendants, isXmlSpace, trimXmlSpace, type XmlElement } from "../xml/tree.ts";

/**
 * The octets of base64 text (RFC 4648), white space off; `undefined` for what is not strictly
 * base64: another decoder could read it differently. Linear, however much white space there is.
 */
export function strictBase64(text: string): Buffer | undefined {
  const octets = Buffer.from(text, "base64");
  return octets.length > 0 && isSameButForSpace(text, octets.toString("base64"))
    ? octets
    : undefined;
}

function isSameButForSpace(text: string, encoded: string): boolean {
  if (text === encoded) return true;
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === encoded.charCodeAt(matched)) matched += 1;
    else if (!isXmlSpace(code)) return false;
  }
  return matched === encoded.length;
}

/** SAML core section 1.3.3: xs:dateTime in UTC, without another time zone. */
const UTC_DATE_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/;

/**
 * A SAML time in milliseconds since the epoch; `undefined` for anything but a real moment in UTC.
 */
export function readInstant(text: string): number | undefined {
  const [, seconds, fraction = ""] = UTC_DATE_TIME.exec(trimXmlSpace(text)) ?? [];
  const whole = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`);
  // Date.parse accepts 30 February and 24:00; the round trip does not.
  return Number.isNaN(whole) || new Date(whole).toISOString().slice(0, 19) !== seconds
    ? undefined
    : whole + Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/**
 * A SAML time in milliseconds since the epoch; finer fractions are cut off.
 *
 * @param what the name of the attribute, for the administrator.
 * @throws RejectionError `time-invalid` for anything but a real moment in UTC.
 */
export function instant(text: string, what: string): number {
  return (
    readInstant(text) ??
    refuse("time-invalid", `${what} is not a UTC timestamp ending in Z: ${quote(text)}`)
  );
}

/** Attributes of type xs:ID in the schemas, as `namespace local attribute`. */
const ID_PLACES: ReadonlySet<string> = new Set([
  `${NS.samlp} Response ID`,
  `${NS.samlp} LogoutRequest ID`,
  `${NS.samlp} LogoutResponse ID`,
  `${NS.saml} Assertion ID`,
  ...["Signature", "SignedInfo", "SignatureValue", "Reference", "KeyInfo", "X509Data"].map(
    (local) => `${NS.ds} ${local} Id`,
  ),
  ...["EncryptedData", "EncryptedKey"].map((local) => `${NS.xenc} ${local} Id`),
]);

/**
 * What fits in a reference without escaping. Several products begin IDs with a digit, or write a
 * colon or a plus sign, which no NCName does; IDs are compared octet by octet.
 */
const ID = /^[A-Za-z0-9_.:+-]{1,256}$/;

/**
 * Every attribute that any reader could take for an ID stands where the schema puts one, is plain, and is unique over all spellings. References can then mean one element only.
 *
 * @throws RejectionError `id-invalid`.
 */
export function requireSoundIds(root: XmlElement): void {
  const seen = new Set<string>();
  for (const element of descendants(root)) {
    for (const { prefix, local, value } of element.attributes) {
      if (local.toLowerCase() !== "id") continue;
      const place = `${element.namespace} ${element.local} ${local}`;
      if (prefix !== "" || !ID_PLACES.has(place)) {
        refuse(
          "id-invalid",
          `the attribute ${quote(local)} of ${quote(element.local)} is not supported: only messages, assertions, signatures and encrypted data have IDs here`,
          "place",
        );
      }
      if (!ID.test(value)) refuse("id-invalid", `invalid ID ${quote(value)}`, "characters");
      if (seen.has(value)) refuse("id-invalid", `duplicate ID ${quote(value)}`, "duplicate");
      seen.add(value);
    }
  }
}

/** 160 random bits (SAML core section 1.3.4); a name has to start with a letter or underscore. */
export function freshId(): string {
  return `_${randomBytes(20).toString("hex")}`;
}
