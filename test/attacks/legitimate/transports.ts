import { type AcsRequest, field } from "../support/attack.ts";
import { build } from "../support/build.ts";
import { MALLORY } from "../support/parties.ts";
import type { Legitimate } from "./legitimate.ts";

const encoded = (): string => Buffer.from(build("both")).toString("base64");
const lines = (width: number, end: string): string =>
  encoded().replace(new RegExp(`.{1,${width}}`, "g"), `$&${end}`);

const CASES: readonly (readonly [string, () => AcsRequest])[] = [
  ["base64 in lines of 76", () => field(lines(76, "\n"))],
  ["base64 in lines of 64 and CRLF", () => field(lines(64, "\r\n"))],
  ["base64 with white space around it", () => field(` ${encoded()}\r\n`)],
  ["base64 with tabs", () => field(lines(40, "\n\t"))],
  [
    "a RelayState that is a path",
    () => ({ body: `${field(encoded()).body}&RelayState=%2Fwelcome` }),
  ],
  [
    "a RelayState that is another site",
    () => ({ body: `${field(encoded()).body}&RelayState=https%3A%2F%2Fevil.example` }),
  ],
  ["an empty RelayState", () => ({ body: `${field(encoded()).body}&RelayState=` })],
  ["further fields", () => ({ body: `x=1&${field(encoded()).body}&submit=Continue` })],
  [
    "a charset on the form",
    () => ({
      ...field(encoded()),
      contentType: "application/x-www-form-urlencoded; charset=UTF-8",
    }),
  ],
  [
    "percent signs for every character",
    () => ({
      body: `SAMLResponse=${Buffer.from(encoded()).toString("hex").replace(/../g, "%$&")}`,
    }),
  ],
];

/** One form, posted in the many ways of browsers and identity providers. */
export const transports: readonly Legitimate[] = CASES.map(([name, request]) => ({
  name,
  email: MALLORY,
  request,
}));
