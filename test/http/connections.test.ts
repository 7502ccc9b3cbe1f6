import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Connection, Settings } from "../../src/domain/settings.ts";
import {
  makeSigningIdp,
  makeTestKey,
  type ResponseOptions,
  type SigningIdp,
} from "../../src/testing/mod.ts";
import { address, requestIdIn } from "../support/arrivals.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const A = "ada@a.example";
const B = "bob@b.example";
const OTHER = "eve@other.example";

// Making keys takes longer than anything else here.
const [own, keyOfA, keyOfB] = [makeTestKey(), makeTestKey(), makeTestKey()];

describe("several identity providers of one tenant", () => {
  let host: TestHost;
  let a: SigningIdp;
  let b: SigningIdp;

  const connection = (id: string, idp: SigningIdp, changes: Partial<Connection> = {}) => ({
    id,
    name: id.toUpperCase(),
    idp: idp.connection({ ssoUrl: `https://${id}.example/sso` }),
    domains: [`${id}.example`],
    ...changes,
  });
  const several = (
    connections: readonly object[] = [connection("a", a), connection("b", b)],
    changes: object = {},
  ): object => {
    const { autoProvisioning } = openSettings(host);
    return { enabled: true, connections, autoProvisioning, ...changes };
  };
  const save = (document: object) => host.saml.saveSettings("default", document, "set-up");
  const formOf = (idp: SigningIdp, email: string, more: Partial<ResponseOptions> = {}) => {
    const base = `${host.baseUrl}/saml`;
    return { ...idp.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email, ...more }) };
  };
  const arrive = (
    idp: SigningIdp,
    email: string,
    more: Partial<ResponseOptions> = {},
    browser: Browser = makeBrowser(),
  ) => browser.post(`${host.baseUrl}/saml/acs`, formOf(idp, email, more));
  const users = () => host.memory.usersOf(host.tenant).map(({ email }) => email);
  const newest = async () => {
    const { entries } = await host.memory.stores.audit.page(host.tenant, { filter: {}, limit: 1 });
    return entries[0];
  };
  const refusedWith = async (response: Response, code: string) => {
    expect(response.status).to.equal(403);
    expect((await newest())?.code).to.equal(code);
    expect(users()).to.deep.equal([]);
    expect(host.signedIn).to.deep.equal([]);
  };

  beforeEach(async () => {
    const { privateKey, certificate } = own;
    host = await startHost({ serviceProvider: { keys: [{ privateKey, certificate }] } });
    const { clock } = host;
    a = makeSigningIdp({ entityId: "https://a.example/metadata", clock, key: keyOfA });
    b = makeSigningIdp({ entityId: "https://b.example/metadata", clock, key: keyOfB });
    await save(several());
  });
  afterEach(() => host.stop());

  it("each sign in the users of its own domains, who get the same defaults", async () => {
    for (const [idp, email] of [
      [a, A],
      [b, B],
    ] as const) {
      expect((await arrive(idp, email)).status).to.equal(303);
    }
    expect(users()).to.deep.equal([A, B]);
    expect(host.signedIn.map(({ session }) => session.issuer)).to.deep.equal([
      a.entityId,
      b.entityId,
    ]);
    expect((await newest())?.detail["connection"]).to.equal("b");
    expect((await arrive(a, A, { sign: "none" })).status).to.equal(403);
    expect((await newest())?.detail["connection"]).to.equal("a");
    const user = host.memory.usersOf(host.tenant)[1];
    const receipt = await host.saml.receipt("default", user?.id ?? "");
    expect(receipt).to.include({ connection: "b", issuer: b.entityId });
  });

  for (const [known, seed] of [
    ["an unknown user", () => undefined],
    [
      "a user",
      () => host.memory.seedUser(host.tenant, { email: address(A), state: "active", role: "lite" }),
    ],
  ] as const) {
    it(`never sign in ${known} of another one's domain, however it begins`, async () => {
      seed();
      const before = users();
      const refused = async (response: Response, code = "domain-of-other-connection") => {
        expect(response.status).to.equal(403);
        expect((await newest())?.code).to.equal(code);
        expect(users()).to.deep.equal(before);
        expect(host.signedIn).to.deep.equal([]);
      };
      await refused(await arrive(b, A));
      await refused(await arrive(b, A, { sign: "response" }));
      const browser = makeBrowser();
      const login = await browser.get(`${host.baseUrl}/saml/login?connection=b`);
      await refused(await arrive(b, A, { inResponseTo: requestIdIn(login) }, browser));
    });
  }

  for (const initiated of [
    "by the identity provider",
    "by its request",
    "by the other's request",
  ]) {
    for (const cookies of ["with the cookie", "without it"]) {
      for (const form of ["plain", "encrypted"] as const) {
        for (const relayState of [undefined, "/reports", "https://a.example/sso", "a"]) {
          const what = `${form}, initiated ${initiated}, ${cookies}, RelayState ${relayState ?? "absent"}`;
          it(`never let one speak for the other's domain: ${what}`, async () => {
            const browser = makeBrowser();
            const other = initiated === "by the other's request" ? "a" : "b";
            const login = await browser.get(`${host.baseUrl}/saml/login?connection=${other}`);
            const answers = initiated !== "by the identity provider";
            const posted = formOf(b, A, {
              ...(answers ? { inResponseTo: requestIdIn(login) } : {}),
              ...(form === "encrypted" ? { encryptTo: own.certificate } : {}),
            });
            const carrier = cookies === "with the cookie" ? browser : makeBrowser();
            const response = await carrier.post(`${host.baseUrl}/saml/acs`, {
              ...posted,
              ...(relayState === undefined ? {} : { RelayState: relayState }),
            });
            expect(response.status).to.equal(403);
            expect(users()).to.deep.equal([]);
            expect(host.signedIn).to.deep.equal([]);
          });
        }
      }
    }
  }

  it("never let a test or a preview say that one speaks for the other's domain", async () => {
    const browser = makeBrowser();
    const begin = async (connection: string) => {
      const response = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ settings: several(), connection }),
      });
      return (await response.json()) as { readonly id: string; readonly url: string };
    };
    const resultOf = async (id: string) => {
      const response = await fetch(`${host.baseUrl}/saml/settings/test-sign-ins/${id}`);
      return (await response.json()) as { readonly state: string };
    };
    // Its own answer about the other's user, and the other's answer to its test.
    for (const connection of ["b", "a"]) {
      for (const form of [{}, { encryptTo: own.certificate }]) {
        const { id, url } = await begin(connection);
        const inResponseTo = requestIdIn(await browser.get(url));
        await arrive(b, A, { inResponseTo, ...form }, browser);
        expect((await resultOf(id)).state).to.equal("failed");
      }
    }
    const preview = await fetch(`${host.baseUrl}/saml/settings/preview`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ settings: several(), connection: "b", email: A }),
    });
    expect(await preview.json()).to.include({
      decision: "deny",
      rule: "domain-of-other-connection",
    });
    expect(users()).to.deep.equal([]);
    expect(host.signedIn).to.deep.equal([]);
  });

  it("never accept a domain that no connection lists, unless one accepts others", async () => {
    await refusedWith(await arrive(b, OTHER), "domain-not-allowed");
    await save(several([connection("a", a), connection("b", b, { acceptsOtherDomains: true })]));
    expect((await arrive(b, OTHER)).status).to.equal(303);
    expect((await arrive(b, A)).status).to.equal(403);
    expect((await newest())?.code).to.equal("domain-of-other-connection");
    expect(users()).to.deep.equal([OTHER]);
  });

  it("never answer for one another: a request of one is refused from the other", async () => {
    for (const email of [A, B]) {
      const browser = makeBrowser();
      const login = await browser.get(`${host.baseUrl}/saml/login?connection=a`);
      const inResponseTo = requestIdIn(login);
      await refusedWith(await arrive(b, email, { inResponseTo }, browser), "signature-invalid");
    }
  });

  it("never answer a request of another one in a browser that has requests of both", async () => {
    const browser = makeBrowser();
    const ofA = requestIdIn(await browser.get(`${host.baseUrl}/saml/login?connection=a`));
    const ofB = requestIdIn(await browser.get(`${host.baseUrl}/saml/login?connection=b`));
    await refusedWith(await arrive(b, B, { inResponseTo: ofA }, browser), "signature-invalid");
    expect((await arrive(b, B, { inResponseTo: ofB }, browser)).status).to.equal(303);
    expect(users()).to.deep.equal([B]);
  });

  it("never answer a request of one that was turned off meanwhile, not even as the only one left", async () => {
    const browser = makeBrowser();
    const ofA = requestIdIn(await browser.get(`${host.baseUrl}/saml/login?connection=a`));
    await save(several([connection("a", a, { enabled: false }), connection("b", b)]));
    await refusedWith(await arrive(b, B, { inResponseTo: ofA }, browser), "request-unknown");
  });

  it("never vouch for one another: the key of one under the issuer of the other is refused", async () => {
    const claim = (xml: string) => xml.replaceAll(b.entityId, a.entityId);
    const edit = { assertion: claim, response: claim };
    await refusedWith(await arrive(b, A, { edit }), "signature-invalid");
    await refusedWith(await arrive(b, B, { edit }), "signature-invalid");
    const onlyOuter = { response: claim };
    await refusedWith(await arrive(b, A, { edit: onlyOuter }), "signature-invalid");
    const onlyInner = { assertion: claim };
    expect((await arrive(b, A, { edit: onlyInner })).status).to.equal(403);
    expect(users()).to.deep.equal([]);
  });

  it("accept nothing of an issuer that none has, or that is turned off", async () => {
    const stranger = makeSigningIdp({ entityId: "https://x.example/metadata", clock: host.clock });
    await refusedWith(await arrive(stranger, A), "issuer-mismatch");
    const off = connection("b", b, { enabled: false });
    await save(several([connection("a", a), off, connection("c", stranger)]));
    await refusedWith(await arrive(b, B), "issuer-mismatch");
  });

  it("lead a user to the one that lists the domain of their address", async () => {
    const locationOf = async (query: string) => {
      const response = await makeBrowser().get(`${host.baseUrl}/saml/login${query}`);
      return response.headers.get("location") ?? "";
    };
    expect(await locationOf("?connection=b")).to.match(/^https:\/\/b\.example\/sso\?/);
    expect(await locationOf("?email=Bob@B.example")).to.match(/^https:\/\/b\.example\/sso\?/);
    expect(await locationOf("?email=ada@a.example")).to.match(/^https:\/\/a\.example\/sso\?/);
    const signIn = `${host.baseUrl}/saml/sign-in`;
    expect(await locationOf("")).to.equal(signIn);
    // Whatever does not lead anywhere leads to the same page: it tells nobody what exists.
    for (const query of ["?email=eve@other.example", "?email=nonsense", "?connection=x"]) {
      expect(await locationOf(query)).to.equal(`${signIn}?unknown=1`);
    }
    expect(await locationOf("?email=x&returnTo=/reports")).to.equal(
      `${signIn}?unknown=1&returnTo=%2Freports`,
    );
  });

  it("are chosen by an address on the sign-in page, which says nothing about them", async () => {
    const page = await makeBrowser().get(`${host.baseUrl}/saml/sign-in?returnTo=/reports`);
    expect(page.status).to.equal(200);
    expect(page.headers.get("content-security-policy")).to.include("form-action 'self'");
    const html = await page.text();
    expect(html).to.include('name="email"').and.to.include('value="/reports"');
    expect(html).not.to.match(/a\.example|b\.example/);
    const chosen = await makeBrowser().get(
      `${host.baseUrl}/saml/sign-in?email=bob%40b.example&returnTo=%2Freports`,
    );
    const next = `${host.baseUrl}/saml/login?email=bob%40b.example&returnTo=%2Freports`;
    expect(chosen.headers.get("refresh")).to.equal(`0; url=${next}`);
    expect(await chosen.text()).to.include("Sign in with SSO");
    const state = await fetch(`${host.baseUrl}/saml/sign-in`, {
      headers: { Accept: "application/json" },
    });
    expect(await state.json()).to.deep.equal({
      enabled: true,
      loginUrl: `${host.baseUrl}/saml/login`,
      emailNeeded: true,
    });
  });

  it("keep their login requests while another one changes", async () => {
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${host.baseUrl}/saml/login?connection=b`));
    await save(
      several([connection("a", b.key === a.key ? b : makeSigningIdp()), connection("b", b)]),
    );
    expect((await arrive(b, B, { inResponseTo }, browser)).status).to.equal(303);
  });

  // The recipe of docs/CONNECTIONS.md, step by step, as an administrator does it over the API.
  it("move a customer from one to the other without a minute of outage", async () => {
    const at = `${host.baseUrl}/saml/settings`;
    const put = async (document: object) => {
      const tag = (await fetch(at)).headers.get("etag") ?? "";
      const headers = { "Content-Type": "application/json", "If-Match": tag };
      const init = { method: "PUT", headers, body: JSON.stringify(document) };
      const response = await fetch(at, init);
      expect(response.status).to.equal(200);
      const { meta } = (await response.json()) as {
        readonly meta: { readonly warnings: readonly { readonly code: string }[] };
      };
      return meta.warnings.map(({ code }) => code);
    };
    /** Begins at the platform; where that leads. */
    const begin = async (query: string) => {
      const browser = makeBrowser();
      const response = await browser.get(`${host.baseUrl}/saml/login${query}`);
      const inResponseTo = requestIdIn(response);
      const leadsTo = new URL(response.headers.get("location") ?? "").host;
      const answer = async (idp: SigningIdp, email = A) =>
        (await arrive(idp, email, { inResponseTo }, browser)).status;
      return { leadsTo, answer };
    };
    const BY_ADDRESS = `?email=${A}`;
    /** Users come in through each of these, from the tile and from the platform. */
    const expectOpen = async (...open: readonly (readonly [SigningIdp, string])[]) => {
      for (const [idp, id] of open) {
        expect((await arrive(idp, A)).status).to.equal(303);
        const { answer } = await begin(`?connection=${id}`);
        expect(await answer(idp)).to.equal(303);
      }
    };
    const old = connection("a", a);
    const next = connection("b", b, { domains: ["a.example"] });
    await put(several([old]));
    await expectOpen([a, "a"]);

    // 1. Both list the domain, on purpose. The new one is tested before it is saved.
    const both = several([old, next], { sharedDomains: ["a.example"] });
    const begun = await fetch(`${at}/test-sign-ins`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ settings: both, connection: "b" }),
    });
    const { id, url } = (await begun.json()) as { readonly id: string; readonly url: string };
    const tester = makeBrowser();
    const inResponseTo = requestIdIn(await tester.get(url));
    await arrive(b, A, { inResponseTo }, tester);
    const tested = await fetch(`${at}/test-sign-ins/${id}`);
    expect(((await tested.json()) as { readonly state: string }).state).to.equal("succeeded");
    await expectOpen([a, "a"]);
    const halfway = await begin(BY_ADDRESS);
    expect(await put(both)).to.include("domain-shared");
    await expectOpen([a, "a"], [b, "b"]);

    // 2. Those who begin at the platform are led to the new one, which stands first.
    expect((await begin(BY_ADDRESS)).leadsTo).to.equal("a.example");
    await put(several([next, old], { sharedDomains: ["a.example"] }));
    const led = await begin(BY_ADDRESS);
    expect(led.leadsTo).to.equal("b.example");
    expect(await led.answer(b, "new@a.example")).to.equal(303);
    await expectOpen([a, "a"], [b, "b"]);
    // Whoever began at the old one before ends there.
    expect(await halfway.answer(a)).to.equal(303);

    // 3. Nobody is left on the way to the old one, which is turned off without its domains.
    await put(several([next, { ...old, enabled: false, domains: [] }]));
    await expectOpen([b, "b"]);
    expect((await arrive(a, A)).status).to.equal(403);

    // 4. It is removed.
    expect(await put(several([next]))).not.to.include("domain-shared");
    await expectOpen([b, "b"]);
    expect((await arrive(a, A)).status).to.equal(403);
    expect(users()).to.deep.equal([A, "new@a.example"]);
  });

  it("are refused as a whole when they conflict, each fault at its path", async () => {
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": '"1"' },
      body: JSON.stringify(
        several([
          connection("a", a),
          connection("b", b, { domains: ["a.example"] }),
          connection("a", a, { id: "A B" }),
        ]),
      ),
    });
    expect(response.status).to.equal(422);
    const { errors } = (await response.json()) as { errors: { pointer: string; code: string }[] };
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      "/connections/2/name not-unique",
      "/connections/2/idp/entityId not-unique",
      "/connections/1/domains/0 domain-of-other-connection",
      "/connections/2/domains/0 domain-of-other-connection",
      "/connections/2/id id-invalid",
    ]);
  });

  it("are not removed by a client that knows one connection only", async () => {
    const put = (document: object) =>
      fetch(`${host.baseUrl}/saml/settings`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": '"1"' },
        body: JSON.stringify(document),
      });
    const refused = await put(openSettings(host));
    expect(refused.status).to.equal(422);
    const { errors } = (await refused.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal(["/connections"]);
    const read = await fetch(`${host.baseUrl}/saml/settings`);
    const { meta: _, ...document } = (await read.json()) as Settings & { meta: unknown };
    expect(document.connections.map(({ id }) => id)).to.deep.equal(["a", "b"]);
    expect((await put(document)).status).to.equal(200);
  });

  it("are saved one by one, merged with saves of others, and never over an unseen change", async () => {
    const at = (id: string) => `${host.baseUrl}/saml/settings/connections/${id}`;
    const read = async (id: string) => {
      const response = await fetch(at(id));
      const view = (await response.json()) as Connection;
      return { view, tag: response.headers.get("etag") ?? "" };
    };
    const put = async (id: string, body: object, tag: string) => {
      const headers = { "Content-Type": "application/json", "If-Match": tag };
      return (await fetch(at(id), { method: "PUT", headers, body: JSON.stringify(body) })).status;
    };
    const [ofA, ofB] = [await read("a"), await read("b")];
    expect(await put("b", { ...ofB.view, name: "Second" }, ofB.tag)).to.equal(200);
    expect(await put("a", { ...ofA.view, name: "First" }, ofA.tag)).to.equal(200);
    expect(await put("a", { ...ofA.view, name: "Stale" }, ofA.tag)).to.equal(412);
    expect(await put("a", { ...ofA.view, id: "b" }, (await read("a")).tag)).to.equal(422);
    const { settings } = await host.saml.readSettings("default");
    expect(settings.connections.map(({ id, name }) => [id, name])).to.deep.equal([
      ["a", "First"],
      ["b", "Second"],
    ]);
  });

  it("are previewed by the domain of the address, or by name", async () => {
    const preview = async (body: object) => {
      const response = await fetch(`${host.baseUrl}/saml/settings/preview`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      const { decision, rule } = (await response.json()) as { decision: string; rule: string };
      return `${decision} ${rule}`;
    };
    expect(await preview({ email: B })).to.equal("provision defaults");
    expect(await preview({ email: B, connection: "a" })).to.equal(
      "deny domain-of-other-connection",
    );
    expect(await preview({ email: OTHER })).to.equal("deny domain-not-allowed");
  });
});
