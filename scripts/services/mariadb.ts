import { execFileSync } from "node:child_process";
import { dataFolder, freePort, isRoot, launch, type Service } from "./service.ts";

/** Starts a MariaDB of our own: user `root`, no password, database `test`. */
export async function startMariaDb(): Promise<Service> {
  const folder = await dataFolder("mariadb");
  const port = await freePort();
  const owner = isRoot() ? ["--user=mysql"] : [];
  if (isRoot()) execFileSync("chown", ["mysql", folder]);
  execFileSync(
    "mariadb-install-db",
    [
      "--no-defaults",
      ...owner,
      `--datadir=${folder}/data`,
      "--auth-root-authentication-method=normal",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const service = await launch(
    "/usr/sbin/mariadbd",
    [
      "--no-defaults",
      ...owner,
      `--datadir=${folder}/data`,
      `--socket=${folder}/mariadb.sock`,
      `--pid-file=${folder}/mariadb.pid`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
    ],
    { port, folder, url: `mysql://root@127.0.0.1:${port}/test` },
  );
  execFileSync(
    "mariadb",
    [
      "--no-defaults",
      "-h127.0.0.1",
      `-P${port}`,
      "-uroot",
      "-e",
      "CREATE DATABASE IF NOT EXISTS test",
    ],
    { stdio: "inherit" },
  );
  return service;
}
