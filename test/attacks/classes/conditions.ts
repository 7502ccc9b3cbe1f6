import { type Attack, over } from "../support/attack.ts";
import { type Base, swap } from "../support/build.ts";

const BASES: readonly Base[] = ["assertion", "response", "encrypted-both"];
const CONDITIONS = /<saml:Conditions .*<\/saml:Conditions>/s;
const UNKNOWN = "condition-unknown" as const;

const added = (condition: string): { readonly assertion: (xml: string) => string } => ({
  assertion: swap("</saml:Conditions>", `${condition}</saml:Conditions>`),
});

/** Conditions that are missing, doubled or not understood (core section 2.5.1.1). */
export const conditions: readonly Attack[] = [
  ...over("conditions: none", "conditions-missing", { assertion: swap(CONDITIONS, "") }, BASES),
  ...over(
    "conditions: twice",
    "structure-invalid",
    { assertion: (xml) => swap(CONDITIONS, (CONDITIONS.exec(xml)?.[0] ?? "").repeat(2))(xml) },
    BASES,
  ),
  ...over(
    "conditions: one of the SAML namespace that SAML does not have",
    UNKNOWN,
    added("<saml:NoMore></saml:NoMore>"),
    BASES,
  ),
  ...over(
    "conditions: one of another namespace",
    UNKNOWN,
    added('<x:Only xmlns:x="urn:x"></x:Only>'),
    BASES,
  ),
  ...over(
    "conditions: an extension by type",
    UNKNOWN,
    added(
      '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" xsi:type="x:Only"></saml:Condition>'.replace(
        ' xmlns:x="urn:x"',
        "",
      ),
    ),
    BASES,
  ),
  ...over(
    "conditions: in Advice only",
    ["conditions-missing", "structure-invalid"],
    {
      assertion: (xml) => {
        const written = CONDITIONS.exec(xml)?.[0] ?? "";
        return swap(written, `<saml:Advice>${written}</saml:Advice>`)(xml);
      },
    },
    BASES,
  ),
  ...over(
    "conditions: of another namespace",
    ["conditions-missing", "structure-invalid"],
    {
      assertion: (xml) =>
        xml
          .replace("<saml:Conditions ", '<x:Conditions xmlns:x="urn:x" ')
          .replace("</saml:Conditions>", "</x:Conditions>"),
    },
    BASES,
  ),
];
