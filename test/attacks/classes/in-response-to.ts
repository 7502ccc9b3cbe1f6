import { type Attack, over, posting } from "../support/attack.ts";
import { type Base, build, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const OTHER = "_somebody-elses-request";
const MISMATCH = "in-response-to-mismatch" as const;
const SOLICITED = { solicited: true } as const;

const withoutOnData: Edit = (xml) =>
  xml.replace(/(<saml:SubjectConfirmationData) InResponseTo="[^"]*"/, "$1");
const withoutOnResponse: Edit = (xml) =>
  xml.replace(/(<samlp:Response [^>]*) InResponseTo="[^"]*"/, "$1");

/** Responses that answer nothing that this browser asked. */
export const inResponseTo: readonly Attack[] = [
  ...over(
    "request: nobody in this browser asked",
    "request-unknown",
    { content: { inResponseTo: OTHER }, responseContent: { inResponseTo: OTHER } },
    BASES,
  ),
  ...over(
    "request: this browser asked something else",
    "request-unknown",
    { content: { inResponseTo: OTHER }, responseContent: { inResponseTo: OTHER } },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: only the response names it",
    MISMATCH,
    { assertion: withoutOnData },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: only the confirmation names it",
    MISMATCH,
    { response: withoutOnResponse },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: the confirmation names another",
    MISMATCH,
    { content: { inResponseTo: OTHER } },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: the response names another",
    MISMATCH,
    { responseContent: { inResponseTo: OTHER } },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: an empty name, and the connection takes no unsolicited responses",
    ["unsolicited-refused", "request-unknown", MISMATCH],
    { content: { inResponseTo: "" }, responseContent: { inResponseTo: "" } },
    BASES,
    { connection: { idpInitiated: false } },
  ),
  ...over(
    "request: in other letters",
    "request-unknown",
    (_, { requestId = "" }) => ({
      content: { inResponseTo: requestId.toUpperCase() },
      responseContent: { inResponseTo: requestId.toUpperCase() },
    }),
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: two confirmations, one for another request",
    [MISMATCH, "request-unknown"],
    {
      assertion: (xml) => {
        const written =
          /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/s.exec(xml)?.[0] ?? "";
        return swap(
          written,
          written + written.replace(/InResponseTo="[^"]*"/, `InResponseTo="${OTHER}"`),
        )(xml);
      },
    },
    BASES,
    SOLICITED,
  ),
  ...over(
    "request: none, and the connection takes no unsolicited responses",
    "unsolicited-refused",
    {},
    BASES,
    {
      connection: { idpInitiated: false },
    },
  ),
  ...BASES.map(
    (base): Attack => ({
      name: `request: none though this browser asked, unsolicited ones are off [${base}]`,
      expected: ["unsolicited-refused"],
      solicited: true,
      connection: { idpInitiated: false },
      request: () => posting(build(base)),
    }),
  ),
];
