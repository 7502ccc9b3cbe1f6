import { expect } from "chai";
import { describe, it } from "mocha";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import { makeIdentity } from "../adapters/saml2-js/support/parties.ts";
import { portOf } from "../attacks/support/port.ts";
import { fuzz, rewritings } from "./fuzz.ts";
import { fuzzHonest } from "./honest.ts";
import { fuzzLogout } from "./logout.ts";

/** `test:long` goes on for minutes. */
const RUNS = 700;
const HONEST_RUNS = 60;

describe("responses that were changed at random", () => {
  it("are refused, or say what was signed, without a throw and in time", async () => {
    const result = await fuzz({
      port: portOf(makeSaml2JsIdentity),
      seed: 1,
      goOn: (runs) => runs < RUNS,
      timeBoundMs: 1000,
      oneIn: 5,
    });
    expect(result.findings).to.deep.equal([]);
    // The changes must be neither so wild nor so tame that one side is never tried.
    expect(result.outcomes.get("verified")).to.be.above(RUNS / 15);
    expect(result.outcomes.size).to.be.above(12);
  });
});

describe("logout messages that were changed at random", () => {
  it("are refused, or say what was signed, and tell nothing of what is encrypted", async () => {
    const { identity } = makeIdentity();
    const result = await fuzzLogout(identity, 1, (runs) => runs < RUNS, 1000);
    expect(result.findings).to.deep.equal([]);
    expect(result.taken).to.be.above(RUNS / 5);
    expect(result.outcomes.get("decryption-failed")).to.be.above(RUNS / 15);
    expect(result.outcomes.size).to.be.above(12);
  });
});

describe("responses of an honest identity provider that says random things", () => {
  for (const strength of ["read", "verify"] as const) {
    it(`are accepted, and raise no alarm, with the second reading at "${strength}"`, async () => {
      const port = portOf(makeSaml2JsIdentity, strength);
      const { findings } = await fuzzHonest(port, 1, (runs) => runs < HONEST_RUNS);
      expect(findings).to.deep.equal([]);
    });
  }
});

describe("responses that were written in other ways of XML", () => {
  it("are taken, and say what they said", async () => {
    const { runs, findings } = await rewritings(portOf(makeSaml2JsIdentity), {
      oneIn: 3,
      times: 2,
    });
    expect(findings).to.deep.equal([]);
    expect(runs).to.be.above(150);
  });
});
