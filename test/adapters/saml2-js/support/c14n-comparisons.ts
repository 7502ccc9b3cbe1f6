import { spawnSync } from "node:child_process";
import { createHash, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalForm } from "../../../../src/adapters/saml2-js/xml/exclusive-c14n.ts";
import { readXml } from "../../../../src/adapters/saml2-js/xml/read-xml.ts";
import type { XmlElement } from "../../../../src/adapters/saml2-js/xml/tree.ts";
import { makeTestKey } from "../../../../src/testing/signing-idp/certificate.ts";
import { type RandomDocument, ROOT, randomDocument } from "./random-xml.ts";

const ofSaml2Js = createRequire(createRequire(import.meta.url).resolve("saml2-js"));
const { DOMParser } = ofSaml2Js("@xmldom/xmldom");
const { ExclusiveCanonicalization } = ofSaml2Js("xml-crypto");
const key = makeTestKey();

/** Documents from `from` to `to` for which ours and xml-crypto's canonical form or tree differ. */
export function differencesFromXmlCrypto(from: number, to: number): readonly string[] {
  return range(from, to).flatMap((number) => {
    const { xml, inclusivePrefixes } = randomDocument(number, { tricky: false });
    const root = readXml(xml);
    const dom = new DOMParser().parseFromString(xml, "text/xml").documentElement;
    // It has no name for the default namespace in the list.
    const prefixes = inclusivePrefixes.filter((prefix) => prefix !== "");
    return [
      ...(JSON.stringify(plainTree(root)) === JSON.stringify(domTree(dom))
        ? []
        : [`tree of ${number}`]),
      ...(canonicalForm(root, { inclusivePrefixes: new Set(prefixes) }) ===
      new ExclusiveCanonicalization().process(dom, { inclusiveNamespacesPrefixList: prefixes })
        ? []
        : [`canonical form of ${number}`]),
    ];
  });
}

/** Documents for which ours and libxml2's canonical form differ; one call of xmllint for all. */
export function differencesFromXmllint(from: number, to: number): readonly number[] {
  const documents = range(from, to).map((number) => randomDocument(number, { tricky: true }).xml);
  return inFolder(documents, (files) => {
    const { stdout } = spawnSync("xmllint", ["--nonet", "--exc-c14n", ...files], {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    let at = 0;
    return documents.flatMap((xml, index) => {
      const expected = canonicalForm(readXml(xml));
      const same = stdout.startsWith(expected, at);
      // After the first difference nothing can be told of the rest.
      at = same ? at + expected.length : Number.POSITIVE_INFINITY;
      return same ? [] : [from + index];
    });
  });
}

/**
 * Documents whose signature, made over our canonical forms with inclusive prefixes, xmlsec1 does
 * not verify; one call for all. Both of what is signed and of SignedInfo, below its ancestors.
 */
export function differencesFromXmlsec1(from: number, to: number): readonly number[] {
  const documents = range(from, to).map((number) =>
    signed(randomDocument(number, { tricky: true })),
  );
  return inFolder([...documents, key.certificate], (files) => {
    const { stdout, stderr } = spawnSync(
      "xmlsec1",
      [
        "--verify",
        "--pubkey-cert-pem",
        files.at(-1) ?? "",
        "--id-attr:ID",
        `${ROOT.namespace}:${ROOT.local}`,
        ...files.slice(0, -1),
      ],
      { encoding: "utf8", maxBuffer: 1 << 30 },
    );
    const verdicts = `${stdout}\n${stderr}`
      .split("\n")
      .filter((line) => /^(OK|FAIL|ERROR)$/.test(line));
    return range(from, to).filter((_, index) => verdicts[index] !== "OK");
  });
}

const DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const EXC = "http://www.w3.org/2001/10/xml-exc-c14n#";

/** The document with an enveloped signature, last in the root. */
function signed({ xml, inclusivePrefixes }: RandomDocument): string {
  const prefixes = new Set(inclusivePrefixes);
  const list = inclusivePrefixes.map((prefix) => (prefix === "" ? "#default" : prefix)).join(" ");
  const method = (name: string): string =>
    `<ds:${name} Algorithm="${EXC}"><x:InclusiveNamespaces xmlns:x="${EXC}" PrefixList="${list}"/></ds:${name}>`;
  const digest = createHash("sha256")
    .update(canonicalForm(readXml(xml), { inclusivePrefixes: prefixes }))
    .digest("base64");
  const signature = (value: string): string =>
    `<ds:Signature ${DS}><ds:SignedInfo>${method("CanonicalizationMethod")}<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_1"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>${method("Transform")}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  const whole = (value: string): string => {
    const opened = xml.replace(/\/>$/, (end) =>
      `></${/^<([^\s/>]+)/.exec(xml)?.[1]}>`.replace(end, ""),
    );
    const at = opened.lastIndexOf("</");
    return opened.slice(0, at) + signature(value) + opened.slice(at);
  };
  const root = readXml(whole(""));
  const element = root.children.at(-1) as XmlElement;
  const [signedInfo] = element.children as readonly XmlElement[];
  const octets = canonicalForm(signedInfo as XmlElement, {
    inclusivePrefixes: prefixes,
    inherited: new Map([...root.declarations, ...element.declarations]),
  });
  return whole(sign("sha256", Buffer.from(octets), key.privateKey).toString("base64"));
}

function plainTree(element: XmlElement): unknown {
  return {
    name: [element.namespace, element.prefix, element.local],
    attributes: element.attributes
      .map(({ namespace, prefix, local, value }) => [namespace, prefix, local, value].join("\0"))
      .sort(),
    children: element.children.map((child) =>
      typeof child === "string" ? child : plainTree(child),
    ),
  };
}

interface DomNode {
  readonly nodeType: number;
  readonly namespaceURI: string | null;
  readonly prefix: string | null;
  readonly localName: string;
  readonly value: string;
  readonly data: string;
  readonly attributes: ArrayLike<DomNode>;
  readonly childNodes: ArrayLike<DomNode>;
}

function domTree(node: DomNode): unknown {
  const children: unknown[] = [];
  for (const child of Array.from(node.childNodes)) {
    const last = children.at(-1);
    if (child.nodeType === 1) children.push(domTree(child));
    else if (typeof last === "string") children[children.length - 1] = last + child.data;
    else children.push(child.data);
  }
  return {
    name: [node.namespaceURI ?? "", node.prefix ?? "", node.localName],
    attributes: Array.from(node.attributes)
      .filter(({ namespaceURI }) => namespaceURI !== "http://www.w3.org/2000/xmlns/")
      .map(({ namespaceURI, prefix, localName, value }) =>
        [namespaceURI ?? "", prefix ?? "", localName, value].join("\0"),
      )
      .sort(),
    children,
  };
}

function inFolder<T>(documents: readonly string[], work: (files: readonly string[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "c14n-"));
  try {
    const files = documents.map((text, index) => {
      const file = join(folder, `${index}`);
      writeFileSync(file, text);
      return file;
    });
    return work(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
