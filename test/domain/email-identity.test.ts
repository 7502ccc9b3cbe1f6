import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type AssertedAttribute,
  EMAIL_NAME_ID_FORMAT,
  type EmailIdentity,
  type EmailSource,
  emailIdentity,
} from "../../src/domain/email-identity.ts";

const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const AUTOMATIC: EmailSource = { kind: "automatic" };
/** What identity providers are known to send, written out: none may get lost. */
const WELL_KNOWN = [
  "email",
  "Email",
  "emailAddress",
  "EmailAddress",
  "emailaddress",
  "mail",
  "User.email",
  "urn:oid:0.9.2342.19200300.100.1.3",
  "urn:oid:1.2.840.113549.1.9.1",
  "urn:mace:dir:attribute-def:mail",
  "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];

function identify(
  source: EmailSource,
  nameId: readonly [value: string, format: string],
  attributes: Readonly<Record<string, readonly string[]>> = {},
): EmailIdentity {
  return emailIdentity(
    {
      nameId: { value: nameId[0], format: nameId[1] },
      attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })),
    },
    source,
  );
}

describe("the address, found automatically", () => {
  it("is the NameID when its format says so", () => {
    expect(identify(AUTOMATIC, ["Ada@corp.example", EMAIL_NAME_ID_FORMAT])).to.deep.equal({
      kind: "email",
      address: "ada@corp.example",
      from: ["NameID"],
    });
  });

  for (const name of WELL_KNOWN) {
    it(`is the attribute ${name}`, () => {
      expect(identify(AUTOMATIC, ["x7", PERSISTENT], { [name]: ["ada@corp.example"] })).to.include({
        kind: "email",
        address: "ada@corp.example",
      });
    });
  }

  it("may be in several places that agree", () => {
    expect(
      identify(AUTOMATIC, ["ada@corp.example", EMAIL_NAME_ID_FORMAT], {
        mail: ["ADA@corp.example"],
        email: [" ada@corp.example ", "ada@corp.example"],
      }),
    ).to.deep.equal({
      kind: "email",
      address: "ada@corp.example",
      from: ["NameID", "mail", "email"],
    });
  });

  it("is ambiguous where two places differ: the first is not taken", () => {
    expect(
      identify(AUTOMATIC, ["ada@corp.example", EMAIL_NAME_ID_FORMAT], {
        mail: ["eve@corp.example"],
      }),
    ).to.deep.equal({ kind: "ambiguous", from: ["NameID", "mail"] });
  });

  it("is ambiguous where one attribute has two addresses", () => {
    expect(
      identify(AUTOMATIC, ["x7", PERSISTENT], { mail: ["ada@corp.example", "eve@corp.example"] }),
    ).to.include({ kind: "ambiguous" });
  });

  it("may be repeated, in one attribute or in two of one name, however it is written", () => {
    const mail: AssertedAttribute = { name: "mail", values: ["ada@corp.example"] };
    const again: AssertedAttribute = { name: "mail", values: [" Ada@CORP.example\n", ""] };
    const claims = { nameId: { value: "x7", format: PERSISTENT }, attributes: [mail, again] };
    const found = { kind: "email", address: "ada@corp.example", from: ["mail"] };
    expect(emailIdentity(claims, AUTOMATIC)).to.deep.equal(found);
    expect(emailIdentity(claims, { kind: "attribute", name: "mail" })).to.deep.equal(found);
  });

  it("is ambiguous where an attribute is there twice and the two differ", () => {
    const attributes = ["ada@corp.example", "eve@corp.example"].map((value) => ({
      name: "mail",
      values: [value],
    }));
    const claims = { nameId: { value: "x7", format: PERSISTENT }, attributes };
    expect(emailIdentity(claims, AUTOMATIC)).to.include({ kind: "ambiguous" });
  });

  it("does not need a NameID where an attribute holds it", () => {
    const nameId = { value: "", format: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" };
    const mail: AssertedAttribute = { name: "mail", values: ["ada@corp.example"] };
    expect(emailIdentity({ nameId, attributes: [mail] }, AUTOMATIC)).to.include({ kind: "email" });
    expect(emailIdentity({ nameId, attributes: [mail] }, { kind: "name-id" })).to.include({
      kind: "missing",
    });
  });

  it("is invalid where one of the places holds something else", () => {
    expect(
      identify(AUTOMATIC, ["ada@corp.example", EMAIL_NAME_ID_FORMAT], { mail: ["n/a"] }),
    ).to.deep.equal({ kind: "invalid", from: "mail", fault: "no-single-at-sign" });
  });

  it("is not looked for in a NameID of another format", () => {
    const identity = identify(AUTOMATIC, ["ada@corp.example", PERSISTENT]);
    expect(identity.kind).to.equal("missing");
  });

  it("is not looked for in attributes whose names are merely alike", () => {
    const identity = identify(AUTOMATIC, ["x7", PERSISTENT], {
      MAIL: ["ada@corp.example"],
      "mail ": ["ada@corp.example"],
      constructor: ["ada@corp.example"],
    });
    expect(identity.kind).to.equal("missing");
  });

  it("does not mind empty values and other attributes", () => {
    expect(
      identify(AUTOMATIC, ["ada@corp.example", EMAIL_NAME_ID_FORMAT], {
        mail: ["", "  "],
        email: [],
        groups: ["a", "b"],
      }),
    ).to.include({ kind: "email", address: "ada@corp.example" });
  });

  it("says where it looked in vain", () => {
    expect(identify(AUTOMATIC, ["x7", PERSISTENT])).to.deep.equal({
      kind: "missing",
      looked: [
        "NameID of format urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ...WELL_KNOWN,
      ],
      received: { nameIdFormat: PERSISTENT, attributes: { count: 0, first: [] } },
    });
  });

  it("says what came instead, by name, and where there is an address", () => {
    const elsewhere = identify(AUTOMATIC, ["x7", PERSISTENT], {
      uid: ["ada"],
      "up\u0007n": ["ada@corp.example"],
    });
    expect(elsewhere)
      .to.have.property("received")
      .that.deep.equals({
        nameIdFormat: PERSISTENT,
        attributes: { count: 2, first: ["uid", "up\ufffdn"] },
        addressIn: { kind: "attribute", name: "up\ufffdn" },
      });
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`${"n".repeat(200)}${index}`, ["x"]]),
    );
    const identity = identify(AUTOMATIC, ["x7", PERSISTENT], many);
    const attributes = identity.kind === "missing" ? identity.received?.attributes : undefined;
    expect(attributes?.count).to.equal(200);
    expect(attributes?.first).to.have.length(20);
    expect(attributes?.first[0]).to.equal(`${"n".repeat(120)}…`);
  });
});

describe("the address, by an attribute that the settings name", () => {
  const source: EmailSource = { kind: "attribute", name: "upn" };

  it("is that attribute's, whatever else is there", () => {
    expect(
      identify(source, ["eve@corp.example", EMAIL_NAME_ID_FORMAT], {
        mail: ["eve@corp.example"],
        upn: ["ada@corp.example"],
      }),
    ).to.deep.equal({ kind: "email", address: "ada@corp.example", from: ["upn"] });
  });

  it("is missing without it", () => {
    expect(identify(source, ["ada@corp.example", EMAIL_NAME_ID_FORMAT])).to.deep.equal({
      kind: "missing",
      looked: ["upn"],
      received: {
        nameIdFormat: EMAIL_NAME_ID_FORMAT,
        attributes: { count: 0, first: [] },
        addressIn: { kind: "name-id" },
      },
    });
  });

  it("is ambiguous where it has two", () => {
    const upn = ["ada@corp.example", "eve@corp.example"];
    expect(identify(source, ["x7", PERSISTENT], { upn }).kind).to.equal("ambiguous");
  });
});

describe("the address, by the NameID alone", () => {
  const source: EmailSource = { kind: "name-id" };

  it("is the NameID's, whatever its format and whatever else is there", () => {
    expect(
      identify(source, ["ada@corp.example", PERSISTENT], { mail: ["eve@corp.example"] }),
    ).to.deep.equal({ kind: "email", address: "ada@corp.example", from: ["NameID"] });
  });

  it("is invalid if that is not an address", () => {
    expect(identify(source, ["x7", PERSISTENT])).to.deep.equal({
      kind: "invalid",
      from: "NameID",
      fault: "no-single-at-sign",
    });
  });

  it("is missing where that is empty", () => {
    expect(identify(source, [" ", PERSISTENT])).to.deep.equal({
      kind: "missing",
      looked: ["NameID"],
      received: { attributes: { count: 0, first: [] } },
    });
  });
});
