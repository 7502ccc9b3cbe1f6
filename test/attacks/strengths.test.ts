import { expect } from "chai";
import { describe, it } from "mocha";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import type { SecondReadingStrength } from "../../src/adapters/saml2-js/second-reading/second-reading.ts";
import type { VerifiedAssertion } from "../../src/ports/identity-port.ts";
import { ATTACKS } from "./attacks.ts";
import { contents } from "./legitimate/contents.ts";
import { encrypted } from "./legitimate/encrypted.ts";
import { leniencies } from "./legitimate/leniencies.ts";
import { signatures } from "./legitimate/signatures.ts";
import { xmlForms } from "./legitimate/xml-forms.ts";
import { MALLORY, VICTIM } from "./support/parties.ts";
import { outcomeAtPort, portOf, resultAtPort } from "./support/port.ts";

const STRENGTHS: readonly SecondReadingStrength[] = ["verify", "read", "off"];
const LEGITIMATE = [...signatures, ...encrypted, ...xmlForms, ...contents, ...leniencies];
/** Rightly signed: only a second reader is misled by these. */
const READ_IN_TWO_WAYS: ReadonlySet<string> = new Set(
  ATTACKS.filter(({ expected }) => expected.includes("readings-disagree")).map(({ name }) => name),
);

for (const strength of STRENGTHS) {
  describe(`with the second reading at "${strength}"`, () => {
    const port = portOf(makeSaml2JsIdentity, strength);

    it("every attack is refused", async () => {
      const wrong: string[] = [];
      for (const attack of ATTACKS) {
        if (attack.beyondThePort === true) continue;
        if (attack.expected.every((code) => code === "http")) continue;
        if (strength === "off" && READ_IN_TWO_WAYS.has(attack.name)) continue;
        const outcome = await outcomeAtPort(port, attack);
        if (!attack.expected.some((code) => code === outcome)) {
          wrong.push(`${attack.name}: ${outcome}`);
        }
      }
      expect(wrong).to.deep.equal([]);
    });

    it("every legitimate response is accepted", async () => {
      const wrong: string[] = [];
      for (const variant of LEGITIMATE) {
        const outcome = await outcomeAtPort(port, variant);
        if (outcome !== "verified") wrong.push(`${variant.name}: ${outcome}`);
      }
      expect(wrong).to.deep.equal([]);
    });
  });
}

describe("without a second reading", () => {
  it("what only saml2-js would find in a signed assertion is not read", async () => {
    const port = portOf(makeSaml2JsIdentity, "off");
    for (const attack of ATTACKS.filter(({ name }) => READ_IN_TWO_WAYS.has(name))) {
      const result = await resultAtPort(port, attack);
      expect(result.kind, attack.name).to.equal("verified");
      const { claims } = result as VerifiedAssertion;
      expect(claims.nameId.value).to.equal(MALLORY);
      expect(JSON.stringify(claims.attributes)).not.to.contain(VICTIM).and.not.contain("managers");
    }
  });
});
