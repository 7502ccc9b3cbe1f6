import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/**
 * Where SimpleSAMLphp's files are: Debian's package, downloaded once and unpacked into the
 * project's own cache. Installing it would start a web server and write to /etc.
 *
 * @param cache a folder of the project.
 */
export function unpackedSimpleSamlPhp(cache: string): string {
  const folder = join(cache, "simplesamlphp");
  const application = join(folder, "usr/share/simplesamlphp");
  if (existsSync(application)) return application;
  // Unpacked beside, then moved: two test runs at once find all of it or nothing.
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  try {
    // As root, apt downloads as another user.
    chmodSync(beside, 0o777);
    const apt = (...args: readonly string[]): void => {
      execFileSync("apt-get", args, { cwd: beside, stdio: ["ignore", "ignore", "inherit"] });
    };
    apt("download", "-qq", "simplesamlphp");
    const [archive] = readdirSync(beside).filter((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error("apt-get downloaded no simplesamlphp");
    execFileSync("dpkg-deb", ["-x", join(beside, archive), beside]);
    rmSync(join(beside, archive));
    rmSync(join(beside, "usr/share/simplesamlphp/modules/exampleauth/default-disable"), {
      force: true,
    });
    if (!existsSync(application)) renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return application;
}
