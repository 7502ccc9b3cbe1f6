import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { ATTACK_CLASSES, ATTACKS } from "./attacks.ts";
import { type Attack, posting } from "./support/attack.ts";
import { build } from "./support/build.ts";
import { type Aftermath, type Endpoint, startEndpoint } from "./support/endpoint.ts";

const DENIALS: ReadonlySet<string> = new Set([
  "sso-disabled",
  "email-missing",
  "email-invalid",
  "email-ambiguous",
  "domain-not-allowed",
  "jit-disabled",
  "refused-by-rule",
  "no-rule-matched",
]);
/** Of the processor, for the request and all around it; what is measured is in bench. */
const TIME_BOUND_MS = 1000;

describe("attacks on the assertion consumer service", () => {
  for (const [name, attacks] of Object.entries(ATTACK_CLASSES)) {
    describe(name, () => {
      let endpoint: Endpoint;
      before(async () => {
        endpoint = await startEndpoint();
      });
      after(() => endpoint.close());

      for (const attack of attacks) {
        it(attack.name, async () => {
          expectRefused(attack, await endpoint.send(attack));
        });
      }

      it("and the process goes on", async () => {
        const { status, sessions } = await endpoint.send({
          name: "an honest response",
          request: () => posting(build("both")),
        });
        expect({ status, sessions: sessions.length }).to.deep.equal({ status: 303, sessions: 1 });
      });
    });
  }

  it("are at least 300, each of its own name", () => {
    const names = new Set(ATTACKS.map(({ name }) => name));
    expect(names.size).to.equal(ATTACKS.length).and.to.be.at.least(300);
  });
});

function expectRefused(attack: Attack, aftermath: Aftermath): void {
  const { status, audited, usersAdded, sessions, consumed, cookies, body, tookMs } = aftermath;
  expect(status, "HTTP status").to.be.within(400, 499);
  expect(sessions, "sessions begun").to.have.length(0);
  expect(usersAdded, "users created").to.equal(0);
  expect(cookies, "cookies set").to.deep.equal([]);
  expect(body, "XML shown").not.to.match(/<saml|SAMLResponse|BEGIN/);
  expect(tookMs, "time taken").to.be.below(TIME_BOUND_MS);
  const codes = audited.map(({ code }) => code ?? "none");
  if (codes.length === 0) {
    expect(attack.expected, "nothing audited").to.include("http");
    return;
  }
  expect(codes).to.have.length(1);
  expect(attack.expected, "code in the audit").to.include(codes[0]);
  // Somebody whom the identity provider vouched for is denied once: that assertion is used up.
  if (!DENIALS.has(codes[0] ?? "")) expect(consumed, "things consumed").to.equal(0);
}
