import { readFile } from "node:fs/promises";
import process from "node:process";
import knexFactory from "knex";
import { z } from "zod";
import { DATABASES } from "../../test/support/databases.ts";

const Manifest = z.object({ version: z.string() });
const Answer = z.record(z.string(), z.string());

/** Packages whose versions explain figures, ours and those of the others. */
const PACKAGES = [
  "saml2-js",
  "koa",
  "knex",
  "objection",
  "sqlite3",
  "pg",
  "@node-saml/node-saml",
  "samlify",
];
const OTHERS = [
  "@node-saml/passport-saml",
  "better-auth",
  "@better-auth/sso",
  "@boxyhq/saml-jackson",
];

/** The versions of all that is measured. */
export async function versions(): Promise<readonly (readonly [string, string])[]> {
  const modules = new URL("../../node_modules/", import.meta.url);
  const others = new URL("../post/others/node_modules/", import.meta.url);
  return [
    ["Node", process.version],
    ...(await Promise.all(PACKAGES.map((name) => versionOf(name, modules)))),
    ...(await Promise.all(OTHERS.map((name) => versionOf(name, others)))),
    ...(await databaseVersions()),
  ];
}

async function versionOf(name: string, modules: URL): Promise<readonly [string, string]> {
  const text = await readFile(new URL(`${name}/package.json`, modules), "utf8");
  return [name, Manifest.parse(JSON.parse(text)).version];
}

const QUESTIONS = {
  SQLite: "SELECT sqlite_version() AS version",
  PostgreSQL: "SHOW server_version",
};

async function databaseVersions(): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const kind of DATABASES) {
    if (kind.name === "MariaDB") continue;
    const database = await kind.create();
    const knex = knexFactory(database.config);
    const answer: unknown = await knex.raw(QUESTIONS[kind.name]);
    await knex.destroy();
    await database.drop();
    const rows = z.union([z.array(Answer), z.object({ rows: z.array(Answer) })]).parse(answer);
    const [row] = Array.isArray(rows) ? rows : rows.rows;
    found.push([kind.name, Object.values(row ?? {}).join()]);
  }
  return found;
}
