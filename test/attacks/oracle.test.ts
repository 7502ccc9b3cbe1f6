import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { oracle } from "./classes/oracle.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

/** What differs from answer to answer, and says nothing. */
const REFERENCE = /[A-Z0-9]{4,}(?:-[A-Z0-9]{4,})*/g;

describe("what an encrypted message can be asked", () => {
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await startEndpoint();
  });
  after(() => endpoint.close());

  it("is nothing: every failure after the key was used has one answer", async () => {
    const answers = new Map<string, string>();
    for (const attack of oracle) {
      const { status, body } = await endpoint.send(attack);
      answers.set(attack.name, `${status} ${body.replace(REFERENCE, "")}`);
    }
    const [usual] = answers.values();
    for (const [way, answer] of answers) expect(answer, way).to.equal(usual);
  });
});
