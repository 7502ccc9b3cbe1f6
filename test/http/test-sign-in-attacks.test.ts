import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { arrive, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { isTestDone, makeTester, type Tester } from "../support/test-sign-ins.ts";

const VICTIM = "victim@customer.example";

describe("a test sign-in signs no one in", () => {
  let host: TestHost;
  let tester: Tester;

  beforeEach(async () => {
    host = await startHost();
    tester = makeTester(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const login = `/saml/login`;
  const refused = async (response: Response) => {
    expect(response.status).to.equal(403);
    expect(host.signedIn).to.deep.equal([]);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
  };
  const newest = () => host.memory.auditEntries(host.tenant)[0];

  it("however an administrator's own identity provider answers", async () => {
    const test = await tester.begun();
    const { browser, inResponseTo } = test;
    const begun = requestIdIn(await browser.get(`${host.baseUrl}${login}`));
    // No answer of the draft's identity provider is a sign-in, whatever it claims to answer.
    for (const answered of [undefined, begun, "_other"]) {
      await refused(await tester.arrive(browser, tester.form(answered, { email: VICTIM })));
      expect(newest()?.code).to.equal("signature-invalid");
    }
    // Nor one that claims to come from the saved one.
    const impostor = { ...tester.draft().connection!, entityId: host.idp.entityId };
    const posing = await tester.begun(tester.draft({ connection: impostor }));
    const edit = {
      assertion: (xml: string) => xml.replaceAll(tester.idp.entityId, host.idp.entityId),
      response: (xml: string) => xml.replaceAll(tester.idp.entityId, host.idp.entityId),
    };
    for (const answered of [undefined, begun]) {
      const form = tester.form(answered, { email: VICTIM, edit });
      await refused(await tester.arrive(posing.browser, form));
    }
    const done = await tester.answer(posing, { email: VICTIM, edit });
    expect(isTestDone(done, posing.id)).to.equal(true);
    expect((await tester.read(posing.id)).state).to.equal("succeeded");
    // The test's own answer tells what would happen, and nothing happens.
    const victims = await tester.answer(test, { email: VICTIM });
    expect(isTestDone(victims, test.id)).to.equal(true);
    expect((await tester.read(test.id)).result).to.have.nested.include({
      "received.decision.decision": "provision",
    });
    expect(inResponseTo).not.to.equal(begun);
    expect(host.signedIn).to.deep.equal([]);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
  });

  it("when its answer comes again, with the cookie and without", async () => {
    // Of the saved identity provider itself, whose signature a sign-in would take.
    const test = await tester.begun(openSettings(host));
    const form = tester.form(test.inResponseTo, { email: VICTIM }, host.idp);
    const keptCookies = makeBrowser();
    const started = await tester.start(test.id, keptCookies);
    const again = tester.form(requestIdIn(started), { email: VICTIM }, host.idp);
    await refused(await tester.arrive(keptCookies, form)); // a request that was started anew
    expect(newest()?.detail).to.include({ cause: "other-request" });
    const twin = copyOf(keptCookies);
    expect(isTestDone(await tester.arrive(keptCookies, again), test.id)).to.equal(true);
    for (const browser of [keptCookies, twin]) {
      expect(isTestDone(await tester.arrive(browser, again), test.id)).to.equal(true);
    }
    await refused(await tester.arrive(makeBrowser(), again));
    expect(newest()?.code).to.equal("request-unknown");
    expect((await tester.read(test.id)).state).to.equal("succeeded");
  });

  /** Another browser with the same cookies. */
  const copyOf = (browser: ReturnType<typeof makeBrowser>) => {
    const copy = makeBrowser();
    for (const name of browser.cookies()) {
      browser.tamper(name, (value) => {
        copy.tamper(name, () => value);
        return value;
      });
    }
    return copy;
  };

  it("when another browser brings its answer", async () => {
    const test = await tester.begun(openSettings(host));
    const form = tester.form(test.inResponseTo, { email: VICTIM }, host.idp);
    await refused(await tester.arrive(makeBrowser(), form));
    expect((await tester.read(test.id)).state).to.equal("pending");
  });

  it("with a forged or changed cookie", async () => {
    const test = await tester.begun(openSettings(host));
    const form = tester.form(test.inResponseTo, { email: VICTIM }, host.idp);
    const [name = ""] = test.browser.cookies();
    const stranger = makeBrowser();
    test.browser.tamper(name, (value) => {
      stranger.tamper(name, () => value); // without its signature
      const read = JSON.parse(Buffer.from(value, "base64url").toString()) as object;
      return Buffer.from(JSON.stringify({ ...read, expiresAt: Number.MAX_SAFE_INTEGER })).toString(
        "base64url",
      );
    });
    await refused(await tester.arrive(stranger, form));
    await refused(await tester.arrive(test.browser, form));
    expect((await tester.read(test.id)).state).to.equal("pending");
  });

  it("to the assertion of a test that an identity provider signed without saying for what", async () => {
    const test = await tester.begun(openSettings(host));
    const assertionId = "_the-same-assertion";
    await tester.answer(test, { email: VICTIM, assertionId }, host.idp);
    const unsolicited = tester.form(undefined, { email: VICTIM, assertionId }, host.idp);
    await refused(await tester.arrive(makeBrowser(), unsolicited));
    expect(newest()?.code).to.equal("replayed");
  });
});

describe("a test sign-in does not interfere with sign-ins", () => {
  let host: TestHost;
  let tester: Tester;

  beforeEach(async () => {
    host = await startHost();
    tester = makeTester(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("people sign in normally in a browser in which a test is pending", async () => {
    const { id, browser } = await tester.begun();
    const inResponseTo = requestIdIn(await browser.get(`${host.baseUrl}/saml/login`));
    expect((await arrive(host, "ada@customer.example", { inResponseTo }, browser)).status).to.equal(
      303,
    );
    expect((await arrive(host, "bob@customer.example", {}, browser)).status).to.equal(303);
    expect(host.signedIn).to.have.length(2);
    expect((await tester.read(id)).state).to.equal("pending");
  });

  it("an answer to a test is one also where a login is pending, which goes on afterwards", async () => {
    const test = await tester.begun(openSettings(host));
    const { browser } = test;
    const inResponseTo = requestIdIn(await browser.get(`${host.baseUrl}/saml/login`));
    expect(isTestDone(await tester.answer(test, {}, host.idp), test.id)).to.equal(true);
    expect(host.signedIn).to.deep.equal([]);
    expect((await arrive(host, "ada@customer.example", { inResponseTo }, browser)).status).to.equal(
      303,
    );
    expect(host.signedIn).to.have.length(1);
  });

  it("distinguishes two concurrent tests in one browser", async () => {
    const browser = makeBrowser();
    const tests = [];
    for (const settings of [tester.draft(), openSettings(host)]) {
      const id = await tester.begin(settings);
      tests.push({ id, browser, inResponseTo: requestIdIn(await tester.start(id, browser)) });
    }
    const [ofDraft, ofSaved] = tests;
    if (ofDraft === undefined || ofSaved === undefined) throw new Error("two tests");
    await tester.answer(ofSaved, {}, host.idp);
    await tester.answer(ofDraft, { audience: "https://other.example" });
    expect((await tester.read(ofSaved.id)).state).to.equal("succeeded");
    expect((await tester.read(ofDraft.id)).state).to.equal("failed");
  });

  it("ends once when one response arrives many times concurrently", async () => {
    const test = await tester.begun();
    const form = tester.form(test.inResponseTo);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tester.arrive(test.browser, form)),
    );
    for (const answer of answers) {
      expect(answer.status === 403 || isTestDone(answer, test.id)).to.equal(true);
    }
    const tested = host.memory
      .auditEntries(host.tenant)
      .filter(({ outcome }) => outcome === "tested");
    expect(tested).to.have.length(1);
    expect(host.signedIn).to.deep.equal([]);
  });

  it("what cannot be read is refused as ever, also where a test is pending", async () => {
    const { browser } = await tester.begun();
    for (const SAMLResponse of ["", "%%%%", "PGEvPg==", "x".repeat(200_000)]) {
      const response = await browser.post(`${host.baseUrl}/saml/acs`, { SAMLResponse });
      expect(response.status).to.be.oneOf([400, 403, 413]);
    }
  });
});

describe("whose a test sign-in is", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  it("the administrator's who began it, for starting it", async () => {
    host = await startHost();
    const tester = makeTester(host);
    const id = await tester.begin();
    host.admin = { id: "admin-2" };
    expect((await tester.start(id)).status).to.equal(404);
    expect((await tester.read(id)).by).to.equal("admin-1");
    host.admin = undefined;
    const paths = [`/${id}`, `/${id}/start`];
    for (const path of paths) {
      const response = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins${path}`);
      expect(response.status).to.equal(403);
    }
    expect((await tester.post(tester.draft())).status).to.equal(403);
  });

  it("refuses requests from other sites and requests that are not navigations", async () => {
    host = await startHost();
    const tester = makeTester(host);
    const start = `${host.baseUrl}/saml/settings/test-sign-ins/${await tester.begin()}/start`;
    for (const headers of [
      {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
      },
      { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" },
      { Origin: "https://evil.example" },
    ]) {
      const response = await makeBrowser().get(start, headers);
      expect(response.status).to.equal(403);
      expect(response.headers.getSetCookie()).to.deep.equal([]);
    }
    const head = await fetch(start, { method: "HEAD", redirect: "manual" });
    expect(head.status).to.equal(405);
    const opened = await makeBrowser().get(start, { "Sec-Fetch-Site": "same-origin" });
    expect(opened.status).to.equal(302);
  });

  it("no other tenant's", async () => {
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
    });
    const base = (name: string) => `${host.baseUrl}/t/${name}/saml`;
    const red = makeTester(host, base("red"));
    const blue = makeTester(host, base("blue"));
    await host.saml.saveSettings("blue", openSettings(host), "set-up");
    const test = await red.begun();
    expect((await blue.start(test.id)).status).to.equal(404);
    const read = await fetch(`${base("blue")}/settings/test-sign-ins/${test.id}`);
    expect(read.status).to.equal(404);
    // Its answer, in its own browser, at another tenant's address.
    const form = red.form(test.inResponseTo, {
      acsUrl: `${base("blue")}/acs`,
      audience: `${base("blue")}/metadata`,
    });
    expect((await blue.arrive(test.browser, form)).status).to.equal(403);
    expect((await red.read(test.id)).state).to.equal("pending");
    expect(host.signedIn).to.deep.equal([]);
  });

  it("refuses IDs of another form", async () => {
    host = await startHost();
    for (const id of ["x", "%00", "..%2F..", "a".repeat(37), "%F0%9F%98%80"]) {
      for (const path of ["", "/start"]) {
        const at = `${host.baseUrl}/saml/settings/test-sign-ins/${id}${path}`;
        expect((await fetch(at, { redirect: "manual" })).status).to.equal(404);
      }
    }
  });
});
