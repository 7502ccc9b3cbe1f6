import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { contents } from "./legitimate/contents.ts";
import { encrypted } from "./legitimate/encrypted.ts";
import type { Legitimate } from "./legitimate/legitimate.ts";
import { leniencies } from "./legitimate/leniencies.ts";
import { signatures } from "./legitimate/signatures.ts";
import { transports } from "./legitimate/transports.ts";
import { xmlForms } from "./legitimate/xml-forms.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

const LEGITIMATE: Readonly<Record<string, readonly Legitimate[]>> = {
  signatures,
  encrypted,
  "XML forms": xmlForms,
  contents,
  leniencies,
  transports,
};

describe("legitimate responses", () => {
  for (const [name, variants] of Object.entries(LEGITIMATE)) {
    describe(name, () => {
      let endpoint: Endpoint;
      before(async () => {
        endpoint = await startEndpoint();
      });
      after(() => endpoint.close());

      for (const variant of variants) {
        it(`sign somebody in: ${variant.name}`, async () => {
          const { sessions, audited, status, location } = await endpoint.send(variant);
          expect(audited.map(({ code }) => code)).to.deep.equal([undefined]);
          expect(sessions.map(({ user }) => user.email)).to.deep.equal([variant.email]);
          expect(status).to.equal(303);
          expect(location).to.match(/^\/(?!\/)/);
        });
      }
    });
  }

  it("are at least 40 variants, each of its own name", () => {
    const all = Object.values(LEGITIMATE).flat();
    expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length);
    expect(new Set(all.map(({ name }) => name.replace(/ \[.*/, ""))).size).to.be.at.least(40);
  });
});
