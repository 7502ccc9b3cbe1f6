/**
 * Starts the demo host; installs the dependencies first when they are missing or out of date.
 * Plain JavaScript on Node's own modules: it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..");
const installed = join(root, "node_modules", ".package-lock.json");
const wanted = join(root, "package-lock.json");

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  run("npm", ["ci"]);
}
run(process.execPath, ["--import", "tsx", join("examples", "demo", "server.ts")]);

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  // Ctrl-C ends the demo, which is of the same process group; this script only passes the code on.
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
