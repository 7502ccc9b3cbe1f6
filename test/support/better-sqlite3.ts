import { createRequire } from "node:module";
import type { Knex } from "knex";
import { installOthers } from "../../bench/post/install-others.ts";

const ofProject = createRequire(import.meta.url);
const ofOthers = createRequire(new URL("../../bench/post/others/package.json", import.meta.url));

/**
 * Knex's client of better-sqlite3, over a driver that the project does not install: it is compiled,
 * for one release of Node. It comes with what the benchmarks compare with.
 */
export async function betterSqlite3(): Promise<typeof Knex.Client> {
  await installOthers();
  const Client: typeof Knex.Client = ofProject("knex/lib/dialects/better-sqlite3/index.js");
  class OverOthers extends Client {}
  Object.assign(OverOthers.prototype, { _driver: () => ofOthers("better-sqlite3") });
  return OverOthers;
}
