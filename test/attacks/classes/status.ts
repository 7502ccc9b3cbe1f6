import { type Attack, over } from "../support/attack.ts";
import { type Base, type Edit, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const PREFIX = "urn:oasis:names:tc:SAML:2.0:status:";
const STATUS = /<samlp:Status>.*<\/samlp:Status>/s;
const NOT = "status-not-success" as const;
const SHAPE = ["structure-invalid", NOT] as const;

const status = (content: string): { readonly response: Edit } => ({
  response: swap(STATUS, `<samlp:Status>${content}</samlp:Status>`),
});
const code = (value: string, inner = ""): string =>
  `<samlp:StatusCode Value="${value}">${inner}</samlp:StatusCode>`;
const SUCCESS = code(`${PREFIX}Success`);

const CODES: readonly (readonly [string, string])[] = [
  ["the responder failed", code(`${PREFIX}Responder`)],
  ["the requester failed", code(`${PREFIX}Requester`)],
  ["the password was wrong", code(`${PREFIX}Responder`, code(`${PREFIX}AuthnFailed`))],
  ["success within a failure", code(`${PREFIX}Responder`, SUCCESS)],
  ["success in small letters", code(`${PREFIX}success`)],
  ["success with a space behind", code(`${PREFIX}Success `)],
  ["success and more", code(`${PREFIX}SuccessNot`)],
  ["an empty code", code("")],
];

const SHAPES: readonly (readonly [string, string])[] = [
  ["no code", ""],
  ["two codes", code(`${PREFIX}Responder`) + SUCCESS],
  ["two codes, success first", SUCCESS + code(`${PREFIX}Responder`)],
  ["only a message", "<samlp:StatusMessage>Success</samlp:StatusMessage>"],
  ["success in another element", `<samlp:Code Value="${PREFIX}Success"></samlp:Code>`],
  [
    "success in another namespace",
    `<x:StatusCode xmlns:x="urn:x" Value="${PREFIX}Success"></x:StatusCode>`,
  ],
  ["a message before the code", `<samlp:StatusMessage>x</samlp:StatusMessage>${SUCCESS}`],
];

/** Responses that say, one way or the other, that nobody was authenticated. */
export const statuses: readonly Attack[] = [
  ...CODES.flatMap(([what, content]) => over(`status: ${what}`, NOT, status(content), BASES)),
  ...SHAPES.flatMap(([what, content]) => over(`status: ${what}`, SHAPE, status(content), BASES)),
  ...over(
    "status: a code without value",
    "structure-invalid",
    status("<samlp:StatusCode></samlp:StatusCode>"),
    BASES,
  ),
  ...over("status: none", "structure-invalid", { response: swap(STATUS, "") }, BASES),
  ...over(
    "status: two",
    "structure-invalid",
    { response: (xml) => swap(STATUS, (STATUS.exec(xml)?.[0] ?? "").repeat(2))(xml) },
    BASES,
  ),
  ...over(
    "status: behind the assertion",
    "structure-invalid",
    {
      response: (xml) => {
        const written = STATUS.exec(xml)?.[0] ?? "";
        return xml.replace(written, "").replace("</samlp:Response>", `${written}</samlp:Response>`);
      },
    },
    BASES,
  ),
];
