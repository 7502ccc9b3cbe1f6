import { execFile } from "node:child_process";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What is there because of the plugin. */
export interface Installed {
  readonly packages: number;
  readonly megabytes: number;
}

/** Packages that a host has anyway. */
const HOSTS_OWN = ["koa", "knex", "@types/koa"];

/** Counts the packages that production installs, each without what is nested in it. */
export async function installedPackages(): Promise<Installed> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { stdout } = await promisify(execFile)(
    "npm",
    ["ls", "--omit=dev", "--omit=peer", "--omit=optional", "--all", "--parseable"],
    { cwd: root },
  );
  const [, ...folders] = stdout.trim().split("\n");
  const counted = folders.filter((folder) => !HOSTS_OWN.some((own) => folder.endsWith(`/${own}`)));
  const sizes = await Promise.all(counted.map(sizeOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { packages: counted.length, megabytes: bytes / 2 ** 20 };
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) size += (await lstat(path)).size;
    else if (entry.isDirectory() && entry.name !== "node_modules") size += await sizeOf(path);
  }
  return size;
}
