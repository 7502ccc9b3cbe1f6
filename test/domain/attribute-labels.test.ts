import { expect } from "chai";
import { describe, it } from "mocha";
import { attributeLabel } from "../../src/domain/attribute-presets.ts";

/** From the standards: descriptors by the attribute types that they are registered with. */
const REGISTERED = {
  "0.9.2342.19200300.100.1.1": "uid",
  "0.9.2342.19200300.100.1.3": "mail",
  "1.2.840.113549.1.9.1": "email",
  "1.3.6.1.4.1.5923.1.1.1.1": "eduPersonAffiliation",
  "1.3.6.1.4.1.5923.1.1.1.6": "eduPersonPrincipalName",
  "1.3.6.1.4.1.5923.1.1.1.9": "eduPersonScopedAffiliation",
  "1.3.6.1.4.1.5923.1.1.1.10": "eduPersonTargetedID",
  "2.16.840.1.113730.3.1.3": "employeeNumber",
  "2.16.840.1.113730.3.1.241": "displayName",
  "2.5.4.3": "cn",
  "2.5.4.4": "sn",
  "2.5.4.10": "o",
  "2.5.4.11": "ou",
  "2.5.4.12": "title",
  "2.5.4.42": "givenName",
} as const;

describe("labels of attributes", () => {
  for (const [oid, label] of Object.entries(REGISTERED)) {
    it(`call ${oid} ${label}`, () => {
      expect(attributeLabel(`urn:oid:${oid}`)).to.equal(label);
    });
  }

  it("are given to no other name", () => {
    expect(attributeLabel("mail")).to.equal(undefined);
    expect(attributeLabel("urn:oid:2.5.4.5")).to.equal(undefined);
  });
});
