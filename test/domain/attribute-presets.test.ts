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

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** As the vendors document it: where the address is, and the attributes with names. */
const DOCUMENTED: readonly (readonly [vendor: string, name: string, ...where: string[]])[] = [
  [
    "entra-id",
    "Microsoft Entra ID",
    `${CLAIMS}/emailaddress`,
    `${CLAIMS}/givenname`,
    `${CLAIMS}/surname`,
    "http://schemas.microsoft.com/identity/claims/displayname",
  ],
  ["okta", "Okta", "email", "firstName", "lastName", "displayName"],
  ["google-workspace", "Google Workspace", "email", "firstName", "lastName"],
  ["ad-fs", "AD FS", `${CLAIMS}/emailaddress`, `${CLAIMS}/givenname`, `${CLAIMS}/surname`],
  ["onelogin", "OneLogin", "NameID", "User.FirstName", "User.LastName"],
  ["keycloak", "Keycloak", "urn:oid:1.2.840.113549.1.9.1", "urn:oid:2.5.4.42", "urn:oid:2.5.4.4"],
  [
    "shibboleth",
    "Shibboleth",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:2.5.4.42",
    "urn:oid:2.5.4.4",
    "urn:oid:2.16.840.1.113730.3.1.241",
  ],
  ["simplesamlphp", "SimpleSAMLphp", "mail", "givenName", "sn", "displayName"],
  ["lemonldap-ng", "LemonLDAP::NG", "mail", "givenName", "sn", "displayName"],
];

describe("what the presets fill in", () => {
  it("is what the vendors document, one vendor after the other", () => {
    const filledIn = ATTRIBUTE_PRESETS.map(({ vendor, name, email, profile }) =>
      [vendor, name, email, profile.firstName, profile.lastName, profile.displayName].filter(
        (text) => text !== undefined,
      ),
    );
    expect(filledIn).to.deep.equal(DOCUMENTED);
  });
});
