import { runContractsOn } from "../contracts/objection-stores.ts";
import { betterSqlite3 } from "../support/better-sqlite3.ts";
import { createSqlite } from "../support/databases.ts";

runContractsOn({
  name: "SQLite by better-sqlite3",
  create: async () => createSqlite(await betterSqlite3()),
});
