import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { makeMigrations } from "../../src/adapters/objection/migrations/migrations.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { DATABASES, PGBOUNCER, SQLITE_WAL, type TestDatabase } from "../support/databases.ts";
import { LICENSED_ROLES, RACE_TENANT } from "./first-sign-in.ts";
import { type HostProcess, startProcess, startProcesses } from "./processes.ts";

const PROCESSES = 6;

for (const { name, create } of [...DATABASES, SQLITE_WAL, PGBOUNCER]) {
  describe(`${PROCESSES} processes over one ${name}`, () => {
    let database: TestDatabase;
    let hosts: readonly HostProcess[] = [];
    before(async () => {
      database = await create();
      hosts = await startProcesses(PROCESSES, () => startProcess(database.config));
    });
    after(async () => {
      await Promise.all(hosts.map((host) => host.end()));
      await database.drop();
    });
    const signInEverywhere = async (
      peopleOf: (host: number) => readonly { email: string; assertion: string }[],
      limit?: number,
    ) => {
      const results = await Promise.all(
        hosts.map((host, index) =>
          host.run({
            kind: "sign-in",
            people: peopleOf(index),
            ...(limit !== undefined && { limit }),
          }),
        ),
      );
      return tally(results.flat());
    };
    const countSeats = () =>
      makeObjectionStores({ knex: database.knex }).stores.users.countSeats(
        RACE_TENANT,
        LICENSED_ROLES,
      );

    it("migrate concurrently, twice, back, and forth again", async () => {
      const everywhere = (kind: "migrate" | "rollback") =>
        Promise.all(hosts.map((host) => host.run({ kind })));
      await everywhere("migrate");
      await everywhere("migrate");
      expect(await database.knex.schema.hasTable("saml_jit_users")).to.equal(true);
      await everywhere("rollback");
      expect(await database.knex.schema.hasTable("saml_jit_users")).to.equal(false);
      await everywhere("migrate");
      const ran = await database.knex("saml_jit_migrations").select("name");
      expect(ran).to.have.length(makeMigrations({ userTables: true }).length);
    });

    it("save settings concurrently: one wins and is read back", async () => {
      for (const version of [1, 2]) {
        const saved = await Promise.all(
          hosts.map((host, index) =>
            host.run({ kind: "save-settings", by: `admin-${index}`, version }),
          ),
        );
        expect(saved.filter((won) => won === true)).to.have.length(1);
        const { settings } = makeObjectionStores({ knex: database.knex }).stores;
        const winner = saved.indexOf(true);
        expect(await settings.load(RACE_TENANT)).to.include({
          version,
          savedBy: `admin-${winner}`,
        });
      }
    });

    it("handle concurrent first sign-ins of one user: one user, one seat", async () => {
      const results = await signInEverywhere((host) =>
        Array.from({ length: 4 }, (_, index) => ({
          email: "ada@example.test",
          assertion: `ada-${host}-${index}`,
        })),
      );
      expect(results).to.deep.equal({ provision: 1, "sign-in": 4 * PROCESSES - 1 });
      expect(await countSeats()).to.equal(1);
    });

    it("receive one assertion concurrently: it is used once", async () => {
      const results = await signInEverywhere(() => [
        { email: "bob@example.test", assertion: "stolen" },
      ]);
      expect(results).to.deep.equal({ provision: 1, replayed: PROCESSES - 1 });
    });

    it("receive one user concurrently for the last seat: none is refused for lack of a license", async () => {
      const limit = (await countSeats()) + 1;
      const results = await signInEverywhere(
        (host) =>
          Array.from({ length: 4 }, (_, index) => ({
            email: "last@example.test",
            assertion: `last-${host}-${index}`,
          })),
        limit,
      );
      expect(results).to.deep.equal({ provision: 1, "sign-in": 4 * PROCESSES - 1 });
      expect(await countSeats()).to.equal(limit);
    });

    it("get three times as many people as there are seats: not one too many", async () => {
      const limit = 3 + 8;
      const results = await signInEverywhere(
        (host) =>
          Array.from({ length: 4 }, (_, index) => ({
            email: `person-${host}-${index}@example.test`,
            assertion: `person-${host}-${index}`,
          })),
        limit,
      );
      expect(results).to.deep.equal({ provision: 8, "license-exhausted": 4 * PROCESSES - 8 });
      expect(await countSeats()).to.equal(limit);
    });

    it("leave nothing that should not be", async () => {
      const findings = await checkIntegrity({
        knex: database.knex,
        seatLimits: [{ tenant: RACE_TENANT, licensedRoles: LICENSED_ROLES, limit: 11 }],
        grantsUntouched: true,
      });
      expect(findings).to.deep.equal([]);
    });
  });
}

function tally(results: readonly unknown[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[String(result)] = (counts[String(result)] ?? 0) + 1;
  return counts;
}
