import { expect } from "chai";
import { describe, it } from "mocha";
import { assertedProfile } from "../../src/application/sign-in/asserted-profile.ts";
import type { Claims } from "../../src/domain/email-identity.ts";

function claims(attributes: Readonly<Record<string, readonly string[]>>): Claims {
  return {
    nameId: { value: "ada", format: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" },
    attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })),
  };
}

describe("the names of a new user", () => {
  it("are found under the names that identity providers commonly use", () => {
    const sent = claims({ givenName: [" Ada "], sn: ["Lovelace"], cn: ["Ada Lovelace"] });
    expect(assertedProfile(sent, {})).to.deep.equal({
      displayName: "Ada Lovelace",
      firstName: "Ada",
      lastName: "Lovelace",
    });
  });

  it("come from the attributes that the settings name, and from no others", () => {
    const sent = claims({ givenName: ["Augusta"], calledName: ["Ada"], sn: ["Lovelace"] });
    const mapping = { firstName: "calledName", lastName: "familyName" };
    expect(assertedProfile(sent, mapping)).to.deep.equal({ firstName: "Ada" });
    expect(assertedProfile(sent, { firstName: "CalledName" })).to.deep.equal({
      lastName: "Lovelace",
    });
  });

  it("are left out where nothing, or nothing but white space, was sent", () => {
    const sent = claims({ givenName: [], sn: ["  "], first: [""] });
    expect(assertedProfile(sent, {})).to.deep.equal({});
    expect(assertedProfile(sent, { firstName: "first" })).to.deep.equal({});
  });

  it("are the first value that says something, of one attribute or of several of a name", () => {
    const sent = claims({ givenName: ["", " ", "Ada", "Augusta"] });
    expect(assertedProfile(sent, {})).to.deep.equal({ firstName: "Ada" });
    const empty = { name: "givenName", values: [""] };
    const split = { ...sent, attributes: [empty, ...sent.attributes] };
    expect(assertedProfile(split, {})).to.deep.equal({ firstName: "Ada" });
  });

  it("are cut between characters", () => {
    const long = assertedProfile(claims({ sn: ["😀".repeat(300)] }), {});
    expect(long).to.deep.equal({ lastName: "😀".repeat(200) });
  });
});
