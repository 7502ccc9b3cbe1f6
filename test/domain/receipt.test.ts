import { expect } from "chai";
import { describe, it } from "mocha";
import { PERSISTENT_NAME_ID_FORMAT, persistentSubject } from "../../src/domain/email-identity.ts";
import { isPersistent, type Receipt } from "../../src/domain/receipt.ts";

const ISSUER = "https://idp.example";

describe("the subject of an assertion", () => {
  it("is known by a persistent NameID alone (SAML core section 8.3.7)", () => {
    const format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    expect(PERSISTENT_NAME_ID_FORMAT).to.equal(format);
    expect(persistentSubject(ISSUER, { value: "7", format })).to.deep.equal({
      issuer: ISSUER,
      nameId: "7",
    });
    expect(persistentSubject(ISSUER, { value: "", format })).to.equal(undefined);
    for (const other of ["transient", "entity"]) {
      const transient = `urn:oasis:names:tc:SAML:2.0:nameid-format:${other}`;
      expect(persistentSubject(ISSUER, { value: "7", format: transient })).to.equal(undefined);
    }
  });

  it("is in a receipt that keeps the format", () => {
    const receipt: Receipt = {
      settingsVersion: 1,
      role: "editor",
      groups: [],
      organizations: { kind: "all" },
      issuer: ISSUER,
      nameId: "7",
      assertionIdHash: "",
      at: 0,
    };
    expect(isPersistent(receipt)).to.equal(false);
    const nameIdFormat = PERSISTENT_NAME_ID_FORMAT;
    expect(isPersistent({ ...receipt, nameIdFormat })).to.equal(true);
    expect(isPersistent({ ...receipt, nameIdFormat, nameId: "" })).to.equal(false);
  });
});
