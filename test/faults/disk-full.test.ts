import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { type Arrival, newcomer } from "./arrivals.ts";

describe("a disk that is full under SQLite", () => {
  let database: TestDatabase;
  let host: TestHost;
  before(async () => {
    const sqlite = DATABASES.find(({ name }) => name === "SQLite");
    database = await sqlite!.create();
    host = await startHost({ knex: database.knex });
    await host.saml.migrate();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  after(async () => {
    await host.stop();
    await database.drop();
  });

  it("refuses with 503 and Retry-After, and leaves no partial user", async () => {
    const { knex } = database;
    // One connection, so the limit holds for every statement; SQLite answers SQLITE_FULL.
    await knex.raw("PRAGMA max_page_count = 1");
    const people = Array.from({ length: 60 }, (_, index) => `p${index}@customer.example`);
    const arrivals: Arrival[] = [];
    for (const email of people) arrivals.push(await newcomer(host, email));
    const refused = arrivals.filter(({ status }) => status === 503);
    const entered = arrivals.filter(({ status }) => status === 303);
    expect(refused.length).to.be.greaterThan(0);
    expect(refused.length + entered.length).to.equal(people.length);
    for (const { retryAfter } of refused) expect(retryAfter).to.be.within(1, 60);
    const stored = await knex("saml_jit_users").pluck("email");
    expect(stored).to.have.members(entered.map(({ email }) => email));
    expect(await host.saml.checkIntegrity()).to.deep.equal([]);

    await knex.raw("PRAGMA max_page_count = 1073741823");
    for (const { email } of refused) expect((await newcomer(host, email)).status).to.equal(303);
    expect(await host.saml.checkIntegrity()).to.deep.equal([]);
  });
});
