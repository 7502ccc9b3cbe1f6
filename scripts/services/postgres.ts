import { execFileSync } from "node:child_process";
import { postgresFolder } from "./debian.ts";
import { dataFolder, freePort, isRoot, launch, type Service } from "./service.ts";

/** Starts a PostgreSQL of our own: user `root`, no password, database `test`, durable as usual. */
export async function startPostgres(): Promise<Service> {
  const programs = postgresFolder();
  if (programs === undefined) throw new Error("PostgreSQL is not installed");
  const folder = await dataFolder("postgres");
  const port = await freePort();
  if (isRoot()) execFileSync("chown", ["postgres", folder]);
  // Replaces itself with the program, so that signals reach the server itself.
  const asOwner = isRoot()
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
    : [];
  const run = (
    program: string,
    ...args: readonly string[]
  ): readonly [string, readonly string[]] => {
    const [first = program, ...rest] = [...asOwner, `${programs}/${program}`, ...args];
    return [first, rest];
  };
  const [initdb, initdbArgs] = run(
    "initdb",
    "-D",
    folder,
    "-U",
    "root",
    "-A",
    "trust",
    "-E",
    "UTF8",
  );
  execFileSync(initdb, initdbArgs, { stdio: ["ignore", "ignore", "inherit"] });
  const [server, serverArgs] = run(
    "postgres",
    ...["-D", folder, "-p", `${port}`, "-k", folder, "-c", "listen_addresses=127.0.0.1"],
  );
  const url = `postgres://root@127.0.0.1:${port}/test`;
  const service = await launch(server, serverArgs, { port, folder, url, shutDownBy: "SIGINT" });
  const [createdb, createdbArgs] = run(
    "createdb",
    "-h",
    "127.0.0.1",
    "-p",
    `${port}`,
    "-U",
    "root",
    "test",
  );
  execFileSync(createdb, createdbArgs, { stdio: "inherit" });
  return service;
}
