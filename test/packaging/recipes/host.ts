/** A host for each recipe of examples/users, in one process, each with a schema of its own. */
import { randomUUID } from "node:crypto";
import process from "node:process";
import knexFactory, { type Knex } from "knex";
import Koa from "koa";
import {
  createSamlJit,
  type MakeHostUserDirectory,
  makeObjectionStores,
  parseTenantId,
  type SamlJitOptions,
} from "koa-saml-jit";
import {
  hostUserDirectoryContract,
  makeMemoryCatalog,
  type StoresSubject,
  userDirectoryContract,
} from "koa-saml-jit/testing";
import pg from "pg";
import * as byDrizzle from "../../../examples/users/drizzle.ts";
import * as byKnex from "../../../examples/users/knex.ts";
import * as memberships from "../../../examples/users/memberships.ts";
import * as mixedCase from "../../../examples/users/mixed-case.ts";
import { poolOver } from "../../../examples/users/prisma.ts";
import * as roleLinks from "../../../examples/users/role-links.ts";
import * as bySequelize from "../../../examples/users/sequelize.ts";
import * as uuids from "../../../examples/users/uuids.ts";

const { BASE_URL = "", PORT = "0", SETTINGS = "{}", DATABASE_URL = "" } = process.env;

type Seen = Pick<StoresSubject, "states" | "vocabulary" | "seedUser" | "accessOf" | "countUsers">;

interface Recipe {
  /** Makes the tables, and says what the plugin is mounted with. */
  start(
    knex: Knex,
    schema: string,
  ): Promise<{
    readonly options: Partial<SamlJitOptions>;
    /** For the contract suite. */
    readonly seen?: Seen;
    /** Whether the users belong to tenants. */
    readonly tenants?: boolean;
    /** Table of the users. */
    readonly table: string;
    readonly role: string;
    readonly groups?: readonly string[];
    /** Which access of a new user the database refuses, after the user has been inserted. */
    readonly refused: { readonly role?: string; readonly groups?: readonly string[] };
    readonly close?: () => Promise<void>;
  }>;
}

const refuse = (knex: Knex, table: string, column: string) =>
  knex.raw("ALTER TABLE ?? ADD CHECK (?? <> 'refused')", [table, column]);

const RECIPES: Readonly<Record<string, Recipe>> = {
  knex: {
    start: async (knex) => {
      await byKnex.createTables(knex);
      await refuse(knex, "people_groups", "group_id");
      return {
        options: { users: byKnex.users, tenant: "acme" },
        seen: byKnex.seeTables(knex),
        tenants: true,
        table: "people",
        role: "member",
        groups: ["staff"],
        refused: { groups: ["refused"] },
      };
    },
  },
  drizzle: {
    start: async (knex, schema) => {
      await knex.raw(byDrizzle.TABLES);
      await refuse(knex, "member_teams", "team");
      const pool = new pg.Pool({
        connectionString: DATABASE_URL,
        options: `-c search_path=${schema}`,
        max: 2,
      });
      return {
        options: { users: byDrizzle.users, tenant: "acme" },
        seen: byDrizzle.seeTables(pool),
        tenants: true,
        table: "members",
        role: "member",
        groups: ["staff"],
        refused: { groups: ["refused"] },
        close: () => pool.end(),
      };
    },
  },
  sequelize: {
    start: async (knex, schema) => {
      const sequelize = bySequelize.makeSequelize(DATABASE_URL, {
        dialectOptions: { options: `-c search_path=${schema}` },
        pool: { max: 2 },
      });
      await sequelize.sync();
      await refuse(knex, "seq_teams", "team");
      return {
        options: { users: bySequelize.makeUsers(sequelize), tenant: "acme" },
        seen: bySequelize.seeTables(),
        tenants: true,
        table: "seq_members",
        role: "member",
        groups: ["staff"],
        refused: { groups: ["refused"] },
        close: () => sequelize.close(),
      };
    },
  },
  // Prisma itself downloads an engine: what it does to the connection is done by hand.
  prisma: {
    start: async (knex) => {
      await byKnex.createTables(knex);
      await refuse(knex, "people_groups", "group_id");
      const users: MakeHostUserDirectory = (transaction) => {
        const own = byKnex.users(transaction);
        return {
          ...own,
          create: async (...call) => {
            const inner = await poolOver(transaction.connection(pg.Client)).connect();
            await inner.query("BEGIN");
            try {
              const id = await own.create(...call);
              await inner.query("COMMIT");
              return id;
            } catch (error) {
              await inner.query("ROLLBACK");
              throw error;
            } finally {
              inner.release();
            }
          },
        };
      };
      return {
        options: { users, tenant: "acme" },
        seen: byKnex.seeTables(knex),
        tenants: true,
        table: "people",
        role: "member",
        groups: ["staff"],
        refused: { groups: ["refused"] },
      };
    },
  },
  "role-links": {
    start: async (knex) => {
      await roleLinks.createTables(knex);
      return {
        options: { users: roleLinks.users },
        seen: roleLinks.seeTables(knex),
        table: "up_users",
        role: "1",
        refused: { role: "99" },
      };
    },
  },
  memberships: {
    start: async (knex) => {
      await memberships.createTables(knex);
      await refuse(knex, "memberships", "role");
      await knex("proven_domains").insert([
        { domain: "customer.example", customer: "acme" },
        { domain: "globex.example", customer: "globex" },
      ]);
      return {
        options: {
          users: memberships.users,
          verifiedDomains: memberships.verifiedDomains(knex),
          tenant: "acme",
        },
        seen: memberships.seeTables(knex),
        tenants: true,
        table: "logins",
        role: "member",
        refused: { role: "refused" },
      };
    },
  },
  uuids: {
    start: async (knex) => {
      await uuids.createTables(knex);
      const [role, team] = [randomUUID(), randomUUID()];
      await knex("roles").insert({ id: role, name: "Member" });
      await knex("teams").insert({ id: team, name: "Staff" });
      return {
        options: { hostUsers: uuids.hostUsers },
        table: "accounts",
        role,
        groups: [team],
        refused: { groups: [randomUUID()] },
      };
    },
  },
  "mixed-case": {
    start: async (knex) => {
      await mixedCase.createTables(knex);
      const emails = [" Old@Customer.Example", "Twin@customer.example", "twin@Customer.example"];
      await knex("customers").insert(
        [...emails, "nobody"].map((email) => ({ email, role: "old" })),
      );
      await mixedCase.addColumn(knex);
      const first = await mixedCase.backfill(knex);
      const early = await mixedCase.addKey(knex, first).catch((error: Error) => error.message);
      await knex("customers")
        .where({ id: first.collisions[0]?.[1] })
        .update({ email: "other@customer.example" });
      const second = await mixedCase.backfill(knex);
      await mixedCase.addKey(knex, second);
      reports.set("mixed-case", { first, early, second });
      await refuse(knex, "customer_groups", "name");
      return {
        options: { hostUsers: mixedCase.hostUsers },
        table: "customers",
        role: "member",
        groups: ["staff"],
        refused: { groups: ["refused"] },
      };
    },
  },
};

const reports = new Map<string, unknown>();
const app = new Koa({ keys: ["a key of the tests"] });
const settings = JSON.parse(SETTINGS);
const admin = knexFactory({ client: "pg", connection: DATABASE_URL });

for (const [name, recipe] of Object.entries(RECIPES)) {
  const schema = name.replace("-", "_");
  await admin.raw("CREATE SCHEMA ??", [schema]);
  const knex = knexFactory({
    client: "pg",
    connection: DATABASE_URL,
    searchPath: [schema],
    pool: { min: 0, max: 8 },
  });
  const started = await recipe.start(knex, schema);
  const { options, role, groups = [], refused, seen, tenants, table } = started;
  const named = (ids: readonly string[]) => ids.map((id) => ({ id, name: id }));
  let limit: number | undefined;
  const saml = createSamlJit({
    baseUrl: BASE_URL,
    prefix: `/${name}/saml`,
    knex,
    catalog: makeMemoryCatalog({
      roles: [role, refused.role]
        .filter((id) => id !== undefined)
        .map((id) => ({ id, name: id, licensed: true, privileged: false })),
      groups: named([...groups, ...(refused.groups ?? [])]),
      organizations: [],
    }),
    requireAdmin: () => undefined,
    licenseLimit: () => limit,
    signIn: (ctx, { user, outcome }) => {
      ctx.body = { id: user.id, outcome };
    },
    ...options,
  });
  await saml.migrate();
  const { tenant = "default" } = options;
  await saml.saveSettings(
    tenant,
    {
      ...settings,
      autoProvisioning: {
        enabled: true,
        role,
        groups,
        organizations: { kind: "selected", ids: [] },
        rules: [{ when: { attribute: "refused", anyOf: ["yes"] }, ...refused }],
      },
    },
    "start",
  );
  app.use(saml.routes());

  async function contract(): Promise<readonly string[]> {
    const { users, hostUsers } = options;
    if (seen === undefined) return [];
    const suite = users === undefined ? userDirectoryContract : hostUserDirectoryContract;
    const cases = suite(async () => {
      // Hosts without tenants have one, which is emptied for each case.
      if (tenants !== true) await emptyAll(knex, schema, table);
      return {
        ...makeObjectionStores({
          knex,
          ...(users === undefined ? {} : { users }),
          ...(hostUsers === undefined ? {} : { hostUsers }),
        }),
        ...seen,
        tenant: tenantOf(tenants ? randomUUID() : "default"),
        ...(tenants ? { otherTenant: tenantOf(randomUUID()) } : {}),
      };
    });
    const broken: string[] = cases.length < 30 ? ["too few cases"] : [];
    for (const one of cases) {
      await one.run().catch((error: Error) => broken.push(`${one.name}: ${error.stack}`));
    }
    return broken;
  }

  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith(`/${name}/`)) return next();
    switch (ctx.path.slice(name.length + 2)) {
      case "limit":
        limit = ctx.query["seats"] === undefined ? undefined : Number(ctx.query["seats"]);
        ctx.body = {};
        break;
      case "contract":
        ctx.body = { broken: await contract() };
        break;
      case "state":
        ctx.body = {
          rows: await knex(table),
          used: (await saml.licenseUsage(tenant)).used,
          integrity: await saml.checkIntegrity(),
          host: await saml.checkHost(),
          report: reports.get(name),
        };
    }
  });
}

/** Empties the platform's users and what the plugin stored of them. */
async function emptyAll(knex: Knex, schema: string, users: string): Promise<void> {
  const kept = ["up_roles", "saml_jit_migrations", "saml_jit_migrations_lock"];
  const { rows } = await knex.raw("SELECT tablename FROM pg_tables WHERE schemaname = ?", [schema]);
  const names = rows
    .map(({ tablename }: { readonly tablename: string }) => tablename)
    .filter((name: string) => !kept.includes(name));
  if (!names.includes(users)) throw new Error(`${users} is missing`);
  await knex.raw(`TRUNCATE ${names.map(() => "??").join(", ")} CASCADE`, names);
}

function tenantOf(id: string) {
  const tenant = parseTenantId(id);
  if (tenant === undefined) throw new Error(`${id} is no tenant`);
  return tenant;
}

app.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));
