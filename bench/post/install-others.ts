import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * Installs the other products, which the project itself does not need, from their own lock file;
 * does nothing when they are there. Takes some minutes, for one of them is compiled.
 */
export async function installOthers(): Promise<void> {
  const folder = fileURLToPath(new URL("others/", import.meta.url));
  if (existsSync(`${folder}node_modules/.package-lock.json`)) return;
  process.stderr.write("installing the other products: some minutes, once\n");
  const child = spawn("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}`);
}
