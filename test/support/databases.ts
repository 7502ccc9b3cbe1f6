import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import knexFactory, { type Knex } from "knex";

/** A throw-away database of one test file. */
export interface TestDatabase {
  readonly knex: Knex;
  /** How another process opens it; plain JSON. */
  readonly config: Knex.Config;
  /** The same on each node that takes writes: one, but for a cluster. */
  readonly nodes: readonly Knex.Config[];
  /** Closes the connections and removes the database. */
  drop(): Promise<void>;
}

/** A kind of database that the adapter must work on. */
export interface TestDatabaseKind<Name extends string = "SQLite" | "PostgreSQL" | "MariaDB"> {
  readonly name: Name;
  create(): Promise<TestDatabase>;
}

const POSTGRES_URL = process.env["TEST_POSTGRES_URL"] ?? "postgres://root@127.0.0.1:5432/test";
const PGBOUNCER_URL = process.env["TEST_PGBOUNCER_URL"] ?? "postgres://root@127.0.0.1:6432/test";
const MYSQL_URL = process.env["TEST_MYSQL_URL"] ?? "mysql://root@127.0.0.1:3306/test";
const POOL = { min: 0, max: 10 };

/** Every kind of database. */
export const DATABASES: readonly TestDatabaseKind[] = [
  { name: "SQLite", create: () => createSqlite() },
  { name: "PostgreSQL", create: () => createOnServer("pg", "PostgreSQL", POSTGRES_URL) },
  { name: "MariaDB", create: () => createOnServer("mysql2", "MariaDB", MYSQL_URL) },
];

/** SQLite as docs/OPERATIONS.md would have it. Whoever opens the file finds the journal that it has. */
export const SQLITE_WAL: TestDatabaseKind<"SQLite with WAL"> = {
  name: "SQLite with WAL",
  create: async () => {
    const database = await createSqlite();
    await database.knex.raw("PRAGMA journal_mode = WAL");
    return database;
  },
};

/** A pool in transaction mode before the server: no two transactions need be of one session. */
export const PGBOUNCER: TestDatabaseKind<"PgBouncer"> = {
  name: "PgBouncer",
  create: async () => {
    const direct = await createOnServer("pg", "PostgreSQL", POSTGRES_URL);
    const { pathname } = new URL(String(direct.config.connection));
    const config = { ...direct.config, connection: new URL(pathname, PGBOUNCER_URL).href };
    const knex = knexFactory(config);
    return {
      knex,
      config,
      nodes: [config],
      drop: async () => {
        await knex.destroy();
        await direct.knex.destroy();
        // PgBouncer keeps its connections.
        await onServer("pg", "PostgreSQL", POSTGRES_URL, (admin) =>
          admin.raw("DROP DATABASE ?? WITH (FORCE)", [pathname.slice(1)]),
        );
      },
    };
  },
};

/** Two MariaDB servers that are one database, both of which take writes; `knex` is the first. */
export const GALERA: TestDatabaseKind<"Galera"> = {
  name: "Galera",
  create: () => createOnNodes("mysql2", "Galera", urlsOf("TEST_GALERA_URLS")),
};

/** The same, where each node has applied what the others have committed before it reads. */
export const GALERA_IN_STEP: TestDatabaseKind<"Galera with wsrep_sync_wait"> = {
  name: "Galera with wsrep_sync_wait",
  create: async () => {
    const waitInNewSessions = (mask: number) =>
      Promise.all(
        urlsOf("TEST_GALERA_URLS").map((url) =>
          onServer("mysql2", "Galera", url, (admin) =>
            admin.raw(`SET GLOBAL wsrep_sync_wait = ${mask}`),
          ),
        ),
      );
    await waitInNewSessions(15);
    const database = await GALERA.create();
    return {
      ...database,
      drop: async () => {
        await database.drop();
        await waitInNewSessions(0);
      },
    };
  },
};

/** URLs between spaces. */
function urlsOf(variable: string): readonly string[] {
  const urls = (process.env[variable] ?? "").split(" ").filter((url) => url !== "");
  if (urls.length === 0) throw new Error(`${variable} must name servers, with spaces between them`);
  return urls;
}

/** @param client which driver opens the file. */
export async function createSqlite(
  client: Knex.Config["client"] = "sqlite3",
): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "koa-saml-jit-"));
  const config: Knex.Config = {
    client,
    connection: { filename: join(folder, "test.sqlite") },
    useNullAsDefault: true,
  };
  const knex = knexFactory(config);
  return {
    knex,
    config,
    nodes: [config],
    drop: async () => {
      await knex.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createOnServer(client: string, name: string, url: string): Promise<TestDatabase> {
  return createOnNodes(client, name, [url]);
}

/** A database that several servers take statements for. */
async function createOnNodes(
  client: string,
  name: string,
  urls: readonly string[],
): Promise<TestDatabase> {
  const [first = ""] = urls;
  const database = `koa_saml_jit_${randomBytes(6).toString("hex")}`;
  await onServer(client, name, first, (admin) => admin.raw("CREATE DATABASE ??", [database]));
  const nodes = urls.map((url): Knex.Config => {
    const own = new URL(url);
    own.pathname = `/${database}`;
    return { client, connection: own.href, pool: POOL };
  });
  const [config = {}] = nodes;
  const knex = knexFactory(config);
  return {
    knex,
    config,
    nodes,
    drop: async () => {
      await knex.destroy();
      await onServer(client, name, first, (admin) => admin.raw("DROP DATABASE ??", [database]));
    },
  };
}

async function onServer(
  client: string,
  name: string,
  url: string,
  work: (admin: Knex) => Promise<unknown>,
): Promise<void> {
  const admin = knexFactory({ client, connection: url, pool: { min: 0, max: 1 } });
  try {
    await work(admin);
  } catch (error) {
    const { host } = new URL(url);
    const how = "start it, or name another in TEST_POSTGRES_URL or TEST_MYSQL_URL";
    throw new Error(`These tests need ${name} at ${host}: ${how}`, { cause: error });
  } finally {
    await admin.destroy();
  }
}
