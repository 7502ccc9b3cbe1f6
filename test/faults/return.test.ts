import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import type { HostProcess } from "../races/processes.ts";
import { openSettings, startHost } from "../support/host.ts";
import { keepArriving, RETURN_WITHIN_MS } from "./arrivals.ts";
import { type ServerJob, spawnServer } from "./server-process.ts";
import { SILENT } from "./silent.ts";

/** What happens to a server, and what ends it. */
interface Fault {
  readonly what: string;
  begin(server: HostProcess<ServerJob>, admin: Knex): Promise<unknown>;
  end(server: HostProcess<ServerJob>, admin: Knex): Promise<unknown>;
  /** Default: four browsers over a pool of four. */
  readonly browsers?: number;
  readonly pool?: number;
}

const KILLED: Fault = {
  what: "is killed",
  begin: (server) => server.run({ kind: "crash" }),
  end: (server) => server.run({ kind: "restart" }),
};
const FAULTS_OF_BOTH: readonly Fault[] = [
  KILLED,
  { ...KILLED, what: "is killed under a hundred browsers, a pool of two", browsers: 100, pool: 2 },
  {
    what: "is restarted",
    begin: (server) => server.run({ kind: "shut-down" }),
    end: (server) => server.run({ kind: "restart" }),
  },
];

/** Statements of both databases. */
const SERVERS = [
  {
    name: "PostgreSQL",
    client: "pg",
    /** Users are signed in by a role that is no superuser. */
    role: "CREATE ROLE host LOGIN",
    database: (name: string) => [`CREATE DATABASE ${name} OWNER host`],
    readOnly: (on: boolean) => [
      `ALTER SYSTEM SET default_transaction_read_only = ${on ? "on" : "off"}`,
      "SELECT pg_reload_conf()",
    ],
    full: [
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$`,
      `CREATE TRIGGER full_disk BEFORE INSERT ON saml_jit_ledger
        FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    ],
    empty: ["DROP FUNCTION full_disk CASCADE"],
  },
  {
    name: "MariaDB",
    client: "mysql2",
    role: "CREATE USER host@localhost",
    database: (name: string) => [
      `CREATE DATABASE ${name}`,
      `GRANT ALL ON ${name}.* TO host@localhost`,
    ],
    readOnly: (on: boolean) => [`SET GLOBAL read_only = ${on ? 1 : 0}`],
    full: [
      `CREATE TRIGGER full_disk BEFORE INSERT ON saml_jit_ledger FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'the table is full'`,
    ],
    empty: ["DROP TRIGGER full_disk"],
  },
] as const;

for (const { name, client, role, database, readOnly, full, empty } of SERVERS) {
  const all = (statements: readonly string[]) => async (_: unknown, admin: Knex) => {
    for (const statement of statements) await admin.raw(statement);
  };
  const faults: readonly Fault[] = [
    ...FAULTS_OF_BOTH,
    {
      what: "takes no writes, as after a fail-over to a standby",
      begin: all(readOnly(true)),
      end: all(readOnly(false)),
    },
    { what: "says that its disk is full", begin: all(full), end: all(empty) },
  ];
  describe(`${name}, while people sign in`, () => {
    let server: HostProcess<ServerJob>;
    let url: string;
    before(async () => {
      server = spawnServer(name);
      url = String(await server.run({ kind: "open" }));
      const root = open(url, "root", "test", 1);
      await root.raw(role);
      await root.destroy();
    });
    after(() => server.end());

    function open(from: string, user: string, of: string, max: number): Knex {
      const connection = new URL(from);
      connection.username = user;
      connection.pathname = `/${of}`;
      return knexFactory({
        client,
        connection: connection.href,
        pool: { min: 0, max },
        acquireConnectionTimeout: 2000,
        log: SILENT,
      });
    }

    for (const [index, { what, begin, end, browsers = 4, pool = 4 }] of faults.entries()) {
      it(`${what}: 503 and Retry-After, then in again within seconds, nothing lost`, async () => {
        const own = `fault${index}`;
        const root = open(url, "root", "test", 1);
        for (const statement of database(own)) await root.raw(statement);
        const admin = open(url, "root", own, 1);
        const knex = open(url, "host", own, pool);
        const host = await startHost({ knex });
        try {
          await host.saml.migrate();
          await host.saml.saveSettings("default", openSettings(host), "set-up");
          const arrivals = keepArriving(host, browsers);
          try {
            await arrivals.until(303, 10);
            await begin(server, admin);
            await arrivals.until(503, 10);
            await end(server, admin);
            await answering(admin);
            const returned = performance.now();
            await arrivals.until(303, 1);
            expect(performance.now() - returned).to.be.lessThan(RETURN_WITHIN_MS);
            await arrivals.until(303, 10);
          } finally {
            await arrivals.stop();
          }
          for (const { status, retryAfter } of arrivals.answered) {
            if (status === 503) expect(retryAfter).to.be.within(1, 60);
          }
          expect(await host.saml.checkIntegrity()).to.deep.equal([]);
          const users = await knex("saml_jit_users").pluck("email");
          const entered = arrivals.answered.filter(({ status }) => status === 303);
          expect(users).to.include.members(entered.map(({ email }) => email));
        } finally {
          await host.stop();
          for (const opened of [knex, admin, root]) await opened.destroy();
        }
      });
    }
  });
}

/** After a crash a server listens before it has recovered, and refuses until then. */
async function answering(knex: Knex): Promise<void> {
  for (;;) {
    try {
      await knex.raw("SELECT 1");
      return;
    } catch {}
  }
}
