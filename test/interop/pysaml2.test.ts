import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type Platform, startPlatform } from "./support/platform.ts";
import { type PySaml2, type PySaml2Settings, startPySaml2 } from "./support/pysaml2.ts";
import { makeVisitor } from "./support/visitor.ts";

/** A second implementation that nobody here wrote; each side knows the other by its metadata only. */
describe("an identity provider made from pysaml2", () => {
  let idp: PySaml2;
  let platform: Platform;

  before(async () => {
    idp = await startPySaml2();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
    await platform.connect(idp, { connection: { signRequests: true } });
    idp.register(await (await fetch(platform.entityId)).text());
    idp.configure({});
  });
  afterEach(() => platform.stop());

  const addresses = () =>
    platform.host.memory.usersOf(platform.host.tenant).map(({ email }) => email);

  const ways: Readonly<Record<string, PySaml2Settings>> = {
    "a signed assertion": {},
    "a signed response": { signAssertion: false, signResponse: true },
    "both signed": { signResponse: true },
  };
  for (const [way, settings] of Object.entries(ways)) {
    it(`signs in a user who started here, with ${way}`, async () => {
      idp.configure(settings);
      const visitor = makeVisitor();
      await visitor.send(visitor.response(await visitor.open(platform.loginUrl)));
      expect(addresses()).to.deep.equal(["ada@customer.example"]);
      expect((await platform.lastEntry()).detail).to.include({ begun: "here" });
    });
  }

  it("signs in a user who started at the identity provider", async () => {
    const visitor = makeVisitor();
    await visitor.send(visitor.response(await visitor.open(idp.tileUrl)));
    expect(addresses()).to.deep.equal(["ada@customer.example"]);
  });

  it("ends the session on both sides when a user signs out here", async () => {
    const visitor = makeVisitor();
    await visitor.send(visitor.response(await visitor.open(platform.loginUrl)));
    const page = await visitor.open(platform.logoutUrl);
    expect(page.url).to.equal(`${platform.host.baseUrl}/`);
    expect(platform.sessions()).to.deep.equal([]);
    expect((await platform.lastEntry()).detail).to.include({ succeeded: "yes" });
  });

  it("has its Triple DES refused, which is all that it encrypts with, unless that is allowed", async () => {
    idp.configure({ encrypt: true });
    const visitor = makeVisitor();
    await visitor.send(visitor.response(await visitor.open(platform.loginUrl)));
    expect(await platform.lastEntry()).to.include({ code: "algorithm-not-allowed" });
    expect((await platform.lastEntry()).detail["reason"]).to.include("connection.weakAlgorithms");
    await platform.connect(idp, {
      connection: { signRequests: true, weakAlgorithms: ["triple-des"] },
    });
    await visitor.send(visitor.response(await visitor.open(platform.loginUrl)));
    expect((await platform.lastEntry()).detail["warnings"]).to.equal(
      "The message uses the weak algorithm tripledes-cbc.",
    );
    expect(addresses()).to.deep.equal(["ada@customer.example"]);
  });

  // Where it signs the response alone, it cannot do this itself.
  for (const [way, settings] of Object.entries(ways).filter(
    ([, one]) => one.signAssertion !== false,
  )) {
    it(`signs in a user with an assertion encrypted in place, with ${way}`, async () => {
      const connection = { signRequests: true, weakAlgorithms: ["triple-des"] } as const;
      await platform.connect(idp, { connection });
      idp.configure({ ...settings, encrypt: true, selfContained: false });
      const visitor = makeVisitor();
      await visitor.send(visitor.response(await visitor.open(platform.loginUrl)));
      expect((await platform.lastEntry()).code).to.equal(undefined);
      expect(addresses()).to.deep.equal(["ada@customer.example"]);
    });
  }
});
