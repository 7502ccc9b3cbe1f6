import { signatureOver, signXml } from "../../../src/testing/signing-idp/sign-xml.ts";
import { type Attack, afterSigning, over } from "../support/attack.ts";
import { type Base, type Edit, PLAIN, swap } from "../support/build.ts";
import { idp } from "../support/parties.ts";

const SIGNATURE = /<ds:Signature .*?<\/ds:Signature>/s;
const TAMPERABLE: readonly Base[] = [...PLAIN, "encrypted-assertion"];
const key = { privateKey: idp.key.privateKey, certificate: idp.certificate };

const stripped: Edit = (xml) => xml.replace(new RegExp(SIGNATURE, "gs"), "");

/** The signature of the response or assertion moved to where `place` puts it. */
function moved(place: (signature: string) => Edit): Edit {
  return (xml) => {
    const signature = SIGNATURE.exec(xml)?.[0] ?? "";
    return place(signature)(xml.replace(signature, ""));
  };
}

const behindStatus = moved((signature) =>
  swap("</samlp:Status>", `</samlp:Status><samlp:Extensions>${signature}</samlp:Extensions>`),
);
const inExtensions = moved((signature) =>
  swap("<samlp:Status>", `<samlp:Extensions>${signature}</samlp:Extensions><samlp:Status>`),
);
const inAdvice = moved((signature) =>
  swap("<saml:AuthnStatement", `<saml:Advice>${signature}</saml:Advice><saml:AuthnStatement`),
);
const inAttributeValue = moved((signature) => swap("Mallory", signature));
const atTheEnd = moved((signature) => swap("</samlp:Response>", `${signature}</samlp:Response>`));
const beforeIssuer = moved((signature) => swap("<saml:Issuer", `${signature}<saml:Issuer`));

const elsewhere = [
  "signature-missing",
  "structure-invalid",
  "signature-structure-invalid",
] as const;

/** Responses that nobody has signed, or whose signature stands where it covers nothing. */
export const unsigned: readonly Attack[] = [
  ...over("unsigned: signatures cut out", "signature-missing", afterSigning(stripped), TAMPERABLE),
  ...over(
    "unsigned: a signature without members",
    "signature-structure-invalid",
    afterSigning(swap(SIGNATURE, '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>')),
    TAMPERABLE,
  ),
  ...over(
    "unsigned: a signature of another namespace",
    ["signature-missing", "structure-invalid"],
    afterSigning((xml) => xml.replaceAll('http://www.w3.org/2000/09/xmldsig#"', 'urn:x"')),
    TAMPERABLE,
  ),
  ...over("unsigned: the signature in Extensions", elsewhere, { sent: inExtensions }, PLAIN),
  ...over("unsigned: Extensions behind Status hold it", elsewhere, { sent: behindStatus }, PLAIN),
  ...over("unsigned: the signature in Advice", elsewhere, afterSigning(inAdvice), TAMPERABLE),
  ...over(
    "unsigned: it is an attribute's value",
    elsewhere,
    afterSigning(inAttributeValue),
    TAMPERABLE,
  ),
  ...over("unsigned: the signature at the end", elsewhere, { sent: atTheEnd }, PLAIN),
  ...over("unsigned: the signature first of all", elsewhere, { sent: beforeIssuer }, PLAIN),
  ...over(
    "unsigned: only the Status is signed",
    ["id-invalid", "signature-missing", "structure-invalid", "signature-reference-invalid"],
    {
      sent: (xml) =>
        stripped(xml).replace("<samlp:Status>", () => {
          const status =
            '<samlp:Status xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_s">';
          return signXml(`${status}</samlp:Status>`, key).replace("</samlp:Status>", "");
        }),
    },
    PLAIN,
  ),
  ...over(
    "unsigned: a signature over other content",
    ["signature-reference-invalid", "signature-invalid"],
    {
      sent: (xml) => {
        const other = '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_o">';
        return stripped(xml).replace(
          "</saml:Issuer>",
          `</saml:Issuer>${signatureOver(`${other}</samlp:Response>`, key)}`,
        );
      },
    },
    PLAIN,
  ),
  ...over(
    "unsigned: changed after signing",
    "signature-invalid",
    afterSigning(swap(">mallory@", ">victim@")),
    [...TAMPERABLE, "encrypted-both"],
  ),
  ...over(
    "unsigned: an attribute added after signing",
    "signature-invalid",
    afterSigning(
      swap(
        "</saml:AttributeStatement>",
        '<saml:Attribute Name="mail"><saml:AttributeValue>victim@customer.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>',
      ),
    ),
    [...TAMPERABLE, "encrypted-both"],
  ),
];
