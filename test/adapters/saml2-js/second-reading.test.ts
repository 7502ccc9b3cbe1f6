import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";
import { makeVerificationKeys } from "../../../src/adapters/saml2-js/crypto/certificates.ts";
import { serviceProviderKeys } from "../../../src/adapters/saml2-js/crypto/service-provider-keys.ts";
import { DEFAULT_TIME_LIMITS } from "../../../src/adapters/saml2-js/identity.ts";
import { RejectionError } from "../../../src/adapters/saml2-js/rejection-error.ts";
import { verifiedResponse } from "../../../src/adapters/saml2-js/response/verify-response.ts";
import {
  makeRequireAgreement,
  type SecondReadingInput,
} from "../../../src/adapters/saml2-js/second-reading/second-reading.ts";
import { readXml } from "../../../src/adapters/saml2-js/xml/read-xml.ts";
import { descendants, elementsOf } from "../../../src/adapters/saml2-js/xml/tree.ts";
import { writeXml } from "../../../src/adapters/saml2-js/xml/write-xml.ts";
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
): Promise<SecondRead> {
  const inputs: SecondReadingInput[] = [];
  const { samlResponse, xml } = idp.respond({ ...ask, ...options });
  const result = await verifiedResponse(
    {
      sp: SP,
      connection: idp.connection({ certificates: [other.certificate, idp.certificate] }),
      form: { SAMLResponse: samlResponse },
      expectation: { pendingRequestIds: [], now: NOW },
    },
    {
      keys: serviceProviderKeys([spKey]).all,
      limits: DEFAULT_TIME_LIMITS,
      verificationKeys: makeVerificationKeys(),
      requireAgreement: async (input) => {
        inputs.push(input);
        await second(input);
      },
    },
  );
  return { result, inputs, xml };
}

/** The input as if this had been verified: what is read a second time is written from it. */
function withText(input: SecondReadingInput, edit: (xml: string) => string): SecondReadingInput {
  return { ...input, root: readXml(edit(writeXml(input.root))) };
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
    expect(input === undefined ? "" : writeXml(input.root)).to.contain(
      assertion?.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, ""),
    );
  });

  it("is given nothing that is not signed, but what saml2-js asks for", async () => {
    for (const sign of ["assertion", "both"] as const) {
      const { inputs } = await verifyWith(async () => {}, { sign });
      const { root } = inputs[0] ?? expect.fail("no second reading");
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
      expect(inputs[0]?.canVerify).to.equal(true);
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
        const result = await verifiedResponse(
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
            requireAgreement: async (input) => {
              inputs.push(input);
              await agree(input);
            },
          },
        );
        accepted(result);
        expect(
          inputs.map(({ canVerify }) => canVerify),
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
      assertion: {
        ...input.assertion,
        attributes: [{ name: "team", values: ["a"], firstText: ["a"] }],
      },
    }),
    'attribute "role"': (input) => ({
      ...input,
      assertion: {
        ...input.assertion,
        attributes: [
          ...input.assertion.attributes,
          { name: "role", values: ["x"], firstText: ["x"] },
        ],
      },
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
      firstText: ["someone-else"],
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

  it("can be switched off by its name, with a warning once", async () => {
    const { identity, logged } = makeIdentity({ skipSecondReadingBySaml2Js: true });
    accepted(
      await verify(idp.respond({ ...ask, attributes: { note: "a\u2028b" } }).xml, { identity }),
    );
    expect(logged).to.deep.equal([{ event: "saml.second-reading-skipped" }]);
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
  }).timeout(60_000);
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
