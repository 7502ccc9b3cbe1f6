import type { Knex } from "knex";

const TABLE = "demo_state";

/** Small facts that outlive a restart: keys, and which environment was applied last. */
export interface DemoState {
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
  /** The value of `name`, created and stored if missing; the same for concurrent calls. */
  keep(name: string, make: () => Promise<string>): Promise<string>;
}

/** The state in the demo's database. */
export function makeDemoState({ knex }: { readonly knex: Knex }): DemoState {
  async function read(name: string): Promise<string | undefined> {
    const row: unknown = await knex(TABLE).where({ name }).first("value");
    const value: unknown = typeof row === "object" && row !== null && Reflect.get(row, "value");
    return typeof value === "string" ? value : undefined;
  }
  return {
    read,
    async write(name, value) {
      await knex(TABLE).insert({ name, value }).onConflict("name").merge();
    },
    async keep(name, make) {
      const known = await read(name);
      if (known !== undefined) return known;
      const made = await make();
      await knex(TABLE).insert({ name, value: made }).onConflict("name").ignore();
      return (await read(name)) ?? made;
    },
  };
}
