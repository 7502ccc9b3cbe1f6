/** One that is measured. */
export interface Entry {
  readonly name: string;
  /** Its module; exports `make`. */
  readonly module: URL;
  readonly skipSecondReading: boolean;
  /** What it does between the post and the redirect, as our set-up has it. */
  readonly work: string;
}

const own = (file: string) => new URL(`contestants/${file}`, import.meta.url);
const other = (file: string) => new URL(`others/${file}`, import.meta.url);

const OUR_WORK =
  "settings loaded; every check of the gate; one transaction: assertion consumed for good, person found by address or created with a role, two organizations, a group and a receipt, audit entry; session cookie";

/** Everybody, the one first whom the others are compared with. */
export const ENTRIES: readonly Entry[] = [
  {
    name: "passport-saml + Knex",
    module: other("passport-saml.ts"),
    skipSecondReading: false,
    work: "one signature verified; one row found by address or inserted, in no transaction; session in memory. Nothing remembers that an assertion was used; nothing is recorded",
  },
  {
    name: "ours, both readings",
    module: own("ours.ts"),
    skipSecondReading: false,
    work: `${OUR_WORK}; the message is read and verified twice, by independent implementations`,
  },
  {
    name: "ours, first reading only",
    module: own("ours.ts"),
    skipSecondReading: true,
    work: `the same without the second reading (\`skipSecondReadingBySaml2Js\`)`,
  },
  {
    name: "better-auth + sso",
    module: other("better-auth.ts"),
    skipSecondReading: false,
    work: "signature verified; assertion reserved against replay; one transaction: user, account and session rows; session cookie",
  },
  {
    name: "SAML Jackson",
    module: other("jackson.ts"),
    skipSecondReading: false,
    work: "connection loaded; signature verified; an OAuth code stored, with which the application would go on: no user, no session yet, nothing remembers that an assertion was used",
  },
  {
    name: "bare Koa",
    module: own("bare-koa.ts"),
    skipSecondReading: false,
    work: "the form is read, and answered with a redirect: no SAML, no database",
  },
];
