import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Rejection, RejectionCode } from "../../../src/domain/rejection.ts";
import type { IdentityProvider } from "../../../src/domain/settings.ts";
import type {
  BrowserMessage,
  LogoutStatus,
  VerifiedLogout,
} from "../../../src/ports/identity-port.ts";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { xmlsec1Verifies } from "../../testing/xmlsec1.ts";
import { logoutRequestXml, signedQuery } from "./support/logout-messages.ts";
import { idp, makeIdentity, NOW, refused, SP, spKey } from "./support/parties.ts";

const { identity } = makeIdentity();
const stranger = makeTestKey();
const REQUEST = logoutRequestXml();

function receive(
  rawQuery: string,
  overrides: Partial<IdentityProvider> = {},
): Promise<VerifiedLogout | Rejection> {
  return identity.verifyLogout(
    SP,
    idp.connection(overrides),
    { binding: "redirect", rawQuery },
    NOW,
  );
}

const lowerCase = (value: string): string =>
  encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
const everything = (value: string): string =>
  [...Buffer.from(value)].map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join("");
const formStyle = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2);
/** Leaves everything alone that a query may hold as it is. */
const little = (value: string): string => value.replace(/[+&%# ]/g, encodeURIComponent);

describe("the HTTP-Redirect binding, coming in", () => {
  const RELAY_STATE = "a+b c/d=é&'(~)";
  for (const [what, encode] of Object.entries({
    lowerCase,
    everything,
    formStyle,
    little,
    encodeURIComponent,
  })) {
    it(`verifies the octets as they were sent: ${what}`, async () => {
      const result = await receive(signedQuery(REQUEST, { relayState: RELAY_STATE, encode }));
      expect(result).to.include({ kind: "logout-request", relayState: RELAY_STATE });
    });
  }

  it("does not verify a re-encoded query", async () => {
    const query = signedQuery(REQUEST, { encode: lowerCase });
    refused(
      await receive(query.replace(/%[0-9a-f]{2}/g, (octet) => octet.toUpperCase())),
      "signature-invalid",
    );
  });

  it("takes the parameters in any order and passes over others", async () => {
    const [message, sigAlg, signature] = signedQuery(REQUEST).split("&");
    const result = await receive(`x=1&${signature}&${sigAlg}&${message}&y`);
    expect(result.kind).to.equal("logout-request");
  });

  it("refuses a RelayState that was changed, added or taken away", async () => {
    const query = signedQuery(REQUEST, { relayState: "there" });
    for (const changed of [
      query.replace("there", "here"),
      query.replace("&RelayState=there", ""),
    ]) {
      refused(await receive(changed), "signature-invalid");
    }
    refused(await receive(`${signedQuery(REQUEST)}&RelayState=x`), "signature-invalid");
  });

  it("verifies with and without an empty RelayState, and gives none back", async () => {
    const [without, signedEmpty] = [signedQuery(REQUEST), signedQuery(REQUEST, { relayState: "" })];
    for (const query of [
      `${without}&RelayState=`,
      `${without}&RelayState`,
      `RelayState=&${without}`,
      signedEmpty,
      signedEmpty.replace("&RelayState=", ""),
    ]) {
      const result = await receive(query);
      expect(result.kind).to.equal("logout-request");
      expect(result).to.not.have.property("relayState");
    }
    const relayed = signedQuery(REQUEST, { relayState: "there" });
    refused(await receive(relayed.replace("=there", "=")), "signature-invalid");
    refused(await receive(signedEmpty.replace("State=", "State=+")), "signature-invalid");
  });

  for (const name of ["SAMLRequest", "RelayState", "SigAlg", "Signature"]) {
    it(`refuses a second ${name}`, async () => {
      const query = signedQuery(REQUEST, { relayState: "x" });
      refused(await receive(`${query}&${name}=x`), "message-ambiguous");
    });
  }

  const REFUSED: readonly (readonly [what: string, query: () => string, code: RejectionCode])[] = [
    ["an empty query", () => "", "message-missing"],
    ["a query without a message", () => "RelayState=x&SigAlg=y&Signature=z", "message-missing"],
    ["both kinds of message", () => `${signedQuery(REQUEST)}&SAMLResponse=x`, "message-ambiguous"],
    ["no signature", () => signedQuery(REQUEST).replace(/&Signature=.*/, ""), "signature-missing"],
    ["no algorithm", () => signedQuery(REQUEST).replace(/&SigAlg=[^&]*/, ""), "signature-missing"],
    [
      "an empty signature",
      () => signedQuery(REQUEST).replace(/Signature=.*/, "Signature="),
      "message-not-base64",
    ],
    [
      "a stranger's signature",
      () => signedQuery(REQUEST, { privateKey: stranger.privateKey }),
      "signature-invalid",
    ],
    [
      "another message",
      () =>
        signedQuery(REQUEST).replace(
          /SAMLRequest=[^&]*/,
          signedQuery(logoutRequestXml({ id: "_x" })).split("&")[0] ?? "",
        ),
      "signature-invalid",
    ],
    ["SHA-1", () => signedQuery(REQUEST, { algorithm: "rsa-sha1" }), "algorithm-not-allowed"],
    [
      "an unknown algorithm",
      () => signedQuery(REQUEST).replace(/SigAlg=[^&]*/, "SigAlg=none"),
      "algorithm-not-allowed",
    ],
    [
      "broken percent-encoding",
      () => signedQuery(REQUEST).replace(/SigAlg=[^&]*/, "SigAlg=%zz"),
      "message-not-base64",
    ],
    [
      "what is no base64",
      () =>
        signedQuery(REQUEST, {
          encode: (value) => (value.length > 200 ? "~" : encodeURIComponent(value)),
        }),
      "message-not-base64",
    ],
    [
      "what is not compressed",
      () => signedQuery("", { compressed: Buffer.from(REQUEST) }),
      "message-not-deflate",
    ],
    [
      "what is compressed in part",
      () => signedQuery("", { compressed: deflateRawSync(REQUEST).subarray(0, -9) }),
      "message-not-deflate",
    ],
    [
      "octets that are no UTF-8",
      () => signedQuery("", { compressed: deflateRawSync(Buffer.of(60, 0xff)) }),
      "message-not-utf8",
    ],
    ["a byte order mark", () => signedQuery(`\uFEFF${REQUEST}`), "message-not-utf8"],
    ["a document type", () => signedQuery(`<!DOCTYPE a>${REQUEST}`), "xml-forbidden"],
    [
      "a request as a response",
      () => signedQuery(REQUEST, { parameter: "SAMLResponse" }),
      "structure-invalid",
    ],
    [
      "a query that is too long",
      () => `${signedQuery(REQUEST)}&x=${"x".repeat(33_000)}`,
      "message-too-large",
    ],
  ];
  for (const [what, query, code] of REFUSED) {
    it(`refuses ${what}`, async () => {
      refused(await receive(query()), code);
    });
  }

  it("takes SHA-1 where the connection allows it", async () => {
    const result = await receive(signedQuery(REQUEST, { algorithm: "rsa-sha1" }), {
      weakAlgorithms: ["sha1"],
    });
    expect(result.kind).to.equal("logout-request");
  });

  it("does not decompress what is not signed", async () => {
    const bomb = deflateRawSync(Buffer.alloc(20_000_000));
    refused(
      await receive(signedQuery("", { compressed: bomb, privateKey: stranger.privateKey })),
      "signature-invalid",
    );
  });

  it("gives up on a bomb at its bound, in memory and time", async () => {
    const query = signedQuery("", { compressed: deflateRawSync(Buffer.alloc(20_000_000, " ")) });
    expect(query.length).to.be.below(32 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const started = process.cpuUsage();
    refused(await receive(query), "message-not-deflate");
    const { user, system } = process.cpuUsage(started);
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(4_000_000);
    expect(user + system).to.be.below(500_000);
  });
});

describe("the HTTP-Redirect binding, going out", () => {
  const subject = {
    nameId: { value: 'Ada & "Söhne"', format: "urn:f" },
    sessionIndexes: ["_1", "_2"],
  };

  it("signs a logout request over the octets of its query", async () => {
    const { id, message } = await identity.logoutRequest(SP, idp.connection(), subject);
    const { url } = message;
    const query = url.slice(url.indexOf("?") + 1);
    const [signed = "", signature = ""] = query.split("&Signature=");
    const key = createPublicKey(spKey.certificate);
    expect(
      verifySignature(
        "sha256",
        Buffer.from(signed),
        key,
        Buffer.from(decodeURIComponent(signature), "base64"),
      ),
    ).to.equal(true);
    const xml = inflateRawSync(
      Buffer.from(new URLSearchParams(query).get("SAMLRequest") ?? "", "base64"),
    ).toString();
    expect(xml)
      .to.include(`ID="${id}"`)
      .and.include('Ada &amp; "Söhne"')
      .and.include("_2</samlp:SessionIndex>");
  });

  it("keeps the query that the endpoint's URL has, and a RelayState with every character", async () => {
    const connection = idp.connection({ sloUrl: "https://idp.example/slo?tenant=1" });
    const relayState = "'()*!~ +&=é";
    const message = await identity.logoutResponse(SP, connection, {
      inResponseTo: "_x",
      status: "success",
      relayState,
    });
    const url = new URL(message.url);
    expect([...url.searchParams.keys()]).to.deep.equal([
      "tenant",
      "SAMLResponse",
      "RelayState",
      "SigAlg",
      "Signature",
    ]);
    expect(url.searchParams.get("RelayState")).to.equal(relayState);
  });

  it("sends responses, and no requests, to the URL for responses", async () => {
    const sloResponseUrl = "https://idp.example/returned";
    for (const sloBinding of ["redirect", "post"] as const) {
      const connection = idp.connection({ sloResponseUrl, sloBinding });
      const { message } = await identity.logoutRequest(SP, connection, subject);
      expect(message.url).to.match(/^https:\/\/idp\.example\/slo(?:\?|$)/);
      const answer = { inResponseTo: "_x", status: "success" } as const;
      const response = await identity.logoutResponse(SP, connection, answer);
      expect(response.url.split("?")[0]).to.equal(sloResponseUrl);
      expect(xmlIn(response)).to.include(`Destination="${sloResponseUrl}"`);
    }
  });

  it("says in the status how the logout went", async () => {
    const status = "urn:oasis:names:tc:SAML:2.0:status:";
    const statusOf = async (outcome: LogoutStatus) => {
      const { url } = await identity.logoutResponse(SP, idp.connection(), {
        inResponseTo: "_x",
        status: outcome,
      });
      const message = new URL(url).searchParams.get("SAMLResponse") ?? "";
      const xml = inflateRawSync(Buffer.from(message, "base64")).toString();
      return /<samlp:Status>.*<\/samlp:Status>/.exec(xml)?.[0].replaceAll(status, "");
    };
    const code = (value: string, below = "") =>
      `<samlp:StatusCode Value="${value}">${below}</samlp:StatusCode>`;
    const expected = {
      success: code("Success"),
      partial: code("Responder", code("PartialLogout")),
      failed: code("Responder"),
    };
    for (const outcome of ["success", "partial", "failed"] as const) {
      const written = `<samlp:Status>${expected[outcome]}</samlp:Status>`;
      expect(await statusOf(outcome)).to.equal(written);
    }
  });

  it("neither signs nor sends an empty RelayState", async () => {
    const { url } = await identity.logoutResponse(SP, idp.connection(), {
      inResponseTo: "_x",
      status: "failed",
      relayState: "",
    });
    expect(url).not.to.include("RelayState");
  });

  it("makes a new ID every time", async () => {
    const ids = await Promise.all(
      Array.from({ length: 100 }, () => identity.logoutRequest(SP, idp.connection(), subject)),
    );
    expect(
      new Set(ids.map(({ id }) => createHash("sha256").update(id).digest("hex"))).size,
    ).to.equal(100);
  });
});

describe("the HTTP-POST binding, going out", () => {
  const post = idp.connection({ sloBinding: "post" });
  const subject = {
    nameId: {
      value: 'Ada & <\u0085\u2028\r\n\t"Söhne"]]>',
      format: "urn:f",
      nameQualifier: "\u0085\n<",
    },
    sessionIndexes: ["_1"],
  };

  it("signs a request that others verify, and that says what it was given", async () => {
    const { id, message } = await identity.logoutRequest(SP, post, subject);
    const xml = xmlIn(message);
    expect(message).to.include({ binding: "post", url: post.sloUrl });
    expect(xml).to.include(`ID="${id}"`);
    expect(xmlsec1Verifies(xml, "message", spKey.certificate)).to.equal(true);
    expect(xmlsec1Verifies(xml.replace("_1<", "_2<"), "message", spKey.certificate)).to.equal(
      false,
    );
    // Read by ourselves, as if the request had come from somebody else.
    const sender = { ...SP, sloUrl: message.url };
    const reader = { ...post, entityId: SP.entityId, certificates: [spKey.certificate] };
    const received = await identity.verifyLogout(
      sender,
      reader,
      { binding: "post", form: message.binding === "post" ? message.fields : {} },
      NOW,
    );
    expect(received).to.deep.include({ kind: "logout-request", subject });
  });

  it("sends a response with its RelayState, unless that is empty", async () => {
    for (const [relayState, fields] of [
      ["there", ["SAMLResponse", "RelayState"]],
      ["", ["SAMLResponse"]],
    ] as const) {
      const answer = { inResponseTo: "_x", status: "partial", relayState } as const;
      const message = await identity.logoutResponse(SP, post, answer);
      if (message.binding !== "post") return expect.fail("not a form");
      expect(Object.keys(message.fields)).to.deep.equal(fields);
      expect(xmlIn(message)).to.include('InResponseTo="_x"');
      expect(xmlsec1Verifies(xmlIn(message), "message", spKey.certificate)).to.equal(true);
    }
  });
});

/** The message as XML, whichever binding it has. */
function xmlIn(message: BrowserMessage): string {
  if (message.binding === "redirect") {
    const { searchParams } = new URL(message.url);
    const value = searchParams.get("SAMLResponse") ?? searchParams.get("SAMLRequest") ?? "";
    return inflateRawSync(Buffer.from(value, "base64")).toString();
  }
  const { SAMLResponse, SAMLRequest } = message.fields;
  return Buffer.from(SAMLResponse ?? SAMLRequest ?? "", "base64").toString();
}
