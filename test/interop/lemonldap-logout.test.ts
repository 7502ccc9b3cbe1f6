import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { DWHO, type LemonLdap, RTYLER, startLemonLdap } from "./support/lemonldap.ts";
import { type Platform, startPlatform } from "./support/platform.ts";
import { makeVisitor } from "./support/visitor.ts";
import { formWith, framesOf } from "./support/web-forms.ts";

/** The logout request in a URL. */
function requestIn(url: string): string {
  const message = new URL(url).searchParams.get("SAMLRequest") ?? "";
  return inflateRawSync(Buffer.from(message, "base64")).toString("utf8");
}

describe("single logout with LemonLDAP::NG", () => {
  let idp: LemonLdap;
  let platform: Platform;

  before(async () => {
    idp = await startLemonLdap();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
    await platform.connect(idp);
    await idp.register(await platform.metadata());
  });
  afterEach(() => platform.stop());

  it("signs a user out of both when they sign out here", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    const page = await visitor.open(platform.logoutUrl);
    expect(page.url).to.equal(`${platform.host.baseUrl}/`);
    expect(platform.sessions()).to.deep.equal([]);
    expect((await platform.lastEntry()).detail).to.deep.equal({
      connection: "default",
      message: "logout-response",
      succeeded: "yes",
    });
    const again = await visitor.open(platform.loginUrl);
    expect(again.text).to.include('name="password"');
  });

  it("ends the session here, in a frame, when the user signs out of the portal", async () => {
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    await makeVisitor().arrive(platform.loginUrl, RTYLER);
    const page = await visitor.open(idp.signOutUrl);
    const [frame = "", ...others] = framesOf(page.text);
    expect(others).to.deep.equal([]);
    // A browser sends no cookie from another site's frame: whose session it is, the message says.
    const end = await makeVisitor().open(frame);
    // Where the portal leads after an answer that it could verify; its own cookie is not needed.
    expect(end.url).to.match(/\/ok\.png$/);
    expect(platform.sessions().map(({ user }) => user.email)).to.deep.equal(["rtyler@badwolf.org"]);
    expect((await platform.lastEntry()).detail).to.deep.equal({
      connection: "default",
      message: "logout-request",
      succeeded: "yes",
    });
    const again = await visitor.open(platform.loginUrl);
    expect(again.text).to.include('name="password"');
  });

  describe("with encrypted NameIDs", () => {
    beforeEach(async () => idp.register(await platform.metadata(), { EncryptionMode: "nameid" }));

    it("ends the session here when the user signs out of the portal", async () => {
      const visitor = makeVisitor();
      await visitor.arrive(platform.loginUrl, DWHO);
      await makeVisitor().arrive(platform.loginUrl, RTYLER);
      const [frame = ""] = framesOf((await visitor.open(idp.signOutUrl)).text);
      expect(requestIn(frame)).to.include("EncryptedID").and.not.include("dwho@badwolf.org");
      const end = await makeVisitor().open(frame);
      expect(end.url).to.match(/\/ok\.png$/);
      expect(platform.sessions().map(({ user }) => user.email)).to.deep.equal([
        "rtyler@badwolf.org",
      ]);
    });

    it("signs a user out of both when they sign out here", async () => {
      const visitor = makeVisitor();
      await visitor.arrive(platform.loginUrl, DWHO);
      const page = await visitor.open(platform.logoutUrl);
      expect(page.url).to.equal(`${platform.host.baseUrl}/`);
      expect((await platform.lastEntry()).detail).to.include({ succeeded: "yes" });
      expect((await visitor.open(platform.loginUrl)).text).to.include('name="password"');
    });
  });

  it("ends the session here by HTTP-POST, too, where our metadata has nothing else", async () => {
    const metadata = await platform.metadata();
    const onlyPost = metadata.replace(
      /<md:SingleLogoutService [^>]*:HTTP-Redirect"[^>]*(?:\/>|><\/md:SingleLogoutService>)/,
      "",
    );
    expect(onlyPost).to.not.equal(metadata);
    await idp.register(onlyPost);
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    const [frame = ""] = framesOf((await visitor.open(idp.signOutUrl)).text);
    const page = await visitor.open(frame);
    const form = formWith("SAMLRequest", page.text, page.url);
    if (form === undefined) throw new Error(`no logout request: ${page.text}`);
    const end = await makeVisitor().send(form);
    expect(end.url).to.match(/\/ok\.png$/);
    expect(platform.sessions()).to.deep.equal([]);
  });

  it("signs a user out of both by forms, and takes our answer at its URL for responses", async () => {
    const metadata = await idp.metadata();
    const posts = metadata.replace(
      /<SingleLogoutService[^>]*HTTP-Redirect[^>]*(?:\/>|><\/SingleLogoutService>)/,
      "",
    );
    expect(posts).to.not.equal(metadata);
    await platform.connect({ metadata: async () => posts });
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    const page = await visitor.open(platform.logoutUrl);
    const form = formWith("SAMLRequest", page.text, page.url);
    if (form === undefined) throw new Error(`no logout request: ${page.text}`);
    const end = await visitor.send(visitor.response(await visitor.send(form)));
    expect(end.url).to.equal(`${platform.host.baseUrl}/`);
    expect((await platform.lastEntry()).detail).to.include({ succeeded: "yes" });
    expect(platform.sessions()).to.deep.equal([]);

    await visitor.arrive(platform.loginUrl, DWHO);
    const [frame = ""] = framesOf((await visitor.open(idp.signOutUrl)).text);
    const answer = await makeVisitor().open(frame);
    const response = formWith("SAMLResponse", answer.text, answer.url);
    if (response === undefined) throw new Error(`no logout response: ${answer.text}`);
    expect(response.action).to.match(/singleLogoutReturn$/);
    expect((await makeVisitor().send(response)).url).to.match(/\/ok\.png$/);
    expect(platform.sessions()).to.deep.equal([]);
  });

  it("is refused with signature-missing when the portal is set up not to sign, and ends nothing", async () => {
    await idp.register(await platform.metadata(), { SignSLOMessage: 0 });
    const visitor = makeVisitor();
    await visitor.arrive(platform.loginUrl, DWHO);
    const [frame = ""] = framesOf((await visitor.open(idp.signOutUrl)).text);
    await visitor.open(frame);
    expect(await platform.lastEntry()).to.include({ code: "signature-missing" });
    expect(platform.sessions()).to.have.lengthOf(1);
  });
});
