import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type Platform, startPlatform } from "./support/platform.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("single logout with SimpleSAMLphp", () => {
  let idp: SimpleSamlPhp;
  let platform: Platform;

  before(async () => {
    idp = await startSimpleSamlPhp();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
    const registration = { ...platform.registration(), "validate.logout": true };
    idp.configure({ serviceProviders: { [platform.entityId]: registration } });
    await platform.connect(idp);
  });
  afterEach(() => platform.stop());

  it("ends both sessions when a user signs out here", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, PEOPLE.alice);
    const [before] = platform.host.memory.usersOf(platform.host.tenant);
    const page = await visitor.open(platform.logoutUrl);
    // There and back: the identity provider's answer was verified, and the person is at home.
    expect(page.url).to.equal(`${platform.host.baseUrl}/`);
    expect(platform.sessions()).to.deep.equal([]);
    expect(await platform.lastEntry()).to.deep.include({ outcome: "logged-out" });
    expect((await platform.lastEntry()).detail).to.include({ succeeded: "yes" });
    const again = await visitor.open(platform.loginUrl);
    expect(again.text).to.include('name="password"');
    expect(platform.host.memory.usersOf(platform.host.tenant)).to.deep.equal([before]);
  });

  it("ends the session here when a user signs out at the identity provider", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, PEOPLE.alice);
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.bob);
    const [before] = platform.host.memory.usersOf(platform.host.tenant);
    await visitor.open(idp.signOutUrl());
    expect(platform.sessions().map(({ user }) => user.email)).to.deep.equal([
      "bob@customer.example",
    ]);
    expect((await platform.lastEntry()).detail).to.include({ message: "logout-request" });
    const again = await visitor.open(platform.loginUrl);
    expect(again.text).to.include('name="password"');
    expect(platform.host.memory.usersOf(platform.host.tenant)[0]).to.deep.equal(before);
  });
});
