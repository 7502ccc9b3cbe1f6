import { expect } from "chai";
import type { Knex } from "knex";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { Model } from "objection";
import { users } from "../../../examples/users/knex.ts";
import {
  type MemoryLogger,
  makeMemoryCatalog,
  makeMemoryLogger,
} from "../../../src/adapters/memory/memory-environment.ts";
import {
  createSamlJit,
  type HostFinding,
  type HostUserState,
  type HostUsers,
  type SamlJit,
  type SamlJitOptions,
} from "../../../src/mod.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { LISTS } from "../../support/host.ts";

class Person extends Model {
  static override tableName = "staff_members";
}

const good: HostUsers = {
  model: Person,
  columns: {
    id: { name: "id", type: "integer" },
    email: "mail",
    role: { name: "role", type: "text" },
    tenant: { name: "customer", type: "text" },
  },
  state: { kind: "column", column: "state", values: { active: ["on"], suspended: ["off"] } },
  groups: { table: "staff_teams", user: "person", granted: { name: "team", type: "text" } },
  organizations: { table: "staff_sites", user: "person", granted: { name: "site", type: "text" } },
};

type Change = (table: Knex.CreateTableBuilder, knex: Knex) => void;

for (const { name, create } of DATABASES) {
  describe(`what checkHost finds on ${name}`, () => {
    let database: TestDatabase;
    let logger: MemoryLogger;
    before(async () => {
      database = await create();
    });
    beforeEach(() => {
      logger = makeMemoryLogger();
    });
    afterEach(async () => {
      for (const table of ["staff_sites", "staff_teams", "staff_members"]) {
        await database.knex.schema.dropTableIfExists(table);
      }
    });
    after(() => database.drop());

    const text = (table: Knex.CreateTableBuilder, column: string) =>
      name === "MariaDB"
        ? table.specificType(column, "varchar(100) CHARACTER SET ascii COLLATE ascii_bin")
        : table.string(column, 100);
    const uniqueKey: Change = (table) => {
      table.unique(["customer", "mail"]);
    };
    async function createTables({
      key = uniqueKey,
      mail = (table) => {
        text(table, "mail").notNullable();
      },
      more = () => undefined,
    }: {
      readonly key?: Change;
      readonly mail?: Change;
      readonly more?: Change;
    } = {}): Promise<void> {
      const { knex } = database;
      await knex.schema.createTable("staff_members", (table) => {
        table.increments("id");
        text(table, "customer").notNullable();
        mail(table, knex);
        text(table, "role").notNullable();
        text(table, "state").notNullable();
        key(table, knex);
        more(table, knex);
      });
      for (const [grants, column] of [
        ["staff_teams", "team"],
        ["staff_sites", "site"],
      ] as const) {
        await knex.schema.createTable(grants, (table) => {
          table.integer("person").unsigned().notNullable().references("staff_members.id");
          text(table, column).notNullable();
        });
      }
    }

    function mounted(hostUsers: HostUsers = good, more: Partial<SamlJitOptions> = {}): SamlJit {
      return createSamlJit({
        baseUrl: "https://app.example",
        knex: database.knex,
        hostUsers,
        tenant: "acme",
        logger,
        catalog: makeMemoryCatalog(LISTS),
        requireAdmin: () => undefined,
        signIn: () => undefined,
        ...more,
      });
    }
    const checked = async (saml = mounted()): Promise<readonly HostFinding[]> => {
      await saml.migrate();
      return saml.checkHost();
    };
    const placesOf = (found: readonly HostFinding[]) =>
      found.map(({ code, table, column }) => [code, table, column].filter(Boolean).join(" "));

    it("is nothing where all is well, and leaves no user", async () => {
      await createTables();
      expect(await checked()).to.deep.equal([]);
      expect(await database.knex("staff_members")).to.deep.equal([]);
      expect(await database.knex("saml_jit_receipts")).to.deep.equal([]);
      expect(await database.knex("saml_jit_audit")).to.deep.equal([]);
      expect(logger.events).to.deep.equal([]);
    });

    it("is that migrate() was not called", async () => {
      await createTables();
      const [finding, ...others] = await mounted(good, { tablePrefix: "fresh_" }).checkHost();
      expect(finding).to.include({ code: "migrations-missing" });
      expect(finding?.remedy).to.match(/^Call migrate\(\): fresh_001_stores, /);
      expect(others).to.deep.equal([]);
    });

    it("names a missing table", async () => {
      expect(placesOf(await checked())).to.deep.equal([
        "table-missing staff_members",
        "table-missing staff_teams",
        "table-missing staff_sites",
      ]);
    });

    it("names every missing column", async () => {
      await createTables();
      const found = await checked(
        mounted({
          ...good,
          columns: { ...good.columns, displayName: "full_name" },
          createdBy: { column: "source", value: "saml" },
          groups: { ...good.groups, user: "member" },
        }),
      );
      expect(placesOf(found)).to.deep.equal([
        "column-missing staff_members full_name",
        "column-missing staff_members source",
        "column-missing staff_teams member",
      ]);
      expect(found[0]?.remedy).to.contain("full_name of staff_members");
    });

    it("warns of what it reads after migrate(), and creates no user there", async () => {
      await createTables({ key: () => undefined });
      let hooks = 0;
      const newRow = () => {
        hooks += 1;
        return {};
      };
      await mounted({ ...good, newRow }).migrate();
      expect(hooks).to.equal(0);
      expect(logger.events.map(({ level, event }) => [level, event.event])).to.deep.equal([
        ["warn", "saml.host-finding"],
      ]);
      expect(logger.events[0]?.event).to.include({
        code: "unique-key-missing",
        table: "staff_members",
        column: "mail",
      });
    });

    const wrongKeys: Readonly<Record<string, Change>> = {
      none: () => undefined,
      "an index that is not unique": (table) => {
        table.index(["customer", "mail"]);
      },
      "the address alone": (table) => {
        table.unique(["mail"]);
      },
      "more than the address": (table) => {
        table.unique(["customer", "mail", "role"]);
      },
    };
    for (const [wrong, key] of Object.entries(wrongKeys)) {
      it(`says that the unique key is missing: ${wrong}`, async () => {
        await createTables({ key });
        const found = await checked();
        expect(placesOf(found)).to.deep.equal(["unique-key-missing staff_members mail"]);
        expect(found[0]?.remedy).to.contain("(customer, mail)");
      });
    }

    it("says that no index leads to the users of a tenant", async () => {
      const reversed: Change = (table) => {
        table.unique(["mail", "customer"]);
      };
      await createTables({ key: reversed });
      const found = await checked();
      expect(placesOf(found)).to.deep.equal(["index-missing staff_members customer"]);
      expect(found[0]?.remedy).to.contain("begins with customer, such as (customer, role)");
      await database.knex.schema.alterTable("staff_members", (table) => {
        table.index(["customer", "role"]);
      });
      expect(await mounted().checkHost()).to.deep.equal([]);
    });

    it("is what health() warns of, until it is mended", async () => {
      await createTables({ key: () => undefined });
      const saml = mounted();
      const hostCheck = async () =>
        (await saml.health()).checks.find((check) => check.name === "host");
      expect(await hostCheck()).to.equal(undefined);
      await saml.migrate();
      expect(await hostCheck()).to.deep.equal({
        name: "host",
        status: "warn",
        detail: "call checkHost(), which says what to do: unique-key-missing staff_members.mail",
      });
      expect((await saml.health()).status).to.equal("warn");
      await database.knex.schema.alterTable("staff_members", (table) => {
        table.unique(["customer", "mail"]);
      });
      await saml.checkHost();
      expect(await saml.health()).to.include({ status: "pass" });
      expect(await hostCheck()).to.equal(undefined);
    });

    if (name !== "MariaDB") {
      it("does not take a key with a condition for one", async () => {
        await createTables({ key: () => undefined });
        await database.knex.raw(
          "CREATE UNIQUE INDEX some_of_them ON staff_members (customer, mail) WHERE state = 'on'",
        );
        expect(placesOf(await checked())).to.deep.equal(["unique-key-missing staff_members mail"]);
      });
    }

    it("says that the database folds addresses", async () => {
      const folding = {
        SQLite: "varchar(100) COLLATE NOCASE",
        PostgreSQL: "varchar(100) COLLATE folding",
        MariaDB: "varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
      }[name];
      if (name === "PostgreSQL") {
        await database.knex.raw(
          "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        );
      }
      await createTables({ mail: (table) => table.specificType("mail", folding).notNullable() });
      expect(placesOf(await checked())).to.deep.equal(["address-folded staff_members mail"]);
    });

    it("counts stored addresses that are not in normal form, and shows none", async () => {
      await createTables();
      const row = { customer: "acme", role: "editor", state: "on" };
      const mails = ["ada@mail.example", "Eve@mail.example", " bob@mail.example", "nobody"];
      for (const mail of mails) await database.knex("staff_members").insert({ ...row, mail });
      const found = await checked();
      expect(placesOf(found)).to.deep.equal(["address-abnormal staff_members mail"]);
      const { id } = await database.knex("staff_members").where({ mail: mails[1] }).first("id");
      expect(found[0]?.remedy)
        .to.match(
          /^Of 4 addresses in mail of staff_members, [12] are not in normal form and [12] are/,
        )
        .and.contain(`with id ${id}:`);
      expect(JSON.stringify(found)).not.to.match(/Eve|bob@|mail\.example/);
    });

    it("names the column that a new user leaves empty", async () => {
      await createTables({
        more: (table) => {
          table.string("locale", 5).notNullable();
        },
      });
      const found = await checked();
      expect(placesOf(found)).to.deep.equal(["user-refused staff_members locale"]);
      expect(found[0]?.remedy).to.contain("default").and.contain("hostUsers.newRow");
      const filled = mounted({ ...good, newRow: () => ({ locale: "en" }) });
      expect(await filled.checkHost()).to.deep.equal([]);
    });

    it("says that a role of the catalog does not exist", async () => {
      await database.knex.schema.dropTableIfExists("staff_roles");
      await database.knex.schema.createTable("staff_roles", (table) => {
        text(table, "id").primary();
      });
      await createTables({
        more: (table) => {
          table.foreign("role").references("staff_roles.id");
        },
      });
      if (name === "SQLite") await database.knex.raw("PRAGMA foreign_keys = ON");
      const [finding, ...others] = await checked();
      expect(finding).to.include({ code: "user-refused" });
      expect(finding?.remedy).to.contain("does not exist").and.contain("catalog");
      if (name !== "SQLite") expect(finding).to.include({ column: "role" });
      expect(others).to.deep.equal([]);
    });

    it("says what a callback of the host throws", async () => {
      await createTables();
      const newRow = () => {
        throw new RangeError("no desk is left");
      };
      const thrown = await checked(mounted({ ...good, newRow }));
      expect(placesOf(thrown)).to.deep.equal(["user-refused staff_members"]);
      expect(thrown[0]?.remedy).to.contain("RangeError: no desk is left");
      const catalog = { ...makeMemoryCatalog(LISTS), roles: async () => [] };
      expect(placesOf(await mounted(good, { catalog }).checkHost())).to.deep.equal([
        "catalog-failed",
      ]);
      const broken = { ...catalog, roles: async () => [{ id: 7, name: "Editor" }] };
      const found = await mounted(good, { catalog: broken as never }).checkHost();
      expect(found[0]?.remedy).to.contain("catalog.roles()[0]");
    });

    it("says that new users are not active, or not counted", async () => {
      await createTables();
      const state: HostUserState = {
        kind: "computed",
        stateOf: () => "active",
        takingSeats: (query) => {
          query.where({ state: "neither" });
        },
        invited: () => undefined,
        active: () => ({ state: "on" }),
      };
      const uncounted = await checked(mounted({ ...good, state }));
      expect(uncounted[0]?.remedy).to.contain("state.takingSeats must select active users");
      const locked: HostUserState = { ...state, stateOf: () => "suspended" };
      const found = await mounted({ ...good, state: locked }).checkHost();
      expect(found[0]?.remedy).to.contain("A new user is suspended afterwards");
    });

    it("needs a tenant to try a new user, and takes that of a stored one", async () => {
      await createTables();
      const saml = createSamlJit({
        baseUrl: "https://app.example",
        knex: database.knex,
        hostUsers: good,
        logger,
        catalog: makeMemoryCatalog(LISTS),
        requireAdmin: () => undefined,
        signIn: () => undefined,
        prefix: "/:tenant/saml",
        resolveTenant: () => "acme",
      });
      await saml.migrate();
      expect(placesOf(await saml.checkHost())).to.deep.equal(["user-not-tried"]);
      expect(await saml.checkHost({ tenant: "acme" })).to.deep.equal([]);
      const row = { customer: "acme", mail: "ada@mail.example", role: "editor", state: "on" };
      await database.knex("staff_members").insert(row);
      expect(await saml.checkHost()).to.deep.equal([]);
    });

    it("tries a new user of the host's own directory", async () => {
      const own = createSamlJit({
        baseUrl: "https://app.example",
        knex: database.knex,
        users,
        logger,
        catalog: makeMemoryCatalog(LISTS),
        requireAdmin: () => undefined,
        signIn: () => undefined,
      });
      const found = await checked(own);
      expect(placesOf(found)).to.have.length(1);
      expect(found[0]).to.include({ code: "user-refused" });
    });
  });
}
