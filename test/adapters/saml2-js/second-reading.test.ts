import { spawnSync } from "node:child_process";
import { createHash, sign } from "node:crypto";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";
import { makeVerificationKeys } from "../../../src/adapters/saml2-js/crypto/certificates.ts";
import { serviceProviderKeys } from "../../../src/adapters/saml2-js/crypto/service-provider-keys.ts";
import { DEFAULT_TIME_LIMITS } from "../../../src/adapters/saml2-js/identity.ts";
import { RejectionError } from "../../../src/adapters/saml2-js/rejection-error.ts";
import type { VerifiedSignature } from "../../../src/adapters/saml2-js/response/signed-response.ts";
import { verifyResponse } from "../../../src/adapters/saml2-js/response/verify-response.ts";
import {
  makeRequireAgreement,
  type SecondReadingInput,
  secondReadingInput,
} from "../../../src/adapters/saml2-js/second-reading/second-reading.ts";
import type { Octets } from "../../../src/adapters/saml2-js/second-reading/signed-octets.ts";
import { makeAreSigned } from "../../../src/adapters/saml2-js/second-reading/verify-octets.ts";
import { parseByXmlDom } from "../../../src/adapters/saml2-js/second-reading/xmldom.ts";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import { descendants, elementsOf } from "../../../src/adapters/saml2-js/xml/tree.ts";
import type { Rejection } from "../../../src/domain/rejection.ts";
import type { VerifiedAssertion } from "../../../src/ports/identity-port.ts";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import {
  encodeResponse,
  makeSigningIdp,
  type ResponseOptions,
} from "../../../src/testing/signing-idp.ts";
import { secondReading } from "../../attacks/classes/second-reading.ts";
import { posting } from "../../attacks/support/attack.ts";
import { build } from "../../attacks/support/build.ts";
import {
  ACS_URL,
  NOW as ATTACKED_AT,
  idp as attackedIdp,
  spKey as attackedKey,
  ENTITY_ID,
} from "../../attacks/support/parties.ts";
import { formOf, outcomeAtPort } from "../../attacks/support/port.ts";
import {
  accepted,
  ask,
  idp,
  makeIdentity,
  NOW,
  refused,
  SP,
  spKey,
  verify,
} from "./support/parties.ts";

const NAME_IDENTIFIER = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
const other = makeTestKey();

interface SecondRead {
  readonly result: VerifiedAssertion | Rejection;
  readonly inputs: readonly SecondReadingInput[];
  readonly xml: string;
}

/** Verifies with another second reading, and says what it was given. */
async function verifyWith(
  second: (input: SecondReadingInput) => Promise<void>,
  options: Partial<ResponseOptions> = {},
  strength: "verify" | "read" = "verify",
): Promise<SecondRead> {
  const inputs: SecondReadingInput[] = [];
  const { samlResponse, xml } = idp.respond({ ...ask, ...options });
  const result = await verifyResponse(
    {
      sp: SP,
      connection: idp.connection({ certificates: [other.certificate, idp.certificate] }),
      form: { SAMLResponse: samlResponse },
      expectation: { pendingRequestIds: [], now: NOW },
    },
    {
      keys: serviceProviderKeys([spKey]).all,
      limits: DEFAULT_TIME_LIMITS,
      onRetiringKey: () => {},
      verificationKeys: makeVerificationKeys(),
      secondReading: async (signed, parties) => {
        const input = secondReadingInput(signed, parties, strength);
        inputs.push(input);
        await second(input);
      },
    },
  );
  return { result, inputs, xml };
}

/** The input as if this had been verified. */
function withText(input: SecondReadingInput, edit: (xml: string) => string): SecondReadingInput {
  return { ...input, text: edit(input.text) };
}

/** Lets saml2-js read what was verified, as if we had read something else. */
function readOtherwise(
  change: (input: SecondReadingInput) => SecondReadingInput,
): Promise<unknown> {
  return verifyWith((input) => makeRequireAgreement()(change(input)), {
    attributes: { team: ["a", "b"] },
  }).then(({ result }) => result);
}

describe("the second reading", () => {
  it("has the last word: refuses the sign-in if it disagrees", async () => {
    const { result } = await verifyWith(async () => {
      throw new RejectionError("readings-disagree", "the two readings differ in nameId");
    });
    expect(result).to.deep.equal({
      kind: "rejected",
      code: "readings-disagree",
      detail: "the two readings differ in nameId",
      authenticated: true,
    });
  });

  it("is given what is signed, and only the certificate that verified", async () => {
    const { result, inputs, xml } = await verifyWith(async () => {});
    const [input] = inputs;
    expect(inputs).to.have.length(1);
    expect(input?.signedBy.fingerprint).to.equal(accepted(result).signedBy);
    expect(input?.signedBy.certificate.toString().trim()).to.equal(idp.certificate.trim());
    const [assertion] = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml) ?? [];
    expect(input?.text).to.contain(assertion?.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, ""));
  });

  it("is given nothing that is not signed, but what saml2-js asks for", async () => {
    for (const sign of ["assertion", "both"] as const) {
      const { inputs } = await verifyWith(async () => {}, { sign });
      const { text } = inputs[0] ?? expect.fail("no second reading");
      const root = readXml(text);
      expect(root.attributes.map(({ local }) => local)).to.have.members([
        "Destination",
        "ID",
        "Version",
      ]);
      expect(elementsOf(root).map(({ local }) => local)).to.deep.equal(["Status", "Assertion"]);
      expect(descendants(root).filter(({ local }) => local === "KeyInfo")).to.deep.equal([]);
    }
  });

  it("gets no private key of ours where the assertion is signed inside the ciphertext", async () => {
    const encryptTo = spKey.certificate;
    const keyFor = async (sign: "assertion" | "response" | "both"): Promise<boolean> => {
      const { result, inputs } = await verifyWith(makeRequireAgreement(), { sign, encryptTo });
      accepted(result);
      expect(inputs[0]?.verifies).to.equal(true);
      return inputs[0]?.openedWith !== undefined;
    };
    expect(await keyFor("assertion")).to.equal(false);
    expect(await keyFor("both")).to.equal(false);
    expect(await keyFor("response")).to.equal(true);
  });

  const UNSIGNED: readonly (readonly [string, (xml: string) => string])[] = [
    ["declaration on Signature", (xml) => xml.replace("<ds:Signature ", '$&xmlns:Xy="urn:x" ')],
    ["attribute of Signature", (xml) => xml.replace("<ds:Signature ", '$&PrefixList="#default" ')],
    ["line end in Signature", (xml) => xml.replace("<ds:SignatureValue>", "&#13;$&")],
    ["line end in SignatureValue", (xml) => xml.replace("</ds:SignatureValue>", "&#13;$&")],
    ["declaration on Response", (xml) => xml.replace("<samlp:Response ", '$&xmlns:Xy="urn:x" ')],
  ];
  for (const [what, edit] of UNSIGNED) {
    it(`verifies despite unsigned additions: a ${what}`, async () => {
      for (const base of ["assertion", "response", "both", "encrypted-response"] as const) {
        const inputs: SecondReadingInput[] = [];
        const agree = makeRequireAgreement();
        const result = await verifyResponse(
          {
            sp: { ...SP, entityId: ENTITY_ID, acsUrl: ACS_URL },
            connection: attackedIdp.connection(),
            form: formOf(posting(edit(build(base)))),
            expectation: { pendingRequestIds: [], now: ATTACKED_AT },
          },
          {
            keys: serviceProviderKeys([attackedKey]).all,
            verificationKeys: makeVerificationKeys(),
            limits: DEFAULT_TIME_LIMITS,
            onRetiringKey: () => {},
            secondReading: async (signed, parties) => {
              const input = secondReadingInput(signed, parties, "verify");
              inputs.push(input);
              await agree(input);
            },
          },
        );
        accepted(result);
        expect(
          inputs.map(({ verifies }) => verifies),
          base,
        ).to.deep.equal([true]);
      }
    });
  }

  it("is not asked about what the first reading or a check refuses", async () => {
    for (const options of [{ sign: "none" }, { audience: "https://other.example" }] as const) {
      const { result, inputs } = await verifyWith(async () => {}, options);
      expect(result.kind).to.equal("rejected");
      expect(inputs).to.deep.equal([]);
    }
  });

  const OTHERWISE: Readonly<Record<string, (input: SecondReadingInput) => SecondReadingInput>> = {
    nameId: (input) => ({
      ...input,
      assertion: {
        ...input.assertion,
        nameId: { ...input.assertion.nameId, value: "eve@customer.example" },
      },
    }),
    sessionIndex: (input) => ({ ...input, assertion: { ...input.assertion, sessionIndex: "_x" } }),
    sessionNotOnOrAfter: (input) => ({
      ...input,
      assertion: { ...input.assertion, sessionNotOnOrAfter: "2026-06-01T13:00:00Z" },
    }),
    "response.id": (input) => ({ ...input, response: { ...input.response, id: "_x" } }),
    "response.inResponseTo": (input) => ({
      ...input,
      response: { ...input.response, inResponseTo: "_x" },
    }),
    "response.destination": (input) => ({
      ...input,
      response: { ...input.response, destination: "https://x.example" },
    }),
    'attribute "team"': (input) => ({
      ...input,
      attributes: [{ name: "team", values: ["a"] }],
    }),
    'attribute "role"': (input) => ({
      ...input,
      attributes: [...input.attributes, { name: "role", values: ["x"] }],
    }),
  };
  for (const [member, change] of Object.entries(OTHERWISE)) {
    it(`notices another ${member}`, async () => {
      const rejection = refused((await readOtherwise(change)) as Rejection, "readings-disagree");
      expect(rejection.detail).to.equal(`the two readings differ in ${member}`);
    });
  }

  it("fails when saml2-js does not accept the message, and quotes nothing of it", async () => {
    const rejection = refused(
      (await readOtherwise((input) =>
        withText(input, (xml) => xml.replace("ada@", "eve@")),
      )) as Rejection,
      "second-reading-failed",
    );
    expect(rejection.detail).not.to.match(/eve|customer|<|_/);
  });

  it("is spared for a message that both have read, and for that one only", async () => {
    const agree = makeRequireAgreement();
    const inputs = (await verifyWith(async () => {}, { attributes: { team: "a" } })).inputs;
    const [input] = inputs;
    if (input === undefined) expect.fail("no second reading");
    await agree(input);
    // Whatever the answer depends on is part of what is remembered.
    await agree({ ...input, assertion: { ...input.assertion, sessionIndex: "_x" } });
    const failed = await agree(withText(input, (xml) => xml.replace("ada@", "eve@"))).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).to.be.instanceOf(RejectionError);
  });

  it("raises an alarm in the log, without what was sent", async () => {
    const { identity, logged } = makeIdentity();
    // An attribute within another's value: rightly signed, and saml2-js finds it.
    const code = await outcomeAtPort(identity, secondReading[0] ?? expect.fail("no attack"));
    expect(code).to.equal("readings-disagree");
    expect(logged).to.deep.equal([
      { event: "saml.readings-disagree", code, issuer: attackedIdp.entityId },
    ]);
  });

  it("expects that a nameidentifier claim overwrites the NameID in saml2-js's answer", async () => {
    const { claims } = accepted(
      await verify(idp.respond({ ...ask, attributes: { [NAME_IDENTIFIER]: "someone-else" } }).xml),
    );
    expect(claims.nameId.value).to.equal(ask.email);
    expect(claims.attributes).to.deep.include({
      name: NAME_IDENTIFIER,
      values: ["someone-else"],
    });
  });

  for (const [signature, digest] of [
    ["ecdsa-sha256", "sha256"],
    ["ecdsa-sha384", "sha384"],
    ["rsa-sha384", "sha256"],
    ["rsa-sha256", "sha384"],
    ["rsa-sha512", "sha512"],
    ["rsa-pss-sha256", "sha256"],
  ] as const) {
    it(`agrees on ${signature} with ${digest}, whether or not saml2-js can verify it`, async () => {
      const from = makeSigningIdp({ algorithms: { signature, digest }, clock: { now: () => NOW } });
      for (const sign of ["assertion", "response", "both"] as const) {
        const { xml } = from.respond({ ...ask, sign });
        accepted(await verify(xml, { from }));
        refused(await verify(xml.replace("ada@", "eve@"), { from }), "signature-invalid");
      }
    });
  }

  it("warns of nothing when it is on", () => {
    for (const secondReading of ["verify", "read"] as const) {
      expect(makeIdentity({ secondReading }).logged).to.deep.equal([]);
    }
  });

  it("can be switched off, with a warning once", async () => {
    const { identity, logged } = makeIdentity({ secondReading: "off" });
    accepted(
      await verify(idp.respond({ ...ask, attributes: { note: "a\u2028b" } }).xml, { identity }),
    );
    expect(logged).to.deep.equal([{ event: "saml.second-reading-off" }]);
  });

  it("prints nothing, whatever DEBUG says", () => {
    const child = fileURLToPath(new URL("./support/debug-child.ts", import.meta.url));
    const deno = fileURLToPath(new URL("../../../node_modules/deno/deno", import.meta.url));
    const runtimes: readonly (readonly [string, readonly string[]])[] = [
      ["node", ["--import", "tsx", child]],
      [deno, ["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys", child]],
    ];
    for (const [program, args] of runtimes) {
      const { status, stdout, stderr } = spawnSync(program, args, {
        encoding: "utf8",
        env: { ...process.env, DEBUG: "*" },
      });
      expect({ status, stdout }, stderr).to.deep.equal({ status: 0, stdout: "" });
      expect(stderr).not.to.match(
        /customer\.example|attribute-value|saml2|Assertion|xmldom|PRIVATE/,
      );
    }
  });
});

describe("the second reading of what was signed", () => {
  /** The input for a response like this, and how the second reading ends after `change`. */
  async function read(
    options: Partial<ResponseOptions>,
    change: (input: SecondReadingInput) => SecondReadingInput = (input) => input,
  ) {
    return verifyWith((input) => makeRequireAgreement()(change(input)), options, "read");
  }

  it("reads the octets whose digest is signed, and nothing of the message besides", async () => {
    for (const [sign, element] of [
      ["assertion", "saml:Assertion"],
      ["response", "samlp:Response"],
    ] as const) {
      const { inputs, xml, result } = await read({ sign, attributes: { note: "a\u2028b" } });
      accepted(result);
      const { text } = inputs[0] ?? expect.fail("no second reading");
      const octets = new RegExp(`<${element}[ >].*</${element}>`, "s").exec(text)?.[0] ?? "";
      const digest = createHash("sha256").update(octets.replaceAll("&#x2028;", "\u2028"));
      const [, digestValue] = /<ds:DigestValue>([^<]*)</.exec(xml) ?? [];
      expect(digest.digest("base64")).to.equal(digestValue);
      expect(text).not.to.match(/Signature|KeyInfo/);
    }
  });

  it("does not verify by saml2-js, and gets a private key only where it must decrypt", async () => {
    const encryptTo = spKey.certificate;
    for (const [options, decrypts] of [
      [{ sign: "assertion" }, false],
      [{ sign: "both" }, false],
      [{ sign: "assertion", encryptTo }, false],
      [{ sign: "both", encryptTo }, false],
      [{ sign: "response", encryptTo }, true],
    ] as const) {
      const { result, inputs } = await read(options);
      accepted(result);
      const [input] = inputs;
      expect(input?.verifies).to.equal(false);
      expect(input?.openedWith !== undefined).to.equal(decrypts);
    }
  });

  it("verifies every signature", async () => {
    const { inputs } = await read({ sign: "both" });
    const elements = inputs.flatMap(({ octets }) => octets.map(({ element }) => element.local));
    expect(elements).to.deep.equal(["Assertion", "Response"]);
  });

  it("compares what was decrypted where only the ciphertext is signed", async () => {
    const { inputs } = await read({ sign: "response", encryptTo: spKey.certificate });
    const { octets } = inputs[0] ?? expect.fail("no second reading");
    expect(octets.map(({ element }) => element.local)).to.deep.equal(["Response", "Assertion"]);
    const [response, decrypted] = octets;
    const other = { ...decrypted, text: decrypted?.text.replace("ada@", "eve@") } as Octets;
    const failed = await read({ sign: "response", encryptTo: spKey.certificate }, (input) => ({
      ...input,
      octets: [...(response === undefined ? [] : [response]), other],
    }));
    refused(failed.result as Rejection, "readings-disagree");
  });

  /** As if our own verification had taken this. */
  const signedOtherwise =
    (change: (signature: VerifiedSignature, input: SecondReadingInput) => VerifiedSignature) =>
    (input: SecondReadingInput): SecondReadingInput => ({
      ...input,
      octets: input.octets.map((octets) =>
        octets.signature === undefined
          ? octets
          : { ...octets, signature: change(octets.signature, input) },
      ),
    });
  const inSignedInfo = (from: string | RegExp, to: string) =>
    signedOtherwise((signature) => {
      const signedInfo = signature.signedInfo.replace(from, to);
      expect(signedInfo).not.to.equal(signature.signedInfo);
      const signatureValue = sign("sha256", Buffer.from(signedInfo), idp.key.privateKey);
      return { ...signature, signedInfo, form: { ...signature.form, signatureValue } };
    });
  const FORGED: Readonly<Record<string, (input: SecondReadingInput) => SecondReadingInput>> = {
    "other content": signedOtherwise((signature) => ({
      ...signature,
      canonical: signature.canonical.replace("ada@", "eve@"),
    })),
    "another SignedInfo": signedOtherwise((signature) => ({
      ...signature,
      signedInfo: `${signature.signedInfo} `,
    })),
    "another signature value": signedOtherwise((signature) => ({
      ...signature,
      form: { ...signature.form, signatureValue: Buffer.alloc(256, 1) },
    })),
    "a key that is not the connection's": (input) => ({
      ...input,
      connection: { ...input.connection, certificates: [other.certificate] },
    }),
    "no certificate that can be read": (input) => ({
      ...input,
      connection: { ...input.connection, certificates: ["AAAA"] },
    }),
    "a reference to another element": inSignedInfo(/URI="[^"]*"/, 'URI="#_other"'),
    "a reference to the whole document": inSignedInfo(/URI="[^"]*"/, 'URI=""'),
    "two references": inSignedInfo(/<ds:Reference .*<\/ds:Reference>/s, "$&$&"),
    "no reference": inSignedInfo(/<ds:Reference .*<\/ds:Reference>/s, ""),
    "a digest that is not known": inSignedInfo("xmlenc#sha256", "xmlenc#md5"),
    "a signature method that is not known": inSignedInfo("#rsa-sha256", "#hmac-sha256"),
    "a signature method of other keys": inSignedInfo("#rsa-sha256", "#ecdsa-sha256"),
    "another element in place of the digest": inSignedInfo(
      /<(\/?)ds:DigestValue>/g,
      "<$1ds:DigestValues>",
    ),
    "another canonicalization of SignedInfo": inSignedInfo("xml-exc-c14n#", "xml-c14n#"),
    "another first transform": inSignedInfo("#enveloped-signature", "#base64"),
    "another second transform": inSignedInfo(/(?<=<ds:Transform A[^>]*)xml-exc-c14n#/, "xml-c14n#"),
    "a third transform": inSignedInfo(/<ds:Transform .*?<\/ds:Transform>/s, "$&$&"),
    "SignedInfo of another namespace": inSignedInfo("09/xmldsig#", "09/xmldsig"),
  };
  for (const [what, change] of Object.entries(FORGED)) {
    it(`refuses ${what}, whatever our own verification took it for`, async () => {
      for (const sign of ["assertion", "response"] as const) {
        const { result } = await read({ sign }, change);
        refused(result as Rejection, "second-reading-failed");
      }
    });
  }

  it("refuses an ID that another reader could look up elsewhere", async () => {
    const { inputs } = await read({ sign: "assertion" });
    const { connection, octets } = inputs[0] ?? expect.fail("no second reading");
    const { signature } = octets[0] ?? expect.fail("no octets");
    const areSigned = makeAreSigned();
    /** Whether this content is taken, rightly signed by its first ID. */
    const isTaken = (canonical: string, id: string): boolean => {
      const digest = createHash("sha256").update(canonical).digest("base64");
      const signedInfo = (signature?.signedInfo ?? "")
        .replace(/URI="[^"]*"/, `URI="#${id}"`)
        .replace(/(?<=DigestValue>)[^<]*/, digest);
      const signatureValue = sign("sha256", Buffer.from(signedInfo), idp.key.privateKey);
      const form = { ...signature?.form, signatureValue } as VerifiedSignature["form"];
      const made = { ...signature, canonical, signedInfo, form } as VerifiedSignature;
      return areSigned(parseByXmlDom(canonical), made, connection);
    };
    expect(isTaken('<a ID="_x"><b ID="_y"></b></a>', "_x")).to.equal(true);
    for (const name of ["ID", "Id", "id"]) {
      expect(isTaken(`<a ID="_x"><b><c ${name}="_x"></c></b></a>`, "_x"), name).to.equal(false);
    }
    expect(isTaken('<a ID="_x" id="_x"></a>', "_x")).to.equal(false);
    expect(isTaken('<a ID="_&#39;x"></a>', "_&#39;x")).to.equal(false);
    expect(isTaken("<a></a>", "undefined")).to.equal(false);
  });

  it("refuses SHA-1 unless the connection allows it", async () => {
    for (const algorithms of [
      { signature: "rsa-sha1", digest: "sha256" },
      { signature: "rsa-sha256", digest: "sha1" },
    ] as const) {
      const from = makeSigningIdp({ algorithms, clock: { now: () => NOW } });
      const { xml } = from.respond(ask);
      const { identity } = makeIdentity({ secondReading: "read" });
      const connection = { weakAlgorithms: ["sha1"] } as const;
      accepted(await verify(xml, { identity, from, connection }));
    }
    const { result } = await read(
      {},
      inSignedInfo("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"),
    );
    refused(result as Rejection, "second-reading-failed");
  });

  it("refuses octets that the two parsers see differently", async () => {
    const { result } = await read({}, (input) => ({
      ...input,
      octets: input.octets.map((octets) => ({
        ...octets,
        text: octets.text.replace("Recipient=", "Recipients="),
      })),
    }));
    refused(result as Rejection, "readings-disagree");
  });

  it("notices what saml2-js finds where we do not look", async () => {
    const { identity, logged } = makeIdentity({ secondReading: "read" });
    const code = await outcomeAtPort(identity, secondReading[0] ?? expect.fail("no attack"));
    expect(code).to.equal("readings-disagree");
    expect(logged.map(({ event }) => event)).to.deep.equal(["saml.readings-disagree"]);
  });
});

describe("what the form may hold", () => {
  const { identity } = makeIdentity();
  const good = encodeResponse(idp.respond(ask).xml);
  const post = (form: unknown): ReturnType<typeof verify> =>
    identity.verifyResponse(SP, idp.connection(), form, { pendingRequestIds: [], now: NOW });

  it("is base64 in lines of any length", async () => {
    for (const [width, end] of [
      [64, "\n"],
      [76, "\r\n"],
      [1, "\t "],
    ] as const) {
      const wrapped = good.replace(new RegExp(`.{${width}}`, "g"), `$&${end}`);
      accepted(await post({ SAMLResponse: wrapped }));
    }
  });

  for (const [what, form, code] of [
    ["no form", undefined, "message-missing"],
    ["no field", { RelayState: "x" }, "message-missing"],
    ["an inherited field", Object.create({ SAMLResponse: good }), "message-missing"],
    ["a request besides", { SAMLResponse: good, SAMLRequest: good }, "message-ambiguous"],
    ["the field twice", { SAMLResponse: [good, good] }, "message-ambiguous"],
    ["one in a list", { SAMLResponse: [good] }, "message-ambiguous"],
    ["an object", { SAMLResponse: { length: 2e8 } }, "message-ambiguous"],
    ["a number", { SAMLResponse: 12 }, "message-ambiguous"],
    ["an empty field", { SAMLResponse: "" }, "message-not-base64"],
    ["a space", { SAMLResponse: " " }, "message-not-base64"],
    ["per cent signs", { SAMLResponse: "%%%%" }, "message-not-base64"],
    ["base64url", { SAMLResponse: good.replace(/[^-_]$/, "_") }, "message-not-base64"],
    ["base64 and more", { SAMLResponse: `${good}!` }, "message-not-base64"],
    ["base64 with padding inside", { SAMLResponse: `QQ==${good}` }, "message-not-base64"],
    ["base64 with stray bits", { SAMLResponse: "QR==" }, "message-not-base64"],
    ["no UTF-8", { SAMLResponse: Buffer.of(0x3c, 0xff).toString("base64") }, "message-not-utf8"],
    [
      "an overlong form",
      { SAMLResponse: Buffer.of(0xc0, 0xbc).toString("base64") },
      "message-not-utf8",
    ],
    [
      "UTF-16",
      { SAMLResponse: Buffer.from("\uFEFF<a/>", "utf16le").toString("base64") },
      "message-not-utf8",
    ],
    ["a byte order mark", { SAMLResponse: encodeResponse("\uFEFF<a/>") }, "message-not-utf8"],
    ["too much", { SAMLResponse: "A".repeat(4 * 1024 * 1024) }, "message-too-large"],
    [
      "a little too much",
      { SAMLResponse: Buffer.alloc(192 * 1024 + 1, "x").toString("base64") },
      "message-too-large",
    ],
  ] as const) {
    it(`is refused: ${what}`, async () => {
      refused(await post(form), code);
    });
  }
});
