import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { isRoot } from "./service.ts";

/** Files that the tests use, and the Debian packages that have them. */
const FILES: readonly (readonly [file: string, debianPackage: string])[] = [
  ["/usr/bin/curl", "curl"],
  ["/usr/bin/xmlsec1", "xmlsec1"],
  ["/usr/bin/xmllint", "libxml2-utils"],
  ["/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd", "opensaml-schemas"],
  ["/usr/share/xml/xmltooling/xmldsig-core-schema.xsd", "xmltooling-schemas"],
  ["/usr/bin/chromium", "chromium"],
  ["/usr/sbin/mariadbd", "mariadb-server"],
  ["/usr/lib/galera/libgalera_smm.so", "galera-4"],
  ["/usr/sbin/pgbouncer", "pgbouncer"],
  ["/usr/bin/rsync", "rsync"],
  ["/usr/bin/socat", "socat"],
];

/** Debian packages that the tests need and this machine lacks. */
export function missingPackages(): readonly string[] {
  const missing = FILES.flatMap(([file, name]) => (existsSync(file) ? [] : [name]));
  return postgresFolder() === undefined ? [...missing, "postgresql"] : missing;
}

/** Installs Debian packages, or throws with what somebody with more rights has to install. */
export function installPackages(names: readonly string[]): void {
  if (!isRoot() || !existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `The tests need programs that are not there. On Debian: apt-get install ${names.join(" ")}`,
    );
  }
  process.stderr.write(`Installing ${names.join(", ")} …\n`);
  aptGet("update", "-qq");
  aptGet("install", "-y", "-qq", "--no-install-recommends", ...names);
}

/** Where the newest PostgreSQL of this machine has its programs. */
export function postgresFolder(): string | undefined {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base)
    ? readdirSync(base)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  return versions
    .map((version) => `${base}/${version}/bin`)
    .find((folder) => existsSync(`${folder}/initdb`));
}

function aptGet(...args: readonly string[]): void {
  execFileSync("apt-get", args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
