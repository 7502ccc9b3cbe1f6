import type { SecondReadingStrength } from "../../src/adapters/saml2-js/second-reading/second-reading.ts";

/** One that is measured. */
export interface Entry {
  readonly name: string;
  /** Its module; exports `make`. */
  readonly module: URL;
  /** Of our own plugin alone. */
  readonly secondReading?: SecondReadingStrength;
  /** What it does between the post and the redirect, as our set-up has it. */
  readonly work: string;
}

const own = (file: string) => new URL(`contestants/${file}`, import.meta.url);
const other = (file: string) => new URL(`others/${file}`, import.meta.url);

const OUR_WORK =
  "settings loaded; every check of the gate; one transaction: assertion consumed for good, person found by address or created with a role, two organizations, a group and a receipt, audit entry; session cookie";

const READINGS: Readonly<Record<SecondReadingStrength, string>> = {
  verify: "the message is read and verified twice, by independent implementations",
  read: "the message is verified twice and read twice; what was signed, by independent readers",
  off: "the message is read and verified once",
};

/** Everybody, the one first whom the others are compared with. */
export const ENTRIES: readonly Entry[] = [
  {
    name: "passport-saml + Knex",
    module: other("passport-saml.ts"),
    work: "one signature verified; one row found by address or inserted, in no transaction; session in memory. Nothing remembers that an assertion was used; nothing is recorded",
  },
  ...(["verify", "read", "off"] as const).map((secondReading) => ({
    name: `ours (${secondReading})`,
    module: own("ours.ts"),
    secondReading,
    work: `${OUR_WORK}; ${READINGS[secondReading]}`,
  })),
  {
    name: "better-auth + sso",
    module: other("better-auth.ts"),
    work: "signature verified; assertion reserved against replay; one transaction: user, account and session rows; session cookie",
  },
  {
    name: "SAML Jackson",
    module: other("jackson.ts"),
    work: "connection loaded; signature verified; an OAuth code stored, with which the application would go on: no user, no session yet, nothing remembers that an assertion was used",
  },
  {
    name: "bare Koa",
    module: own("bare-koa.ts"),
    work: "the form is read, and answered with a redirect: no SAML, no database",
  },
];
