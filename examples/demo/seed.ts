import type { Knex } from "knex";
import { Group, Organization, Person } from "./models.ts";
import { ADMINISTRATOR } from "./roles.ts";

/** The demo's one administrator. */
export const ADMINISTRATOR_EMAIL = "admin@demo.example";

interface Seed {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly standing: string;
  readonly madeBy: string;
  readonly groups: readonly string[];
  readonly organizations: readonly string[];
}

/** One user in each state. Only the administrator takes a license. */
export const SEEDS: readonly Seed[] = [
  {
    email: ADMINISTRATOR_EMAIL,
    name: "Ada Administrator",
    role: ADMINISTRATOR,
    standing: "active",
    madeBy: "seed",
    groups: ["Staff"],
    organizations: ["Acme", "Globex", "Initech"],
  },
  {
    email: "active@demo.example",
    name: "Alex Active",
    role: "Lite",
    standing: "active",
    madeBy: "seed",
    groups: ["Guests"],
    organizations: ["Initech"],
  },
  {
    email: "invited@demo.example",
    name: "Ines Invited",
    role: "Lite",
    standing: "invited",
    madeBy: "invitation",
    groups: ["Guests"],
    organizations: ["Globex"],
  },
  {
    email: "suspended@demo.example",
    name: "Sam Suspended",
    role: "Editor",
    standing: "suspended",
    madeBy: "seed",
    groups: ["Staff"],
    organizations: ["Acme"],
  },
  {
    email: "deleted@demo.example",
    name: "Dana Deleted",
    role: "Manager",
    standing: "deleted",
    madeBy: "seed",
    groups: [],
    organizations: [],
  },
];

const GROUPS = ["Staff", "Guests", "Reviewers"];
const ORGANIZATIONS = ["Acme", "Globex", "Initech"];

/** Fills a fresh database; does nothing when there are people. */
export async function seed(knex: Knex): Promise<void> {
  await knex.transaction(async (trx) => {
    if ((await Person.query(trx).first()) !== undefined) return;
    await addNames(trx, { groups: GROUPS, organizations: ORGANIZATIONS });
    for (const { email, name, role, standing, madeBy, groups, organizations } of SEEDS) {
      const person = await Person.query(trx).insertAndFetch({
        login_email: email,
        display_name: name,
        role_name: role,
        standing,
        made_by: madeBy,
        made_at: new Date().toISOString(),
      });
      const id = person.person_id;
      for (const group of groups) await trx("demo_people_groups").insert({ person: id, group });
      for (const organization of organizations) {
        await trx("demo_people_organizations").insert({ person: id, organization });
      }
    }
  });
}

/** Adds the groups and organizations that are not there yet. */
export async function addNames(
  knex: Knex,
  names: { readonly groups: readonly string[]; readonly organizations: readonly string[] },
): Promise<void> {
  await insertMissing(knex, Group.tableName, names.groups);
  await insertMissing(knex, Organization.tableName, names.organizations);
}

async function insertMissing(knex: Knex, table: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 200) {
    const rows = ids.slice(from, from + 200).map((id) => ({ id }));
    await knex(table).insert(rows).onConflict("id").ignore();
  }
}
