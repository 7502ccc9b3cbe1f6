import { expect } from "chai";
import { describe, it } from "mocha";
import { RejectionError } from "../../../../src/adapters/saml2-js/rejection-error.ts";
import { canonicalForm } from "../../../../src/adapters/saml2-js/xml/exclusive-c14n.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import { childrenNamed, type XmlElement } from "../../../../src/adapters/saml2-js/xml/tree.ts";
import { roundsOf } from "../../../support/seed.ts";
import {
  differencesFromXmlCrypto,
  differencesFromXmllint,
  differencesFromXmlsec1,
} from "../support/c14n-comparisons.ts";

const canonical = (xml: string, ...inclusive: readonly string[]): string =>
  canonicalForm(readXml(xml), { inclusivePrefixes: new Set(inclusive) });

describe("exclusive canonicalization", () => {
  it("is xml-crypto's, and the tree is @xmldom's, for random documents", () => {
    expect(differencesFromXmlCrypto(0, roundsOf(2000))).to.deep.equal([]);
  });

  it("is libxml2's for random documents", () => {
    expect(differencesFromXmllint(0, roundsOf(2000))).to.deep.equal([]);
  });

  it("makes signatures, with inclusive prefixes, that xmlsec1 verifies for random documents", () => {
    expect(differencesFromXmlsec1(0, roundsOf(500))).to.deep.equal([]);
  });

  it("omits unused namespaces and declares used ones where they are used", () => {
    expect(canonical('<a:r xmlns:a="urn:a" xmlns:b="urn:b"><b:c/><b:d b:e=""/></a:r>')).to.equal(
      '<a:r xmlns:a="urn:a"><b:c xmlns:b="urn:b"></b:c><b:d xmlns:b="urn:b" b:e=""></b:d></a:r>',
    );
  });

  it("keeps inclusive prefixes where they are declared, used or not", () => {
    expect(
      canonical('<a:r xmlns:a="urn:a" xmlns:b="urn:b"><a:c xmlns:b="urn:c"/></a:r>', "b", "z"),
    ).to.equal('<a:r xmlns:a="urn:a" xmlns:b="urn:b"><a:c xmlns:b="urn:c"></a:c></a:r>');
  });

  it("treats the default namespace inclusively when the list says #default", () => {
    expect(canonical('<a:r xmlns:a="urn:a" xmlns="urn:b"/>', "")).to.equal(
      '<a:r xmlns="urn:b" xmlns:a="urn:a"></a:r>',
    );
    expect(canonical('<a:r xmlns:a="urn:a" xmlns="urn:b"/>')).to.equal(
      '<a:r xmlns:a="urn:a"></a:r>',
    );
  });

  it("undeclares the default namespace where one was in force, and nowhere else", () => {
    expect(canonical('<r xmlns="urn:a"><c xmlns=""><d xmlns=""/></c></r>')).to.equal(
      '<r xmlns="urn:a"><c xmlns=""><d></d></c></r>',
    );
    expect(canonical('<r xmlns=""/>')).to.equal("<r></r>");
  });

  it("sorts attributes by namespace and name, by code point", () => {
    const xml =
      '<r xmlns:c="urn:𐐷" xmlns:b="urn:ｆ" xmlns:a="urn:b" c:y="1" b:z="2" a:a="3" B="4" a="5" xml:lang="6"/>';
    expect(canonical(xml)).to.equal(
      '<r xmlns:a="urn:b" xmlns:b="urn:ｆ" xmlns:c="urn:𐐷" B="4" a="5" xml:lang="6" a:a="3" b:z="2" c:y="1"></r>',
    );
  });

  // Canonical XML 1.0 section 2.3; libxml2 and xml-crypto write it as it is.
  it("escapes an ampersand in a namespace name", () => {
    expect(canonical('<r xmlns="urn:a?b=1&amp;c=2"/>')).to.equal(
      '<r xmlns="urn:a?b=1&amp;c=2"></r>',
    );
  });

  it("leaves out one child, the signature", () => {
    const root = readXml(
      '<a><Signature xmlns="urn:s"/>b<Signature xmlns="urn:s">c</Signature></a>',
    );
    const without = childrenNamed(root, "urn:s", "Signature")[0] as XmlElement;
    expect(canonicalForm(root, { without })).to.equal(
      '<a>b<Signature xmlns="urn:s">c</Signature></a>',
    );
  });

  it("knows the namespaces of the ancestors of what it starts from", () => {
    const inner = readXml('<a xmlns="urn:a" xmlns:b="urn:b"><b:c d=""/></a>')
      .children[0] as XmlElement;
    const inherited = new Map([
      ["", "urn:a"],
      ["b", "urn:b"],
      ["c", "urn:c"],
    ]);
    expect(canonicalForm(inner, { inherited, inclusivePrefixes: new Set(["c"]) })).to.equal(
      '<b:c xmlns:b="urn:b" xmlns:c="urn:c" d=""></b:c>',
    );
  });

  it("gives up before a small document grows to gigabytes", () => {
    const xml = `<a xmlns:p="urn:${"x".repeat(90_000)}">${"<p:b/>".repeat(3900)}</a>`;
    expect(() => canonical(xml))
      .to.throw(RejectionError)
      .with.property("code", "xml-too-complex");
  });
});
