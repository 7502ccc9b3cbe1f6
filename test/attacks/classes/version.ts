import { type Attack, over } from "../support/attack.ts";
import { type Edit, EVERY, swap } from "../support/build.ts";

const version = (text: string | undefined): Edit =>
  swap(/ Version="2.0"/, text === undefined ? "" : ` Version="${text}"`);

const VERSIONS: readonly (readonly [string, string | undefined])[] = [
  ["1.1", "1.1"],
  ["2.1", "2.1"],
  ["2", "2"],
  ["empty", ""],
  ["missing", undefined],
];

/** Versions other than 2.0 (core section 4.1). */
export const versions: readonly Attack[] = [
  ...over(
    "version: a response of SAML 1.1",
    "version-unsupported",
    {
      sent: (xml) =>
        xml.replace(/xmlns:samlp="[^"]*"/, 'xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol"'),
    },
    ["assertion", "response"],
  ),
  ...over(
    "version: an assertion of SAML 1.1",
    "version-unsupported",
    {
      response: (xml) =>
        xml.replace(
          /<saml:Assertion .*<\/saml:Assertion>/s,
          '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:1.0:assertion"></a:Assertion>',
        ),
    },
    ["response"],
  ),
  ...VERSIONS.flatMap(([what, text]) => [
    ...over(
      `version: the response's is ${what}`,
      "version-unsupported",
      { response: version(text) },
      ["assertion", "response"],
    ),
    ...over(
      `version: the assertion's is ${what}`,
      "version-unsupported",
      { assertion: version(text) },
      what === "1.1" ? EVERY : ["assertion", "response"],
    ),
  ]),
];
