import { expect } from "chai";
import { describe, it } from "mocha";
import { xmlsec1Verifies } from "../testing/xmlsec1.ts";
import { contents } from "./legitimate/contents.ts";
import { signatures } from "./legitimate/signatures.ts";
import { xmlForms } from "./legitimate/xml-forms.ts";
import { idp, malloryKey, p256, p384 } from "./support/parties.ts";
import { PENDING } from "./support/port.ts";

const KEYS = [idp.certificate, p256.certificate, p384.certificate, malloryKey.certificate];
/** RSA-PSS is beyond the xmlsec1 of older distributions. */
const BEYOND = /rsa-pss/;

describe("the suite's own signatures", () => {
  const plain = [...signatures, ...xmlForms, ...contents].filter(
    ({ name }) => / \[(?:assertion|response)\]$/.test(name) && !BEYOND.test(name),
  );

  it(`verify with xmlsec1, all ${plain.length} of them`, () => {
    for (const { name, request, solicited } of plain) {
      const { body } = request(solicited === true ? { requestId: PENDING } : {});
      const form = new URLSearchParams(Buffer.from(body).toString());
      const xml = Buffer.from(form.get("SAMLResponse") ?? "", "base64").toString();
      const signed = name.endsWith("[response]") ? "response" : "assertion";
      const verifies = KEYS.some((key) => xmlsec1Verifies(xml, signed, key));
      expect(verifies, name).to.equal(true);
    }
  });
});
