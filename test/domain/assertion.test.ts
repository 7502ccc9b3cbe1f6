import { expect } from "chai";
import { describe, it } from "mocha";
import { frozenAssertion } from "../../src/domain/assertion.ts";
import { defined } from "../../src/domain/defined.ts";

const NAME_ID = { value: "ada", format: "urn:persistent" };
const GROUPS = { name: "groups", values: ["staff", "night"] };

describe("the assertion that the host receives", () => {
  const verified = {
    claims: { nameId: NAME_ID, attributes: [GROUPS] },
    authnInstant: 7,
    authnContextClassRef: "urn:password",
    signedBy: "not for the host",
  };
  const assertion = frozenAssertion(verified);

  it("has what was verified, and nothing else", () =>
    expect(assertion).to.deep.equal({
      nameId: NAME_ID,
      attributes: [GROUPS],
      authnInstant: 7,
      authnContextClassRef: "urn:password",
    }));

  it("is a copy that nobody changes", () => {
    const [groups] = assertion.attributes;
    for (const part of [
      assertion,
      assertion.nameId,
      assertion.attributes,
      groups,
      groups?.values,
    ]) {
      expect(part).to.be.frozen;
    }
    expect(assertion.nameId).to.not.equal(NAME_ID);
    expect(groups?.values).to.not.equal(GROUPS.values);
  });

  it("has no class where none was named", () =>
    expect(frozenAssertion({ claims: verified.claims, authnInstant: 7 })).to.not.have.property(
      "authnContextClassRef",
    ));
});

describe("members that are defined", () => {
  it("are those that are not undefined, whatever else they are", () => {
    const values = { a: undefined, b: 0, c: "", d: null, e: false };
    expect(defined(values)).to.deep.equal({ b: 0, c: "", d: null, e: false });
    expect(Object.keys(defined(values))).to.deep.equal(["b", "c", "d", "e"]);
  });
});
