import type { Knex } from "knex";
import { type HostUsers, parseEmailAddress } from "../../src/mod.ts";
import { Organization, Person } from "./models.ts";
import { ADMINISTRATOR } from "./roles.ts";
import { ADMINISTRATOR_EMAIL } from "./seed.ts";

/** A user as the pages and `/whoami` show them. */
export interface DemoUser {
  readonly id: number;
  readonly email: string;
  readonly name?: string;
  readonly role: string;
  readonly state: string;
  readonly createdBy: string;
  /** By name. */
  readonly groups: readonly string[];
  /** By name; with access to all, every one that there is now. */
  readonly organizations: readonly string[];
  /** Whether the user sees every organization, also future ones. */
  readonly allOrganizations: boolean;
}

/** The demo's users. */
export interface People {
  /** The user, if they may use the demo: invited, suspended and deleted ones may not. */
  activeById(id: number): Promise<DemoUser | undefined>;
  /** The same by address, in any case. */
  activeByEmail(email: string): Promise<DemoUser | undefined>;
  administrator(): Promise<DemoUser | undefined>;
  everybody(): Promise<readonly DemoUser[]>;
}

/** The users in the demo's database. */
export function makePeople({ knex }: { readonly knex: Knex }): People {
  const people = () => Person.query(knex).withGraphFetched("[groups, organizations]");

  async function shown(rows: readonly Person[]): Promise<readonly DemoUser[]> {
    const all = rows.some(seesEverything) ? await Organization.query(knex) : [];
    return rows.map((row) => demoUser(row, all));
  }

  async function activeOne(
    where: Readonly<Record<string, unknown>>,
  ): Promise<DemoUser | undefined> {
    const [found] = await shown(await people().where(where).where("standing", "active"));
    return found;
  }

  return {
    activeById: (id) => activeOne({ person_id: id }),
    activeByEmail: async (email) => {
      const parsed = parseEmailAddress(email);
      return parsed.ok ? activeOne({ login_email: parsed.address }) : undefined;
    },
    administrator: () => activeOne({ login_email: ADMINISTRATOR_EMAIL, role_name: ADMINISTRATOR }),
    everybody: async () => shown(await people().orderBy("person_id")),
  };
}

/** How the plugin finds its way in the demo's tables. */
export const HOST_USERS: HostUsers = {
  model: Person,
  columns: {
    id: { name: "person_id", type: "integer" },
    email: "login_email",
    role: { name: "role_name", type: "text" },
    displayName: "display_name",
  },
  state: {
    kind: "column",
    column: "standing",
    values: {
      active: ["active"],
      invited: ["invited"],
      suspended: ["suspended"],
      deleted: ["deleted"],
    },
  },
  groups: {
    table: "demo_people_groups",
    user: "person",
    granted: { name: "group", type: "text" },
  },
  organizations: {
    table: "demo_people_organizations",
    user: "person",
    granted: { name: "organization", type: "text" },
  },
  allOrganizations: { column: "sees_everything", value: true },
  createdBy: { column: "made_by", value: "saml-jit" },
  newRow: () => ({ made_at: new Date().toISOString() }),
};

function demoUser(row: Person, everything: readonly Organization[]): DemoUser {
  const allOrganizations = seesEverything(row);
  return {
    id: row.person_id,
    email: row.login_email,
    ...(row.display_name === null ? {} : { name: row.display_name }),
    role: row.role_name,
    state: row.standing,
    createdBy: row.made_by,
    groups: sortedNames(row.groups ?? []),
    organizations: sortedNames(allOrganizations ? everything : (row.organizations ?? [])),
    allOrganizations,
  };
}

function seesEverything({ sees_everything }: Person): boolean {
  return Boolean(sees_everything);
}

function sortedNames(named: readonly { readonly id: string }[]): readonly string[] {
  return named.map(({ id }) => id).sort((one, other) => one.localeCompare(other, "en"));
}
