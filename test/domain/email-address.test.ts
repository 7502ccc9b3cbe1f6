import { expect } from "chai";
import { describe, it } from "mocha";
import { domainOf, parseDomain, parseEmailAddress } from "../../src/domain/email-address.ts";
import { emailOf } from "./support/examples.ts";

describe("the normal form of an address", () => {
  const forms: readonly (readonly [why: string, raw: string, normal: string])[] = [
    ["is lower case", "Ada.Lovelace@Corp.EXAMPLE", "ada.lovelace@corp.example"],
    ["has no white space around it", " \r\n\tada@corp.example \n", "ada@corp.example"],
    ["keeps plus-tags", "ada+sso@corp.example", "ada+sso@corp.example"],
    ["keeps dots", "a.d.a@corp.example", "a.d.a@corp.example"],
    [
      "keeps what RFC 5321 lets a local part hold",
      "o'neil/x=y@corp.example",
      "o'neil/x=y@corp.example",
    ],
    ["has its domain in A-labels", "ada@bücher.example", "ada@xn--bcher-kva.example"],
    ["has one form for both cases of a U-label", "ada@BÜCHER.example", "ada@xn--bcher-kva.example"],
    [
      "has one form for U-label and A-label",
      "ada@XN--BCHER-KVA.example",
      "ada@xn--bcher-kva.example",
    ],
    ["may have a domain of one label", "ada@intranet", "ada@intranet"],
  ];
  for (const [why, raw, normal] of forms) {
    it(why, () => {
      expect(parseEmailAddress(raw)).to.deep.equal({ ok: true, address: normal });
    });
  }

  it("tells its domain", () => {
    expect(domainOf(emailOf("Ada@Eu.Corp.Example"))).to.equal("eu.corp.example");
  });
});

describe("an invalid address", () => {
  const refusals: readonly (readonly [what: string, raw: string, fault: string])[] = [
    ["nothing", "", "empty"],
    ["white space", " \t\r\n", "empty"],
    ["no at sign", "ada.corp.example", "no-single-at-sign"],
    ["two at signs", "ada@corp@example", "no-single-at-sign"],
    ["two addresses", "ada@corp.example,eve@corp.example", "no-single-at-sign"],
    ["an empty local part", "@corp.example", "local-part-invalid"],
    ["a leading dot", ".ada@corp.example", "local-part-invalid"],
    ["two dots", "a..da@corp.example", "local-part-invalid"],
    ["a quoted local part", '"ada"@corp.example', "local-part-invalid"],
    ["a comment", "ada(work)@corp.example", "local-part-invalid"],
    ["a display name", "Ada <ada@corp.example>", "local-part-invalid"],
    ["a control character", "a\u0000da@corp.example", "local-part-invalid"],
    ["white space within", "a da@corp.example", "local-part-invalid"],
    ["65 octets before the at sign", `${"a".repeat(65)}@corp.example`, "local-part-invalid"],
    ["an empty domain", "ada@", "domain-invalid"],
    ["an empty label", "ada@corp..example", "domain-invalid"],
    ["a trailing dot", "ada@corp.example.", "domain-invalid"],
    ["a label that begins with a hyphen", "ada@-corp.example", "domain-invalid"],
    ["an underscore in the domain", "ada@corp_x.example", "domain-invalid"],
    ["an IPv4 address", "ada@127.0.0.1", "domain-invalid"],
    ["an IPv4 address in disguise", "ada@0x7f000001", "domain-invalid"],
    ["an address literal", "ada@[127.0.0.1]", "domain-invalid"],
    ["a port", "ada@corp.example:25", "domain-invalid"],
    ["a path", "ada@corp.example/x", "domain-invalid"],
    ["percent encoding", "ada@corp%2eexample", "domain-invalid"],
    ["an A-label that is none", "ada@xn--0.example", "domain-invalid"],
    ["a label of 64 octets", `ada@${"a".repeat(64)}.example`, "domain-invalid"],
    [
      "255 octets",
      `ada@${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(68)}`,
      "too-long",
    ],
    [
      "255 octets once it is in A-labels",
      `augusta.ada.lovelace@${`${"ü".repeat(40)}.`.repeat(5)}example`,
      "too-long",
    ],
  ];
  for (const [what, raw, fault] of refusals) {
    it(`${what}: ${fault}`, () => {
      expect(parseEmailAddress(raw)).to.deep.equal({ ok: false, fault });
    });
  }

  it("is refused immediately, regardless of length", () => {
    const hostile = `a${" ".repeat(2_000_000)}b@corp.example`;
    expect(parseEmailAddress(hostile)).to.deep.equal({ ok: false, fault: "too-long" });
  });
});

describe("the longest address", () => {
  const label = (length: number) => "d".repeat(length);
  const domainOf253 = [label(63), label(63), label(63), label(61)].join(".");

  it("has 64 octets before the at sign", () => {
    const address = `${"a".repeat(64)}@corp.example`;
    expect(parseEmailAddress(address)).to.deep.equal({ ok: true, address });
  });

  it("has 254 octets", () => {
    const address = `${"a".repeat(60)}@${[label(63), label(63), label(63), "d"].join(".")}`;
    expect(address).to.have.length(254);
    expect(parseEmailAddress(address)).to.deep.equal({ ok: true, address });
    expect(parseEmailAddress(`a${address}`)).to.deep.equal({ ok: false, fault: "too-long" });
  });

  it("may have white space around it, 1024 characters in all", () => {
    const address = "ada@corp.example";
    expect(parseEmailAddress(address.padEnd(1024))).to.deep.equal({ ok: true, address });
    expect(parseEmailAddress(address.padEnd(1025)).ok).to.equal(false);
  });

  it("could have a domain of 253 octets, and none of 254", () => {
    expect(domainOf253).to.have.length(253);
    expect(parseDomain(domainOf253)).to.equal(domainOf253);
    expect(parseDomain(`d.${domainOf253.slice(1)}`)).to.equal(undefined);
    expect(parseDomain(`${label(63)}.${domainOf253.slice(0, -1)}`)).to.equal(undefined);
  });
});

describe("a domain", () => {
  it("may have digits in its last label, but not nothing else", () => {
    expect(parseDomain("corp.e2e")).to.equal("corp.e2e");
    expect(parseDomain("corp.2e")).to.equal("corp.2e");
    expect(parseDomain("corp.e2")).to.equal("corp.e2");
    for (const raw of ["corp.7", "corp.42", "42"]) expect(parseDomain(raw)).to.equal(undefined);
  });

  it("is read as in an address", () => {
    expect(parseDomain("Bücher.Example")).to.equal("xn--bcher-kva.example");
  });

  it("is not repaired", () => {
    for (const raw of [" corp.example", "corp.example ", "@corp.example", "*.corp.example", ""]) {
      expect(parseDomain(raw), JSON.stringify(raw)).to.equal(undefined);
    }
  });
});
