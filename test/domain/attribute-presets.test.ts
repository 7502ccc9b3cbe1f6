import { expect } from "chai";
import { describe, it } from "mocha";
import { ATTRIBUTE_PRESETS } from "../../src/domain/attribute-presets.ts";
import { emailIdentity } from "../../src/domain/email-identity.ts";

describe("attribute presets", () => {
  for (const { name, email, emailSource } of ATTRIBUTE_PRESETS) {
    it(`for ${name} read the address from where they say, and from nowhere else`, () => {
      const nameId = { value: "name-id@customer.example", format: "unspecified" };
      const attributes = [
        { name: email, values: ["attribute@customer.example"] },
        { name: "other", values: ["other@customer.example"] },
      ];
      const identity = emailIdentity({ nameId, attributes }, emailSource);
      const expected = email === "NameID" ? nameId.value : "attribute@customer.example";
      expect(identity).to.deep.include({ kind: "email", address: expected });
    });
  }
});
