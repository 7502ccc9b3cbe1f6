import { describe, it } from "mocha";
import { type Edit, swap } from "./support/edits.ts";
import { accepted, ask, idp, refused, spKey, verify } from "./support/parties.ts";

const extensions = (content: string): Edit =>
  swap("<samlp:Status>", `<samlp:Extensions>${content}</samlp:Extensions><samlp:Status>`);
const keyInfo = (content: string): Edit =>
  swap("<ds:X509Data>", `<ds:KeyName>${content}</ds:KeyName><ds:X509Data>`);
const shown: Readonly<Record<string, string>> = {
  "many elements": "<a/>".repeat(200),
  "many attributes":
    `<a ${Array.from({ length: 20 }, (_, i) => `a${i + 10}=""`).join(" ")}/>`.repeat(20),
  "much text": `<a>${"x".repeat(30_000)}</a>`,
  "a long attribute": `<a b="${"x".repeat(30_000)}"/>`,
  "a long namespace": `<a xmlns="urn:${"x".repeat(30_000)}"/>`,
};

describe("what no signature covers", () => {
  const signed = idp.respond(ask).xml;

  for (const [what, content] of Object.entries(shown)) {
    it(`is little: ${what} beside a valid assertion`, async () => {
      refused(await verify(extensions(content)(signed)), "xml-too-complex");
    });
    it(`is little: ${what} in the KeyInfo of a valid signature`, async () => {
      refused(await verify(keyInfo(content)(signed)), "xml-too-complex");
    });
    it(`is accepted if the response's signature covers it: ${what}`, async () => {
      const options = {
        ...ask,
        sign: "response",
        edit: { response: extensions(content.replaceAll("/>", "></a>")) },
      } as const;
      accepted(await verify(idp.respond(options).xml));
    });
  }

  it("may be what identity providers send", async () => {
    const certificate = /<ds:X509Certificate>.*?<\/ds:X509Certificate>/;
    const chain = signed.replace(certificate, (one) => one.repeat(10));
    accepted(await verify(chain));
    accepted(await verify(extensions('<a xmlns="urn:a" b="c">d</a>')(signed)));
  });

  it("is little white space inside tags", async () => {
    for (const place of ["<samlp:Status>", "<saml:Subject>", "</saml:Subject>"]) {
      accepted(await verify(signed.replace(place, place.replace(">", `${"\n".repeat(5000)}>`))));
      refused(
        await verify(signed.replace(place, place.replace(">", `${" ".repeat(20_000)}>`))),
        "xml-too-complex",
      );
    }
  });

  it("does not count what is written at length for a reason", async () => {
    const values = Array.from({ length: 1000 }, (_, index) => `"group" & 'team' <${index}>`);
    accepted(await verify(idp.respond({ ...ask, attributes: { groups: values } }).xml));
    const pretty = signed
      .replaceAll("><", ">\n        <")
      .replaceAll(" xmlns", "\n          xmlns");
    refused(await verify(pretty), "signature-invalid");
    const wrapped = idp
      .respond({ ...ask, encryptTo: spKey.certificate })
      .xml.replace(
        /(<xenc:CipherValue>)([^<]*)/g,
        (_, tag: string, value: string) => tag + value.replace(/.{64}/g, "$&&#13;\n"),
      );
    accepted(await verify(wrapped));
  });
});
