import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Connection } from "../../src/domain/settings.ts";
import { makeSigningIdp, makeTestKey, type SigningIdp } from "../../src/testing/mod.ts";
import { requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const keyOfNext = makeTestKey();

/** What an administrator does with one connection while the others go on. */
describe("a connection, by itself, over the API", () => {
  let host: TestHost;
  let next: SigningIdp;

  beforeEach(async () => {
    host = await startHost();
    next = makeSigningIdp({ entityId: "https://next.example", clock: host.clock, key: keyOfNext });
    const allowedDomains = ["stays.example", "moves.example"];
    const email = { source: { kind: "automatic" }, allowedDomains } as const;
    await host.saml.saveSettings("default", openSettings(host, { email }), "set-up");
  });
  afterEach(() => host.stop());

  const settings = () => `${host.baseUrl}/saml/settings`;
  const send = (path: string, method: string, body?: object, headers: object = {}) =>
    fetch(`${settings()}${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const list = async () => {
    const { items } = (await (await send("/connections", "GET")).json()) as {
      readonly items: readonly Connection[];
    };
    return items.map(({ id, name, enabled, domains }) => [id, name, enabled, domains.join()]);
  };
  /** The connection `next`, and the headers that name what was read of it. */
  const read = async () => {
    const response = await send("/connections/next", "GET");
    const { meta: _, ...connection } = (await response.json()) as Connection & { meta: object };
    return { connection, matching: { "If-Match": response.headers.get("etag") ?? "" } };
  };
  const change = async (changes: Partial<Connection>) => {
    const { connection, matching } = await read();
    return send("/connections/next", "PUT", { ...connection, ...changes }, matching);
  };
  const add = () => {
    const body = { name: "Next", idp: next.connection(), domains: [], enabled: false };
    return send("/connections/next", "PUT", body, { "If-None-Match": "*" });
  };
  const arrive = async (idp: SigningIdp, email: string) => {
    const base = `${host.baseUrl}/saml`;
    const form = idp.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email });
    return (await makeBrowser().post(`${base}/acs`, { ...form })).status;
  };
  /** Who comes in: through the first one and the next one, of the domain that stays and that moves. */
  const whoComesIn = async () => ({
    stays: await arrive(host.idp, "ada@stays.example"),
    movesByOld: await arrive(host.idp, "bob@moves.example"),
    movesByNext: await arrive(next, "bob@moves.example"),
  });

  it("is listed, added, tested, turned on, given a domain, renamed, turned off and removed", async () => {
    const [first] = await list();
    expect(await list()).to.have.lengthOf(1);
    expect((await add()).status).to.equal(201);
    expect((await add()).status).to.equal(412);
    expect(await list()).to.deep.equal([first, ["next", "Next", false, ""]]);
    const before = { stays: 303, movesByOld: 303, movesByNext: 403 };
    expect(await whoComesIn()).to.deep.equal(before);

    // It is tested while it is off: with the domain that it will have.
    const { meta: _, ...document } = (await (await send("", "GET")).json()) as {
      readonly meta: object;
      readonly connections: readonly Connection[];
    };
    const drafted = document.connections.map((one) => ({
      ...one,
      domains: one.id === "next" ? ["moves.example"] : ["stays.example"],
    }));
    const draft = { ...document, connections: drafted };
    const begun = await send("/test-sign-ins", "POST", { settings: draft, connection: "next" });
    const { id, url } = (await begun.json()) as { readonly id: string; readonly url: string };
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(url));
    const base = `${host.baseUrl}/saml`;
    const to = { acsUrl: `${base}/acs`, audience: `${base}/metadata`, email: "bob@moves.example" };
    await browser.post(`${base}/acs`, { ...next.form({ ...to, inResponseTo }) });
    const tested = (await (await send(`/test-sign-ins/${id}`, "GET")).json()) as object;
    expect(tested).to.include({ state: "succeeded" });
    expect(await whoComesIn()).to.deep.equal(before);

    expect((await change({ enabled: true })).status).to.equal(200);
    expect(await whoComesIn()).to.deep.equal(before);
    const { matching } = await read();
    const moved = await send(
      "/connections/next/domains",
      "POST",
      { domain: "Moves.Example" },
      matching,
    );
    expect(moved.status).to.equal(200);
    expect((await list()).map(([, , , domains]) => domains)).to.deep.equal([
      "stays.example",
      "moves.example",
    ]);
    const after = { stays: 303, movesByOld: 403, movesByNext: 303 };
    expect(await whoComesIn()).to.deep.equal(after);

    expect((await change({ name: "Partners" })).status).to.equal(200);
    expect(await whoComesIn()).to.deep.equal(after);
    const stale = await send("/connections/next", "DELETE", undefined, matching);
    expect(stale.status).to.equal(412);

    expect((await change({ enabled: false })).status).to.equal(200);
    expect(await list()).to.deep.include(["next", "Partners", false, "moves.example"]);
    expect(await whoComesIn()).to.deep.equal({ ...after, movesByNext: 403 });
    const gone = await send("/connections/next", "DELETE", undefined, (await read()).matching);
    expect(gone.status).to.equal(204);
    expect(await list()).to.have.lengthOf(1);
    expect((await send("/connections/next", "GET")).status).to.equal(404);
  });

  it("is nothing of anybody else's: administrators only, and none from another site", async () => {
    await add();
    const { connection, matching } = await read();
    const foreign = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const writes = (headers: object) => [
      send("/connections/next", "PUT", { ...connection, enabled: true }, headers),
      send("/connections/more", "PUT", { name: "More" }, { ...headers, "If-None-Match": "*" }),
      send("/connections/next/domains", "POST", { domain: "moves.example" }, headers),
      send("/connections/next", "DELETE", undefined, headers),
      send("/connections/next/metadata/refresh", "POST", undefined, headers),
      send("/fetch-metadata", "POST", { url: "https://idp.example/" }, headers),
    ];
    const statuses = async (sent: readonly Promise<Response>[]) =>
      (await Promise.all(sent)).map(({ status }) => status);
    expect(new Set(await statuses(writes({ ...matching, ...foreign })))).to.deep.equal(
      new Set([403]),
    );
    host.admin = undefined;
    const reads = ["/connections", "/connections/next", "/connections/next/metadata"];
    const refused = [...writes(matching), ...reads.map((path) => send(path, "GET"))];
    expect(new Set(await statuses(refused))).to.deep.equal(new Set([403]));
    host.admin = { id: "admin-1" };
    expect((await list()).map(([id, , enabled]) => [id, enabled])).to.deep.equal([
      ["default", true],
      ["next", false],
    ]);
  });
});
