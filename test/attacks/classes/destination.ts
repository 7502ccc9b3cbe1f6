import { type Attack, over } from "../support/attack.ts";
import { RESPONSE_SIGNED } from "../support/build.ts";
import { ACS_URL } from "../support/parties.ts";

const OTHERS: readonly (readonly [string, string])[] = [
  ["another service provider", "https://other.example/saml/acs"],
  ["ours by http", ACS_URL.replace("https", "http")],
  ["ours with a slash behind", `${ACS_URL}/`],
  ["ours with a query", `${ACS_URL}?x=1`],
  ["ours in capitals", ACS_URL.toUpperCase()],
  ["ours with its port", ACS_URL.replace(".example", ".example:443")],
  ["a host that starts like ours", ACS_URL.replace(".example", ".example.evil.example")],
  ["ours behind a user name", ACS_URL.replace("https://", "https://x@")],
  ["the start of ours", ACS_URL.slice(0, -4)],
];

/** Responses that were sent to another endpoint (bindings section 3.5.5.2). */
export const destination: readonly Attack[] = [
  ...OTHERS.flatMap(([what, other], index) =>
    over(
      `destination: ${what}`,
      "destination-mismatch",
      { responseContent: { destination: other } },
      index === 0 ? [...RESPONSE_SIGNED, "assertion"] : ["response", "assertion"],
    ),
  ),
  ...over(
    "destination: empty though the response is signed",
    "destination-missing",
    { responseContent: { destination: "" } },
    RESPONSE_SIGNED,
  ),
  ...over(
    "destination: another one with white space around it",
    "destination-mismatch",
    { responseContent: { destination: ` ${ACS_URL}.evil.example ` } },
    ["response", "assertion"],
  ),
  ...over(
    "destination: ours with white space inside",
    "destination-mismatch",
    { responseContent: { destination: ACS_URL.replace("/saml", "/ saml") } },
    ["response", "assertion"],
  ),
  ...over(
    "destination: ours with a no-break space behind",
    "destination-mismatch",
    { responseContent: { destination: `${ACS_URL}\u00a0` } },
    ["response", "assertion"],
  ),
  ...over(
    "destination: missing though the response is signed",
    "destination-missing",
    { response: (xml) => xml.replace(/ Destination="[^"]*"/, "") },
    RESPONSE_SIGNED,
  ),
];
