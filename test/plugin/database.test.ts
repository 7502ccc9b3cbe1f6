import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createSamlJit, type SamlJit } from "../../src/mod.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("the plugin over a database", () => {
  let knex: Knex;
  let host: TestHost;

  beforeEach(async () => {
    knex = knexFactory({
      client: "sqlite3",
      connection: { filename: ":memory:" },
      useNullAsDefault: true,
    });
    host = await startHost({ knex });
    await host.saml.migrate();
    await host.saml.migrate();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(async () => {
    await host.stop();
    await knex.destroy();
  });

  const users = () => knex("saml_jit_users").select("email", "role");

  it("provisions, signs in again, and keeps the receipt", async () => {
    host.licenseLimit = 1;
    expect((await arrive(host, "ada@customer.example")).status).to.equal(303);
    expect((await arrive(host, "ada@customer.example")).status).to.equal(303);
    expect((await arrive(host, "eve@customer.example")).status).to.equal(403);
    expect(await users()).to.deep.equal([{ email: "ada@customer.example", role: "editor" }]);
    const [first, second] = host.signedIn;
    expect(second?.user).to.deep.equal(first?.user);
    const receipt = await host.saml.receipt("default", first?.user.id ?? "");
    expect(receipt).to.deep.include({ groups: ["g1"], seatsBefore: 0, seatsAfter: 1 });
    expect(await host.saml.checkIntegrity()).to.deep.equal([]);
  });

  it("forgets what is over", async () => {
    await arrive(host, "ada@customer.example");
    const day = 24 * 3600 * 1000;
    const now = host.clock.now() + 2 * day;
    const nothing = { ledger: 0, audit: 0, testSignIns: 0, events: 0 };
    expect(await host.saml.purge({ now })).to.deep.equal({ ...nothing, ledger: 1 });
    expect(await host.saml.purge({ auditBefore: now })).to.deep.equal({ ...nothing, audit: 2 });
  });

  it("leaves an instance with another prefix alone", async () => {
    const other: SamlJit = createSamlJit({
      baseUrl: "https://other.example",
      knex,
      tablePrefix: "other_",
      catalog: host.catalog,
      requireAdmin: () => undefined,
      signIn: () => undefined,
    });
    await other.migrate();
    expect((await other.readSettings("default")).version).to.equal(0);
    expect((await host.saml.readSettings("default")).version).to.equal(1);
  });
});
