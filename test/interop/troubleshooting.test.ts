import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type Platform, startPlatform } from "./support/platform.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { TROUBLES } from "./support/troubles.ts";
import { documentedReasons } from "./support/troubleshooting-page.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("what goes wrong with a real identity provider", () => {
  const reasons = documentedReasons();
  let idp: SimpleSamlPhp;
  let platform: Platform;

  before(async () => {
    idp = await startSimpleSamlPhp();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
  });
  afterEach(() => platform.stop());

  for (const { code, happens } of TROUBLES) {
    it(`shows ${code} to the administrator, and a sentence with its reference to the person`, async () => {
      const page = await happens({ idp, platform });
      const entry = await platform.lastEntry();
      expect(entry.code).to.equal(code);
      expect(entry.detail["reason"]).to.match(reasons.get(code) ?? /not documented/);
      expect(page.status).to.equal(403);
      expect(page.text).to.include(entry.reference);
      expect(page.text).to.not.include(entry.detail["reason"]);
    });
  }

  it("is all that the page on troubleshooting explains", () => {
    expect([...reasons.keys()]).to.deep.equal(TROUBLES.map(({ code }) => code));
  });

  it("still lets people in when our clock is five minutes ahead", async () => {
    idp.configure({ serviceProviders: { [platform.entityId]: platform.registration() } });
    await platform.connect(idp);
    platform.shiftClock(5 * 60_000);
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    expect(platform.sessions()).to.have.lengthOf(1);
  });
});
