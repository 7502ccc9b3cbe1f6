import { chmod, writeFile } from "node:fs/promises";
import { dataFolder, freePort, isRoot, launch, type Service } from "./service.ts";

/**
 * Starts a PgBouncer of our own before a PostgreSQL, in transaction mode: between two transactions
 * a client may change the server's connection.
 */
export async function startPgBouncer(postgres: string): Promise<Service> {
  const { hostname, port: upstream, username } = new URL(postgres);
  const folder = await dataFolder("pgbouncer");
  const port = await freePort();
  const file = `${folder}/pgbouncer.ini`;
  await writeFile(
    file,
    [
      "[databases]",
      `* = host=${hostname} port=${upstream || 5432} user=${username}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${port}`,
      "unix_socket_dir =",
      "auth_type = any",
      "pool_mode = transaction",
      "max_client_conn = 500",
      // Fewer than the clients of a test: they share.
      "default_pool_size = 8",
    ].join("\n"),
  );
  await chmod(folder, 0o755); // it reads the file as another user
  const asOwner = isRoot() ? ["-u", "postgres"] : [];
  const url = `postgres://${username}@127.0.0.1:${port}/test`;
  return launch("/usr/sbin/pgbouncer", [...asOwner, "-q", file], { port, folder, url });
}
