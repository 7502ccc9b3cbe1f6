import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type HostProcess, talkTo } from "../races/processes.ts";

/** What a test does to its database server. */
export type ServerJob =
  /** Answers with the server's URL. */
  | { readonly kind: "open" }
  /** `kill -9`. */
  | { readonly kind: "crash" }
  | { readonly kind: "shut-down" }
  | { readonly kind: "restart" };

/**
 * Starts a server of this test's own. Always by Node: it needs to start programs of the machine,
 * which the tests themselves, on Deno, may not.
 */
export function spawnServer(name: "PostgreSQL" | "MariaDB"): HostProcess<ServerJob> {
  const script = fileURLToPath(new URL("./database-server.ts", import.meta.url));
  const { TMPDIR: _, ...env } = process.env; // the server's own user must get at its files
  const args = ["--import", "tsx", script, name];
  return talkTo(spawn("node", args, { stdio: ["pipe", "pipe", "inherit"], env }));
}
