import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { Model } from "objection";
import { migrate, rollback } from "../../../src/adapters/objection/migrations/migrate.ts";
import {
  makeMigrationSource,
  makeMigrations,
} from "../../../src/adapters/objection/migrations/migrations.ts";
import { tablesOf } from "../../../src/adapters/objection/migrations/table-names.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { sampleRefresh } from "../../../src/testing/contracts/metadata-refresh-contract.ts";
import {
  email,
  SAMPLE_TIME,
  sampleAssertion,
  sampleEntry,
  sampleEvent,
  sampleReceipt,
  sampleSettings,
  sampleTest,
  sampleUser,
} from "../../../src/testing/contracts/samples.ts";
import { seeOwnUsers } from "../../contracts/own-users-subject.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { shortForm } from "../../support/host.ts";

const tenant = parseTenantId("acme")!;
const thing = { kind: "assertion", key: "k", expiresAt: SAMPLE_TIME } as const;

for (const { name, create } of DATABASES) {
  describe(`schema on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await create();
    });
    after(() => database.drop());

    it("is made from empty, made again without harm, and taken away whole", async () => {
      const { knex } = database;
      await migrate({ knex, userTables: true });
      const { stores } = makeObjectionStores({ knex });
      await stores.settings.save(tenant, sampleSettings(1));
      await migrate({ knex, userTables: true });
      expect(await stores.settings.load(tenant)).to.deep.equal(sampleSettings(1));
      await rollback({ knex, userTables: true });
      // Other prefixes may be in use, whose instances need the locks for seats, too.
      const { migrations, seatLocks, ...others } = tablesOf("saml_jit_");
      expect(await knex.schema.hasTable(seatLocks)).to.equal(true);
      for (const table of Object.values(others)) {
        expect(await knex.schema.hasTable(table), table).to.equal(false);
      }
      await migrate({ knex, userTables: true });
      expect(await stores.settings.load(tenant)).to.equal(undefined);
      const steps = makeMigrations({ userTables: true });
      expect(await knex(migrations).select("name")).to.have.length(steps.length);
    });

    it("is made although a process died while it held Knex's migration lock", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "crash_" });
      await knex("crash_migrations_lock").update({ is_locked: 1 });
      await migrate({ knex, tablePrefix: "crash_", userTables: true });
      expect(await knex.schema.hasTable("crash_users")).to.equal(true);
    });

    it("is completed when a process died halfway through it", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "half_" });
      await knex.schema.dropTable("half_receipts");
      await knex("half_migrations").delete();
      await migrate({ knex, tablePrefix: "half_" });
      expect(await knex.schema.hasTable("half_receipts")).to.equal(true);
    });

    it("can be made by the host's own migrations instead", async () => {
      const { knex } = database;
      const migrationSource = makeMigrationSource({ tablePrefix: "own_" });
      await knex.migrate.latest({ migrationSource, tableName: "host_migrations" });
      expect(await knex.schema.hasTable("own_settings")).to.equal(true);
      await migrate({ knex, tablePrefix: "own_" });
      await knex.migrate.rollback({ migrationSource, tableName: "host_migrations" });
      expect(await knex.schema.hasTable("own_settings")).to.equal(false);
    });

    it("gets what a later version adds, and keeps what was there", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "older_", userTables: true });
      await knex.schema.dropTable("older_test_sign_ins");
      await knex.schema.alterTable("older_settings", (table) => table.dropColumn("seat_lock"));
      await knex("older_migrations")
        .whereIn("name", ["older_003_test_sign_ins", "older_004_seat_lock", "older_006_seat_locks"])
        .delete();
      const { stores } = makeObjectionStores({ knex, tablePrefix: "older_" });
      await stores.settings.save(tenant, sampleSettings(1));
      await migrate({ knex, tablePrefix: "older_", userTables: true });
      await stores.testSignIns.add(tenant, sampleTest(1));
      expect(await stores.settings.load(tenant)).to.deep.equal(sampleSettings(1));
    });

    it("is left as it is by an older version, which starts on it", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "newer_", userTables: true });
      const before = await knex("newer_migrations").select("name");
      const later = { name: "newer_999_later", batch: 2, migration_time: new Date() };
      await knex("newer_migrations").insert(later);
      await migrate({ knex, tablePrefix: "newer_", userTables: true });
      const names = await knex("newer_migrations").orderBy("id").pluck("name");
      expect(names).to.deep.equal([...before.map(({ name }) => name), later.name]);
    });

    it("makes no user tables for a host that has users", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "host_" });
      expect(await knex.schema.hasTable("host_settings")).to.equal(true);
      expect(await knex.schema.hasTable("host_users")).to.equal(false);
    });

    it("has exactly the columns that rows are written with and read from", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "drift_", userTables: true });
      const { stores, unitOfWork } = makeObjectionStores({ knex, tablePrefix: "drift_" });
      const written = new Map<string, readonly string[]>();
      const note = ({ sql }: { readonly sql: string }) => {
        const insert = /^insert into [`"](\w+)[`"] \(([^)]*)\)/i.exec(sql);
        const columns = insert?.[2]?.match(/\w+/g);
        if (insert?.[1] && columns) written.set(insert[1], [...columns].sort());
      };
      knex.on("query", note);
      const user = sampleUser(email("ada@example.test"), seeOwnUsers(knex).vocabulary);
      const profile = { displayName: "Ada L", firstName: "Ada", lastName: "L" };
      const all = { ...user, organizations: { kind: "all" } } as const;
      await stores.users.create(tenant, user, sampleReceipt(user), profile, sampleAssertion(user));
      await stores.users.create(
        tenant,
        { ...all, email: email("bob@example.test") },
        sampleReceipt(all),
        profile,
        sampleAssertion(all),
      );
      await stores.settings.save(tenant, sampleSettings(1));
      await stores.audit.appendRefusal(tenant, sampleEntry(1));
      await stores.ledger.consume(tenant, thing);
      await stores.testSignIns.add(tenant, sampleTest(1));
      await unitOfWork.run(tenant, ({ events }) => events.append(sampleEvent(tenant, 1)));
      await stores.domainProofs.add(tenant, { domain: "a.example", token: "t", createdAt: 1 });
      await stores.refreshes.save(tenant, sampleRefresh(1));
      knex.removeListener("query", note);
      const { migrations: _, seatLocks: __, ...tables } = tablesOf("drift_");
      for (const table of Object.values(tables)) {
        const columns = Object.keys(await knex(table).columnInfo()).sort();
        // Begin at their defaults, and only `lockSeats` and claims of events write them.
        const later = ["seat_lock", "holder", "held_until"];
        const inserted = columns.filter((column) => !later.includes(column));
        expect(written.get(table), table).to.deep.equal(inserted);
      }
    });

    it("reads settings from before there were attributes with names, and rules", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "early_" });
      const { stores } = makeObjectionStores({ knex, tablePrefix: "early_" });
      const { settings, ...version } = sampleSettings(1);
      const { profile: _, autoProvisioning, ...rest } = shortForm(settings);
      const { rules: _r, whenNoRuleMatches: _w, ...defaults } = autoProvisioning;
      const earlier = { ...rest, autoProvisioning: defaults };
      await stores.settings.save(tenant, { ...version, settings });
      await knex("early_settings").update({ document: JSON.stringify(earlier) });
      expect((await stores.settings.load(tenant))?.settings).to.deep.equal({
        ...settings,
        connections: settings.connections.map((one) => ({ ...one, profile: {} })),
        autoProvisioning: { ...defaults, rules: [], whenNoRuleMatches: "defaults" },
      });
    });

    it("keeps plugins with different prefixes apart", async () => {
      const { knex } = database;
      await migrate({ knex, tablePrefix: "one_", userTables: true });
      await migrate({ knex, tablePrefix: "two_", userTables: true });
      const one = makeObjectionStores({ knex, tablePrefix: "one_" });
      const two = makeObjectionStores({ knex, tablePrefix: "two_" });
      await one.stores.settings.save(tenant, sampleSettings(1));
      expect(await two.stores.settings.load(tenant)).to.equal(undefined);
      expect(await one.stores.ledger.consume(tenant, thing)).to.equal(true);
      expect(await two.stores.ledger.consume(tenant, thing)).to.equal(true);
      expect(Model.knex()).to.equal(undefined);
    });
  });
}

describe("migrations", () => {
  it("have names that belong to their prefix", () => {
    const names = makeMigrations({ tablePrefix: "acme_", userTables: true }).map((one) => one.name);
    expect(names).to.deep.equal([
      "acme_001_stores",
      "acme_002_users",
      "acme_003_test_sign_ins",
      "acme_004_seat_lock",
      "acme_005_events",
      "acme_006_seat_locks",
      "acme_007_domain_proofs",
      "acme_008_receipts_by_name_id",
      "acme_009_refreshes",
      "acme_010_receipt_counts",
    ]);
  });

  it("refuse an invalid prefix", () => {
    for (const tablePrefix of ["", "1st_", "a b", 'a"', "A_", "x".repeat(32), randomUUID()]) {
      expect(() => makeMigrations({ tablePrefix }), tablePrefix).to.throw(TypeError, "tablePrefix");
    }
  });
});
