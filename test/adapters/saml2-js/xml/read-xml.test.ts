import { expect } from "chai";
import { describe, it } from "mocha";
import { RejectionError } from "../../../../src/adapters/saml2-js/rejection-error.ts";
import { MESSAGE_LIMITS } from "../../../../src/adapters/saml2-js/xml/limits.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import type { RejectionCode } from "../../../../src/domain/rejection.ts";
import { roundsOf } from "../../../support/seed.ts";
import { readerComparison } from "../support/reader-comparisons.ts";

function codeOf(xml: string): RejectionCode | undefined {
  try {
    readXml(xml);
    return undefined;
  } catch (error) {
    if (error instanceof RejectionError) return error.code;
    throw error;
  }
}

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");

const FORBIDDEN: Readonly<Record<string, string>> = {
  "a document type": "<!DOCTYPE a><a/>",
  "a document type with entities": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  "an external document type": '<!DOCTYPE a SYSTEM "http://elsewhere.example/a.dtd"><a/>',
  "a processing instruction before the root": "<?a b?><a/>",
  "a processing instruction in the content": "<a>b<?c d?>e</a>",
  "a processing instruction after the root": "<a/><?b c?>",
  "a comment before the root": "<!--b--><a/>",
  "a comment in a text": "<a>b<!--c-->d</a>",
  "a comment after the root": "<a/><!--b-->",
  "a CDATA section": "<a><![CDATA[b]]></a>",
  "an empty CDATA section": "<a>b<![CDATA[]]>c</a>",
  "XML 1.1": '<?xml version="1.1"?><a/>',
  "another encoding": '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
  "UTF-16, declared": '<?xml version="1.0" encoding="UTF-16"?><a/>',
  "UTF-7, declared": '<?xml version="1.0" encoding="UTF-7"?><a/>',
  "a relative namespace name": '<a xmlns="b"/>',
  "a relative namespace name of a prefix": '<b:a xmlns:b="../c"/>',
  "a namespace name with white space before it": '<a xmlns=" urn:b"/>',
  "a namespace name with white space in it": '<a xmlns="urn:b c"/>',
  "a namespace name with white space after it": '<a xmlns="urn:b&#10;"/>',
  "an element named as objects name things": "<toString/>",
  "an attribute named as objects name things": '<a __proto__="1"/>',
  "a prefix named as objects name things": '<a xmlns:constructor="urn:b"/>',
  "an element whose name is not ASCII": "<é/>",
  "an attribute whose name is not ASCII": '<a ｆ="1"/>',
  "a prefix that is not ASCII": '<a xmlns:𐐷="urn:b"/>',
  "a prefix that is undeclared": '<b:a xmlns:b=""/>',
  "a declaration that is not first": ' <?xml version="1.0"?><a/>',
  "a declaration whose quotes do not match": `<?xml version="1.0" standalone="yes'?><a/>`,
  "a declaration twice": '<?xml version="1.0"?><?xml version="1.0"?><a/>',
  "a declaration of xml": '<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>',
};

const MALFORMED: Readonly<Record<string, string>> = {
  nothing: "",
  "white space only": " \n",
  "text only": "a",
  "two roots": "<a/><b/>",
  "text before the root": "x<a/>",
  "text after the root": "<a/>x",
  "an element that is not closed": "<a><b></a>",
  "a root that is not closed": "<a>",
  "a tag that is not finished": "<a",
  "an attribute twice": '<a b="1" b="2"/>',
  "an attribute twice by namespace": '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>',
  "an attribute without quotes": "<a b=c/>",
  "an attribute without a value": "<a b/>",
  "attributes without white space between": '<a b="1"c="2"/>',
  "a less-than sign in an attribute": '<a b="<"/>',
  "an unknown entity": "<a>&nbsp;</a>",
  "an entity without a semicolon": "<a>&amp</a>",
  "a bare ampersand": "<a>b & c</a>",
  "a reference to NUL": "<a>&#0;</a>",
  "a reference to a control character": "<a>&#x1;</a>",
  "a reference to a surrogate": "<a>&#xD800;</a>",
  "a reference beyond Unicode": "<a>&#x110000;</a>",
  "a control character": "<a>\u0001</a>",
  NUL: "<a>\u0000</a>",
  "a non-character": "<a>\uFFFE</a>",
  "a lone surrogate": "<a>\uD800</a>",
  "the end of a CDATA section": "<a>]]></a>",
  "a prefix that is not declared": "<b:a/>",
  "a prefix of an attribute that is not declared": '<a b:c="d"/>',
  "a name with two colons": '<b:c:a xmlns:b="urn:b"/>',
  "the prefix xmlns": "<xmlns:a/>",
  "a declaration of xmlns": '<a xmlns:xmlns="urn:b"/>',
  "the namespace of xml under another prefix":
    '<a xmlns:b="http://www.w3.org/XML/1998/namespace"/>',
  "a name that starts with a digit": "<1a/>",
  "white space before a name": "< a/>",
};

const { depth, elements, attributes, attributesPerElement, references } = MESSAGE_LIMITS;
const TOO_COMPLEX: Readonly<Record<string, string>> = {
  "one level too many": "<a>".repeat(depth + 1) + "</a>".repeat(depth + 1),
  "one element too many": `<a>${"<b/>".repeat(elements)}</a>`,
  "one attribute too many on an element": `<a${many(attributesPerElement + 1, (i) => ` b${i}=""`)}/>`,
  "one namespace too many on an element": `<a${many(attributesPerElement + 1, (i) => ` xmlns:b${i}="urn:b"`)}/>`,
  "one reference too many": `<a>${"&amp;".repeat(references + 1)}</a>`,
  "too many attributes": `<a>${many(attributes / 30 + 1, () => `<b${many(30, (i) => ` b${i}=""`)}/>`)}</a>`,
};

describe("the strict XML reader", () => {
  for (const [what, xml] of Object.entries(FORBIDDEN)) {
    it(`forbids ${what}`, () => expect(codeOf(xml)).to.equal("xml-forbidden"));
  }
  for (const [what, xml] of Object.entries(MALFORMED)) {
    it(`refuses ${what}`, () => expect(codeOf(xml)).to.equal("xml-malformed"));
  }
  for (const [what, xml] of Object.entries(TOO_COMPLEX)) {
    it(`gives up at ${what}`, () => expect(codeOf(xml)).to.equal("xml-too-complex"));
  }

  it("reads as much as the limits allow", () => {
    expect(codeOf("<a>".repeat(depth) + "</a>".repeat(depth))).to.equal(undefined);
    expect(codeOf(`<a>${"<b/>".repeat(elements - 1)}</a>`)).to.equal(undefined);
    expect(codeOf(`<a${many(attributesPerElement, (i) => ` b${i}=""`)}/>`)).to.equal(undefined);
    expect(codeOf('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a/>\n')).to.equal(
      undefined,
    );
  });

  it("takes of damaged documents what saxes reads as the same tree, and all of the subset", () => {
    const { taken, refused, differences, overRefused } = readerComparison(0, roundsOf(4000));
    expect({ differences, overRefused }).to.deep.equal({ differences: [], overRefused: [] });
    expect(Math.min(taken, refused)).to.be.above(roundsOf(1000));
  });

  it("gives up early: a million attributes cost no more than the limit", () => {
    const started = process.cpuUsage();
    expect(codeOf(`<a${" b=''".repeat(1_000_000)}/>`)).to.equal("xml-too-complex");
    const { user, system } = process.cpuUsage(started);
    expect(user + system).to.be.below(1_000_000);
  });

  it("reads names, namespaces, attributes and text", () => {
    const root = readXml(
      '<a xmlns="urn:a" xmlns:b="urn:b" c="1" b:d="2"><b:e>x&lt;&amp;&gt;&quot;&apos;&#65;&#x1D4B5;</b:e><f xmlns=""/></a>',
    );
    expect(root).to.include({ prefix: "", local: "a", namespace: "urn:a" });
    expect(root.attributes).to.deep.equal([
      { prefix: "", local: "c", namespace: "", value: "1" },
      { prefix: "b", local: "d", namespace: "urn:b", value: "2" },
    ]);
    expect([...root.declarations]).to.deep.equal([
      ["", "urn:a"],
      ["b", "urn:b"],
    ]);
    const [first, second] = root.children;
    expect(first).to.deep.include({
      prefix: "b",
      local: "e",
      namespace: "urn:b",
      children: ["x<&>\"'A𝒵"],
    });
    expect(second).to.deep.include({ prefix: "", local: "f", namespace: "" });
  });

  it("reads line ends as XML says: every one a line feed, references as they are", () => {
    expect(readXml("<a>b\r\nc\rd\n&#13;e\r\r\n</a>").children).to.deep.equal(["b\nc\nd\n\re\n\n"]);
  });

  it("normalises white space in attributes, references as they are", () => {
    const {
      attributes: [one],
    } = readXml('<a b="1\t2\r\n3\n4\r5&#9;6&#10;7&#13;8"/>');
    expect(one?.value).to.equal("1 2 3 4 5\t6\n7\r8");
  });

  it("joins the pieces of a text", () => {
    expect(readXml("<a>b&amp;c&#100;e</a>").children).to.deep.equal(["b&cde"]);
  });

  it("reads references with any number of zeros before them", () => {
    const { children } = readXml("<a>&#000000000065;&#x0000000042;</a>");
    expect(children).to.deep.equal(["AB"]);
  });

  it("says what is wrong in few words, without the rest of the document", () => {
    const run = (): unknown => readXml(`<a>&${"secret".repeat(1000)};</a>`);
    expect(run).to.throw(RejectionError).with.property("message").with.length.below(200);
  });
});
