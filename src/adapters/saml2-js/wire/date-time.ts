import { quoted, refuse } from "../rejection-error.ts";
import { trimXmlSpace } from "../xml/tree.ts";

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
    refuse("time-invalid", `${what} is not a UTC timestamp ending in Z: ${quoted(text)}`)
  );
}
