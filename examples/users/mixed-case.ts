/**
 * A platform that has kept addresses as people typed them. A column of normalized addresses is added
 * and filled; users whose addresses collide are reported and must be settled by a person first.
 */
import type { Knex } from "knex";
import { type HostUsers, parseEmailAddress } from "koa-saml-jit";
import { Model } from "objection";

/** What {@link backfill} did. */
export interface BackfillReport {
  readonly filled: number;
  /** IDs of users whose addresses are none. They cannot sign in by SAML. */
  readonly invalid: readonly number[];
  /** IDs of users who have the same address once it is normalized. */
  readonly collisions: readonly (readonly number[])[];
}

/** Adds the column, in a migration of the platform. The unique key follows when it is filled. */
export async function addColumn(knex: Knex): Promise<void> {
  await knex.schema.alterTable("customers", (table) => {
    table.specificType("email_key", 'varchar(254) COLLATE "C"');
  });
}

/** Fills the column. Can be repeated: run it until it reports no collisions. */
export async function backfill(knex: Knex): Promise<BackfillReport> {
  const holders = new Map<string, number[]>();
  const invalid: number[] = [];
  for (let last = 0; ; ) {
    const page = await knex("customers").where("id", ">", last).orderBy("id").limit(1000);
    for (const { id, email } of page) {
      const parsed = parseEmailAddress(String(email).trim());
      if (!parsed.ok) invalid.push(id);
      else holders.set(parsed.address, [...(holders.get(parsed.address) ?? []), id]);
    }
    last = page.at(-1)?.id ?? last;
    if (page.length < 1000) break;
  }
  let filled = 0;
  const collisions: number[][] = [];
  for (const [address, ids] of holders) {
    if (ids.length > 1) collisions.push(ids);
    else filled += await knex("customers").whereIn("id", ids).update({ email_key: address });
  }
  return { filled, invalid, collisions };
}

/**
 * The last step. A user without a key would be unknown to single sign-on, and be created again.
 *
 * @throws Error while there are collisions.
 */
export async function addKey(knex: Knex, { collisions }: BackfillReport): Promise<void> {
  if (collisions.length > 0) throw new Error(`settle these users first: ${collisions.join("; ")}`);
  await knex.schema.alterTable("customers", (table) => table.unique(["email_key"]));
}

/** Keeps the column in step wherever the platform writes users through the model. */
class Customer extends Model {
  static override tableName = "customers";
  declare email?: string;
  declare email_key?: string | null;

  override $beforeInsert(): void {
    this.#normalize();
  }

  override $beforeUpdate(): void {
    this.#normalize();
  }

  #normalize(): void {
    if (this.email === undefined) return;
    const parsed = parseEmailAddress(this.email.trim());
    this.email_key = parsed.ok ? parsed.address : null;
  }
}

/** The option `hostUsers`. */
export const hostUsers: HostUsers = {
  model: Customer,
  columns: {
    id: { name: "id", type: "integer" },
    email: "email_key",
    role: { name: "role", type: "text" },
  },
  state: { kind: "column", column: "state", values: { active: ["active"], deleted: ["gone"] } },
  groups: { table: "customer_groups", user: "customer", granted: { name: "name", type: "text" } },
  organizations: {
    table: "customer_sites",
    user: "customer",
    granted: { name: "name", type: "text" },
  },
  newRow: ({ email }) => ({ email }),
};

/** The tables as they were before. */
export async function createTables(knex: Knex): Promise<void> {
  await knex.schema.createTable("customers", (table) => {
    table.increments("id");
    table.string("email").notNullable().unique();
    table.string("role", 64).notNullable();
    table.string("state", 16).notNullable().defaultTo("active");
  });
  for (const name of ["customer_groups", "customer_sites"]) {
    await knex.schema.createTable(name, (table) => {
      table.integer("customer").notNullable().references("customers.id");
      table.string("name", 64).notNullable();
    });
  }
}
