/**
 * Runs a command with everything that the tests need around it: PostgreSQL, with and without
 * PgBouncer, MariaDB and a few programs of Debian's. What runs already is used; what is only installed is started as a
 * throw-away server on a free port and ended afterwards; what is missing is installed when this
 * runs as root on Debian, or named.
 *
 *     tsx scripts/with-services.ts [--galera] COMMAND [ARGUMENT…]
 *
 * `--galera` also starts two writable MariaDB nodes that are one database.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { missingInterpreters } from "./interop/interpreters.ts";
import { installPackages, missingPackages } from "./services/debian.ts";
import { startGalera } from "./services/galera.ts";
import { startMariaDb } from "./services/mariadb.ts";
import { startPgBouncer } from "./services/pgbouncer.ts";
import { startPostgres } from "./services/postgres.ts";
import { answers, type Service } from "./services/service.ts";

const given = process.argv.slice(2);
const withGalera = given[0] === "--galera";
const [command, ...args] = withGalera ? given.slice(1) : given;
if (command === undefined) {
  throw new Error("usage: with-services.ts [--galera] COMMAND [ARGUMENT…]");
}

// Before anything runs: apt-get does not run twice beside itself.
const missing = [...missingPackages(), ...missingInterpreters()];
if (missing.length > 0) installPackages(missing);

const started: Pick<Service, "stop">[] = [];
const environment: Record<string, string> = {};
try {
  if (process.env["TEST_POSTGRES_URL"] === undefined && !(await answers(5432))) {
    const postgres = await startPostgres();
    started.push(postgres);
    environment["TEST_POSTGRES_URL"] = postgres.url;
  }
  if (process.env["TEST_PGBOUNCER_URL"] === undefined) {
    const postgres =
      environment["TEST_POSTGRES_URL"] ??
      process.env["TEST_POSTGRES_URL"] ??
      "postgres://root@127.0.0.1:5432/test";
    const pgbouncer = await startPgBouncer(postgres);
    started.unshift(pgbouncer); // ends before the server that it is connected to
    environment["TEST_PGBOUNCER_URL"] = pgbouncer.url;
  }
  if (process.env["TEST_MYSQL_URL"] === undefined && !(await answers(3306))) {
    const mariadb = await startMariaDb();
    started.push(mariadb);
    environment["TEST_MYSQL_URL"] = mariadb.url;
  }
  if (withGalera && process.env["TEST_GALERA_URLS"] === undefined) {
    const galera = await startGalera();
    started.push(galera);
    environment["TEST_GALERA_URLS"] = galera.urls.join(" ");
  }
  process.exitCode = await run(command, args);
} finally {
  for (const service of started) await service.stop();
}

function run(program: string, parameters: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      stdio: "inherit",
      env: { ...process.env, ...environment },
    });
    // The child has the signal too (it is of the same group); servers are stopped after it.
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => child.kill(signal));
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
