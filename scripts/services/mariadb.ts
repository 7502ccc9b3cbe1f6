import { execFileSync } from "node:child_process";
import process from "node:process";
import { dataFolder, freePort, isRoot, launch, type Service } from "./service.ts";

/** Who the server runs as: it refuses to run as root. */
const owner = (): readonly string[] => (isRoot() ? ["--user=mysql"] : []);

/** Makes the tables of a server in `folder/data`; its temporary files are in `folder`. */
export function installTables(folder: string): void {
  execFileSync(
    "mariadb-install-db",
    [
      "--no-defaults",
      ...owner(),
      `--datadir=${folder}/data`,
      "--auth-root-authentication-method=normal",
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, TMPDIR: folder },
    },
  );
}

/** Starts a server over `folder/data` on loopback, with the options of its kind. */
export async function launchServer(
  folder: string,
  options: readonly string[] = [],
): Promise<Service> {
  const port = await freePort();
  return launch(
    "/usr/sbin/mariadbd",
    [
      "--no-defaults",
      ...owner(),
      `--datadir=${folder}/data`,
      // A server that starts deletes the temporary tables of all that share its folder for them:
      // those of another one that runs, which crashes.
      `--tmpdir=${folder}`,
      `--socket=${folder}/mariadb.sock`,
      `--pid-file=${folder}/mariadb.pid`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      ...options,
    ],
    { port, folder, url: `mysql://root@127.0.0.1:${port}/test` },
  );
}

/** Starts a MariaDB of our own: user `root`, no password, database `test`. */
export async function startMariaDb(): Promise<Service> {
  const folder = await dataFolder("mariadb");
  if (isRoot()) execFileSync("chown", ["mysql", folder]);
  installTables(folder);
  const service = await launchServer(folder);
  execFileSync(
    "mariadb",
    [
      "--no-defaults",
      `--socket=${folder}/mariadb.sock`,
      "-uroot",
      "-e",
      "CREATE DATABASE IF NOT EXISTS test",
    ],
    { stdio: "inherit" },
  );
  return service;
}
