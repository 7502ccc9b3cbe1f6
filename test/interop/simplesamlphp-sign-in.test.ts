import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { readShort } from "../support/host.ts";
import { makeTester } from "../support/test-sign-ins.ts";
import { type Platform, startPlatform } from "./support/platform.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("signing in from SimpleSAMLphp", () => {
  let idp: SimpleSamlPhp;
  let platform: Platform;

  before(async () => {
    idp = await startSimpleSamlPhp();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
    idp.configure({ serviceProviders: { [platform.entityId]: platform.registration() } });
    await platform.connect(idp);
  });
  afterEach(() => platform.stop());

  const users = () => platform.host.memory.usersOf(platform.host.tenant);

  it("creates a person who began here, with exactly the configured access", async () => {
    const page = await makeVisitor().arrive(`${platform.loginUrl}?returnTo=/reports`, PEOPLE.bob);
    expect(page.url).to.equal(`${platform.host.baseUrl}/reports`);
    const [user, ...others] = users();
    expect(others).to.deep.equal([]);
    expect(user).to.deep.include({
      email: "bob@customer.example",
      role: "editor",
      groups: ["g1"],
      organizations: { kind: "selected", ids: ["o1", "o2"] },
    });
    const entry = await platform.lastEntry();
    expect(entry).to.include({ outcome: "provisioned", email: "bob@customer.example" });
    expect(entry.detail).to.include({ begun: "here", issuer: idp.entityId });
  });

  it("creates a person who comes from the identity provider's tile", async () => {
    await makeVisitor().arrive(idp.tileUrl(platform.entityId, "/reports"), PEOPLE.alice);
    expect(users().map(({ email }) => email)).to.deep.equal(["alice@customer.example"]);
    expect(platform.sessions()).to.have.lengthOf(1);
    expect((await platform.lastEntry()).detail).to.include({ begun: "at the identity provider" });
  });

  it("lets the same person in again, and changes nothing of theirs", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, PEOPLE.alice);
    const [before] = users();
    // This time the identity provider asks for nothing: its session is still there.
    await visitor.arrive(platform.loginUrl, PEOPLE.alice);
    expect(users()).to.deep.equal([before]);
    expect(platform.sessions().map(({ outcome }) => outcome)).to.deep.equal([
      "provisioned",
      "signed-in",
    ]);
  });

  it("reads an assertion that is encrypted to our certificate", async () => {
    const registration = { ...platform.registration(), "assertion.encryption": true };
    idp.configure({ serviceProviders: { [platform.entityId]: registration } });
    const visitor = makeVisitor();
    const page = await visitor.signIn(await visitor.open(platform.loginUrl), PEOPLE.alice);
    const form = visitor.response(page);
    const xml = Buffer.from(form.fields["SAMLResponse"] ?? "", "base64").toString("utf8");
    expect(xml).to.include("EncryptedAssertion").and.not.include("alice@customer.example");
    await visitor.send(form);
    expect(users().map(({ email }) => email)).to.deep.equal(["alice@customer.example"]);
  });

  it("signs its login requests for an identity provider that insists", async () => {
    const registration = { ...platform.registration(), "validate.authnrequest": true };
    idp.configure({ serviceProviders: { [platform.entityId]: registration } });
    const refused = await makeVisitor().open(platform.loginUrl);
    expect(refused.text).to.include("no signature found on message");
    await platform.connect(idp, { connection: { signRequests: true } });
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    expect(platform.sessions()).to.have.lengthOf(1);
  });

  it("refuses a wrong password and accepts the right one afterwards", async () => {
    const visitor = makeVisitor();
    const form = await visitor.open(platform.loginUrl);
    const again = await visitor.signIn(form, { username: "alice", password: "a guess" });
    expect(again.text).to.include("Incorrect username or password");
    expect(users()).to.deep.equal([]);
    await visitor.send(visitor.response(await visitor.signIn(again, PEOPLE.alice)));
    expect(users()).to.have.lengthOf(1);
  });

  it("shows what it sends in a test sign-in and signs no one in", async () => {
    const registration = { ...platform.registration(), "assertion.encryption": true };
    idp.configure({ serviceProviders: { [platform.entityId]: registration } });
    const { settings } = await readShort(platform.host);
    const draft = { ...settings, enabled: false, profile: { firstName: "uid" } };
    const tester = makeTester(platform.host);
    const id = await tester.begin(draft);
    const start = `${platform.host.baseUrl}/saml/settings/test-sign-ins/${id}/start`;
    const page = await makeVisitor().arrive(start, PEOPLE.alice);
    expect(page.url).to.match(new RegExp(`/settings/test-sign-ins/${id}/result$`));
    expect(page.status).to.equal(200);
    const { state, result } = await tester.read(id);
    expect(state).to.equal("succeeded");
    expect(result).to.have.nested.include({
      issuer: idp.entityId,
      "received.decision.decision": "provision",
      "received.decision.email": "alice@customer.example",
    });
    expect(users()).to.deep.equal([]);
    expect(platform.sessions()).to.deep.equal([]);
  });

  it("stores nothing when a user leaves the sign-in form and returns later", async () => {
    const visitor = makeVisitor();
    await visitor.open(platform.loginUrl);
    expect(users()).to.deep.equal([]);
    expect(platform.host.memory.auditEntries(platform.host.tenant)).to.have.lengthOf(1);
    await visitor.arrive(platform.loginUrl, PEOPLE.alice);
    expect(users()).to.have.lengthOf(1);
  });

  it("keeps letting people in while the identity provider changes its certificate", async () => {
    const serviceProviders = { [platform.entityId]: platform.registration() };
    const waiting = makeVisitor();
    // Announced: both certificates are in the metadata, the first one signs.
    idp.configure({ serviceProviders, announce: "second" });
    await platform.connect(idp);
    const form = await waiting.open(platform.loginUrl);
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.bob);
    // Changed: the second one signs, for somebody who began before as well.
    idp.configure({ serviceProviders, signWith: "second" });
    await waiting.send(waiting.response(await waiting.signIn(form, PEOPLE.alice)));
    // Done: only the second one is trusted.
    await platform.connect(idp);
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.bob);
    expect(platform.sessions().map(({ outcome }) => outcome)).to.deep.equal([
      "provisioned",
      "provisioned",
      "signed-in",
    ]);
  });
});
