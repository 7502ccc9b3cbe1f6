import { type Attack, over } from "../support/attack.ts";
import { at, type Base, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes";
const MFA = "https://refeds.org/profile/mfa";
const CLASS = /<saml:AuthnContextClassRef>.*<\/saml:AuthnContextClassRef>/s;
const ONLY_MFA = { connection: { acceptedAuthnContextClasses: [MFA, `${CLASSES}:X509`] } };
const FORCED = { connection: { forceAuthn: true } };
const MISMATCH = "authn-context-mismatch" as const;

const OTHER_CLASSES: Readonly<Record<string, string>> = {
  "a password": `${CLASSES}:PasswordProtectedTransport`,
  "another case": MFA.toUpperCase(),
  "a slash at its end": `${MFA}/`,
  "an accepted class within": `${MFA} ${CLASSES}:Password`,
  "the name of a prototype": "constructor",
};

/** Authentications that the connection does not accept: too old, or of another class. */
export const authentication: readonly Attack[] = [
  ...over(
    "authentication: before the request that forces it",
    "authn-too-old",
    { content: { authnInstant: at(-60_001) } },
    BASES,
    { ...FORCED, solicited: true },
  ),
  ...over(
    "authentication: long before an unsolicited response, where it is forced",
    "authn-too-old",
    { content: { authnInstant: at(-360_001) } },
    BASES,
    FORCED,
  ),
  ...Object.entries(OTHER_CLASSES).flatMap(([what, authnContextClassRef]) =>
    over(
      `authentication: of another class, ${what}`,
      MISMATCH,
      { content: { authnContextClassRef } },
      BASES,
      ONLY_MFA,
    ),
  ),
  ...over("authentication: of no class", MISMATCH, { assertion: swap(CLASS, "") }, BASES, ONLY_MFA),
  ...over(
    "authentication: of an empty class",
    MISMATCH,
    { content: { authnContextClassRef: " " } },
    BASES,
    ONLY_MFA,
  ),
  ...over(
    "authentication: of an accepted class as a declaration",
    MISMATCH,
    {
      assertion: swap(CLASS, `<saml:AuthnContextDeclRef>${MFA}</saml:AuthnContextDeclRef>`),
    },
    BASES,
    ONLY_MFA,
  ),
];
