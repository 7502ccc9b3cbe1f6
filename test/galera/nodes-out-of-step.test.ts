import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { makeHttpLoad } from "../races/http-load.ts";
import { type HttpHost, startHttpHost, startProcesses } from "../races/processes.ts";
import { GALERA, type TestDatabase } from "../support/databases.ts";
import { DEFAULT_TENANT } from "../support/host.ts";

const ROUNDS = 10;
const NEWCOMERS = 60;
const LIMIT = 10;
const LICENSED_ROLES = ["editor", "administrator"];

/** Each host talks to a node of its own, with the cluster's defaults. */
describe("hosts over two writable Galera nodes, whose reads may be a moment old", () => {
  const load = makeHttpLoad();
  let database: TestDatabase;
  let reader: Knex;
  let hosts: readonly HttpHost[] = [];
  before(async () => {
    database = await GALERA.create();
    // Waits until its node has what the other one has committed.
    reader = knexFactory({
      ...database.config,
      pool: { min: 1, max: 1, afterCreate: waitForOthers },
    });
    const nodes = [...database.nodes];
    hosts = await startProcesses(nodes.length, () => startHttpHost(nodes.shift()!));
    await hosts[0]!.run({ kind: "migrate" });
    const { url } = hosts[0]!;
    expect(await load.save(url, await load.etag(url), "admin")).to.equal(200);
  });
  after(async () => {
    await Promise.all(hosts.map((host) => host.end()));
    await reader?.destroy();
    await database?.drop();
  });
  const countUsers = async () =>
    Number((await reader("saml_jit_users").count({ n: "*" }))[0]!["n"]);

  for (let round = 1; round <= ROUNDS; round += 1) {
    it(`lets ${LIMIT} of ${NEWCOMERS} newcomers in, round ${round}`, async () => {
      const before = await countUsers();
      const limit = before + LIMIT;
      await Promise.all(hosts.map((host) => host.run({ kind: "license-limit", limit })));
      const statuses = await Promise.all(
        Array.from({ length: NEWCOMERS }, (_, index) =>
          load.post(
            hosts[index % hosts.length]!.url,
            load.form(`r${round}p${index}@customer.example`),
          ),
        ),
      );
      const entered = statuses.filter((status) => status === 303).length;
      const unexpected = statuses.filter((status) => ![303, 403].includes(status));
      expect({ entered, unexpected, users: await countUsers() }).to.deep.equal({
        entered: LIMIT,
        unexpected: [],
        users: limit,
      });
    });
  }

  const postEverywhere = (forms: readonly Record<string, string>[]) =>
    Promise.all(forms.map((form, index) => load.post(hosts[index % hosts.length]!.url, form)));

  it("makes one user of somebody who arrives 40 times together", async () => {
    const before = await countUsers();
    await Promise.all(hosts.map((host) => host.run({ kind: "license-limit", limit: null })));
    const forms = Array.from({ length: 40 }, () => load.form("ada@customer.example"));
    expect(new Set(await postEverywhere(forms))).to.deep.equal(new Set([303]));
    expect(await countUsers()).to.equal(before + 1);
  });

  it("accepts one of 20 uses of an assertion", async () => {
    const stolen = load.form("bob@customer.example");
    const statuses = await postEverywhere(Array.from({ length: 20 }, () => stolen));
    expect(statuses.sort()).to.deep.equal([303, ...Array(19).fill(403)]);
  });

  it("leaves nothing half-made", async () => {
    const limit = await countUsers();
    const findings = await checkIntegrity({
      knex: reader,
      seatLimits: [{ tenant: DEFAULT_TENANT, licensedRoles: LICENSED_ROLES, limit }],
      grantsUntouched: true,
    });
    expect(findings).to.deep.equal([]);
  });
});

/** What mysql2's connection has. */
interface Connection {
  query(sql: string, done: (error: Error | null) => void): void;
}

function waitForOthers(
  connection: Connection,
  done: (error: Error | null, connection: Connection) => void,
): void {
  connection.query("SET SESSION wsrep_sync_wait = 15", (error) => done(error, connection));
}
