import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { makeSigningIdp } from "../../../src/testing/signing-idp.ts";
import { requestIdIn } from "../../support/arrivals.ts";
import { makeBrowser } from "../../support/browser.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { freePort, type HostProcess, startHostProcess } from "../support/host-process.ts";
import { STRAPI_FOLDER } from "./folder.ts";

const FRONTEND = "http://localhost:5173/welcome";
const ADMIN = `Basic ${btoa("admin:a token")}`;

/** `npm run test:long` installs Strapi before it. */
describe("a Strapi platform", () => {
  const idp = makeSigningIdp();
  let database: TestDatabase;
  let knex: Knex;
  let host: HostProcess;

  const start = async (): Promise<HostProcess> => {
    const port = await freePort();
    return startHostProcess({
      folder: STRAPI_FOLDER,
      file: "server.js",
      port,
      baseUrl: `http://127.0.0.1:${port}`,
      ready: /Strapi started successfully/,
      env: {
        DATABASE_URL: String(database.config.connection),
        FRONTEND_URL: FRONTEND,
        ADMIN_TOKEN: "a token",
        APP_KEYS: "one,two",
        ADMIN_JWT_SECRET: "three",
        API_TOKEN_SALT: "four",
        TRANSFER_TOKEN_SALT: "five",
        JWT_SECRET: "six",
        STRAPI_TELEMETRY_DISABLED: "true",
      },
    });
  };
  const allowEverybody = async () => {
    const role = await knex("up_roles").where({ type: "authenticated" }).first("id");
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-match": '"0"', authorization: ADMIN },
      body: JSON.stringify({
        enabled: true,
        connection: idp.connection(),
        email: { source: { kind: "automatic" } },
        autoProvisioning: {
          enabled: true,
          role: String(role.id),
          organizations: { kind: "selected", ids: [] },
        },
      }),
    });
    expect(response.status, await response.text()).to.equal(200);
  };

  before(async () => {
    if (!existsSync(join(STRAPI_FOLDER, "node_modules/@strapi/strapi"))) {
      throw new Error("run test/packaging/strapi/install.ts first");
    }
    database = await DATABASES.find(({ name }) => name === "PostgreSQL")!.create();
    knex = knexFactory(database.config);
    host = await start();
    await allowEverybody();
  });
  after(async () => {
    await host?.stop();
    await knex?.destroy();
    await database?.drop();
  });

  /** The JWT with which the front end is led on; the status of a refusal. */
  async function arrive(email: string): Promise<string | number> {
    const saml = `${host.baseUrl}/saml`;
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${saml}/login`));
    const to = { acsUrl: `${saml}/acs`, audience: `${saml}/metadata`, inResponseTo };
    const response = await browser.post(`${saml}/acs`, { ...idp.form({ ...to, email }) });
    const [page, jwt] = (response.headers.get("location") ?? "").split("#jwt=");
    if (jwt !== undefined) expect(page).to.equal(FRONTEND);
    return jwt ?? response.status;
  }
  /** Who Strapi says that is. */
  const me = async (jwt: string | number) => {
    const headers = { authorization: `Bearer ${jwt}` };
    const response = await fetch(`${host.baseUrl}/api/users/me?populate=role`, { headers });
    return { status: response.status, ...(await response.json()) };
  };
  const rowsOf = (email: string) => knex("up_users").where({ email });

  it("creates a user of Strapi, whom Strapi's own API knows by its JWT", async () => {
    const user = await me(await arrive("ada@customer.example"));
    expect(user).to.include({ status: 200, email: "ada@customer.example", provider: "saml" });
    expect(user.documentId).to.match(/^[a-z][a-z0-9]{23}$/);
    const [row] = await rowsOf("ada@customer.example");
    const links = await knex("up_users_role_lnk").where({ user_id: row.id });
    expect(links).to.have.length(1);
  });

  it("signs in a user of Strapi's own, and changes nothing of theirs", async () => {
    const body = { username: "bob", email: "Bob@Customer.example", password: "correct horse" };
    const headers = { "content-type": "application/json" };
    const url = `${host.baseUrl}/api/auth/local/register`;
    const registered = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect(registered.status).to.equal(200);
    const before = await rowsOf("bob@customer.example");
    const user = await me(await arrive("bob@customer.example"));
    expect(user).to.include({ id: before[0].id, username: "bob", provider: "local" });
    expect(await rowsOf("bob@customer.example")).to.deep.equal(before);
  });

  it("refuses users who are blocked, or never confirmed their address, and changes neither", async () => {
    for (const state of [{ blocked: true }, { confirmed: false }]) {
      await knex("up_users").where({ username: "bob" }).update(state);
      const before = await rowsOf("bob@customer.example");
      expect(await arrive("bob@customer.example")).to.equal(403);
      expect(await rowsOf("bob@customer.example")).to.deep.equal(before);
      await knex("up_users").where({ username: "bob" }).update({ blocked: false, confirmed: true });
    }
    expect(await arrive("bob@customer.example")).to.be.a("string");
  });

  it("creates one user for ten browsers at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => arrive("eve@customer.example")));
    const users = await Promise.all(all.map(me));
    expect(new Set(users.map(({ id }) => id)).size).to.equal(1);
    expect(await rowsOf("eve@customer.example")).to.have.length(1);
  });

  it("keeps its unique key, settings and users over a restart", async () => {
    await host.stop();
    host = await start();
    const { rows } = await knex.raw("SELECT to_regclass('up_users_email_key') AS key");
    expect(rows).to.deep.equal([{ key: "up_users_email_key" }]);
    // Another port is another base URL, which the requests are made out to.
    const [{ id }] = await rowsOf("ada@customer.example");
    expect(await me(await arrive("ada@customer.example"))).to.include({ id });
  });

  it("shows its settings page to the administrator, under Strapi's own policies", async () => {
    const url = `${host.baseUrl}/saml/settings/page`;
    expect((await fetch(url)).status).to.equal(401);
    const page = await fetch(url, { headers: { authorization: ADMIN, accept: "text/html" } });
    expect(page.status).to.equal(200);
    expect(await page.text()).to.contain("Single sign-on");
  });
});
