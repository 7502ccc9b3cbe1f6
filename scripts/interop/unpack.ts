import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Debian packages whose files are used without being installed. */
export interface Unpacked {
  /** A folder of the project. */
  readonly cache: string;
  /** Name of the folder below it. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Runs once on the new folder. Default: nothing. */
  readonly prepare?: (folder: string) => void;
}

/**
 * Where the files of Debian packages are: downloaded once and unpacked into the project's own
 * cache. Installing them would start servers and write to /etc.
 */
export function unpackedPackages({ cache, name, packages, prepare = () => {} }: Unpacked): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  // Unpacked beside, then moved: two concurrent test runs find all of it or nothing.
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  try {
    // As root, apt downloads as another user.
    chmodSync(beside, 0o777);
    execFileSync("apt-get", ["download", "-qq", ...packages], {
      cwd: beside,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const archives = readdirSync(beside).filter((file) => file.endsWith(".deb"));
    if (archives.length !== packages.length) {
      throw new Error(`apt-get did not download all of ${packages.join(", ")}`);
    }
    for (const archive of archives) {
      execFileSync("dpkg-deb", ["-x", join(beside, archive), beside]);
      rmSync(join(beside, archive));
    }
    prepare(beside);
    if (!existsSync(folder)) renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}
