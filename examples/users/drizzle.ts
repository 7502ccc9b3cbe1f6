/** Users by Drizzle on PostgreSQL, in the plugin's transaction: `drizzle(connection(pg.Client))`. */
import { and, count, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { boolean, integer, pgTable, serial, text, unique } from "drizzle-orm/pg-core";
import {
  EmailTakenError,
  type HostUserDirectory,
  InvitationGoneError,
  type UserState,
  type UsersTransaction,
} from "koa-saml-jit";
import type { StoresSubject } from "koa-saml-jit/testing";
import pg from "pg";

const members = pgTable(
  "members",
  {
    id: serial().primaryKey(),
    customer: text().notNull(),
    email: text().notNull(),
    role: text().notNull(),
    state: text().$type<UserState>().notNull(),
    fromSaml: boolean("from_saml").notNull().default(false),
    everySite: boolean("every_site").notNull().default(false),
  },
  (table) => [unique().on(table.customer, table.email)],
);
const teams = pgTable("member_teams", { member: integer().notNull(), team: text().notNull() });
const sites = pgTable("member_sites", { member: integer().notNull(), site: text().notNull() });

/** What drizzle-kit makes of the schema above. */
export const TABLES = `
  CREATE TABLE members (
    id serial PRIMARY KEY, customer text NOT NULL, email text NOT NULL, role text NOT NULL,
    state text NOT NULL, from_saml boolean NOT NULL DEFAULT false,
    every_site boolean NOT NULL DEFAULT false, UNIQUE (customer, email));
  CREATE TABLE member_teams (member integer NOT NULL REFERENCES members, team text NOT NULL);
  CREATE TABLE member_sites (member integer NOT NULL REFERENCES members, site text NOT NULL);`;

/** The option `users`. */
export function users({ connection, isDuplicate }: UsersTransaction): HostUserDirectory {
  const db = drizzle(connection(pg.Client));
  const countSeats = (customer: string, roles: readonly string[], fromSaml = sql`true`) =>
    db.$count(
      members,
      and(
        eq(members.customer, customer),
        inArray(members.state, ["active", "invited"]),
        inArray(members.role, [...roles]),
        fromSaml,
      ),
    );
  return {
    async findByEmail(customer, email) {
      const [found] = await db
        .select()
        .from(members)
        .where(and(eq(members.customer, customer), eq(members.email, email)));
      return found && { id: String(found.id), email, state: found.state };
    },
    countSeats,
    countJitSeats: (customer, roles) => countSeats(customer, roles, eq(members.fromSaml, true)),
    async create(customer, { email, role, groups, organizations }) {
      const everySite = organizations.kind === "all";
      const row = { customer, email, role, state: "active" as const, fromSaml: true, everySite };
      const [created] = await db
        .insert(members)
        .values(row)
        .returning({ id: members.id })
        .catch((cause: unknown) => {
          throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
        });
      if (created === undefined) throw new Error("the member was not returned");
      const member = created.id;
      if (groups.length > 0) {
        await db.insert(teams).values(groups.map((team) => ({ member, team })));
      }
      if (organizations.kind === "selected" && organizations.ids.length > 0) {
        await db.insert(sites).values(organizations.ids.map((site) => ({ member, site })));
      }
      return String(member);
    },
    async acceptInvitation(customer, userId) {
      const id = /^\d{1,9}$/.test(userId) ? Number(userId) : 0;
      const accepted = await db
        .update(members)
        .set({ state: "active" })
        .where(
          and(eq(members.customer, customer), eq(members.id, id), eq(members.state, "invited")),
        )
        .returning({ id: members.id });
      if (accepted.length !== 1) throw new InvitationGoneError();
    },
  };
}

/** What the contract suite needs to know of the tables. */
export function seeTables(
  pool: pg.Pool,
): Pick<StoresSubject, "vocabulary" | "seedUser" | "accessOf" | "countUsers"> {
  const db = drizzle(pool);
  return {
    vocabulary: {
      licensedRole: "member",
      liteRole: "lite",
      groups: ["staff", "lab"],
      organizations: ["berlin", "paris"],
    },
    seedUser: async (customer, { email, state, role }) => {
      const [row] = await db.insert(members).values({ customer, email, state, role }).returning();
      return String(row?.id);
    },
    accessOf: async (_customer, userId) => {
      const member = Number(userId);
      const [row] = await db.select().from(members).where(eq(members.id, member));
      if (row === undefined) return undefined;
      const inTeams = await db.select().from(teams).where(eq(teams.member, member));
      const atSites = await db.select().from(sites).where(eq(sites.member, member));
      return {
        role: row.role,
        groups: inTeams.map(({ team }) => team),
        organizations: row.everySite
          ? { kind: "all" }
          : { kind: "selected", ids: atSites.map(({ site }) => site) },
      };
    },
    countUsers: async (customer) => {
      const [row] = await db
        .select({ n: count() })
        .from(members)
        .where(eq(members.customer, customer));
      return row?.n ?? 0;
    },
  };
}
