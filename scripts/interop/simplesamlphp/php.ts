import { spawnSync } from "node:child_process";
import { installPackages } from "../../services/debian.ts";

const EXTENSIONS = ["dom", "mbstring", "openssl", "pdo_sqlite"];
const PACKAGES = ["php-cli", "php-xml", "php-mbstring", "php-sqlite3"];

/** Makes sure that PHP's command is there, with what SimpleSAMLphp needs of it. */
export function installPhp(): void {
  if (!hasPhp()) installPackages(PACKAGES);
  if (!hasPhp()) throw new Error(`PHP lacks one of its extensions ${EXTENSIONS.join(", ")}`);
}

function hasPhp(): boolean {
  const { status, stdout } = spawnSync("php", ["-m"], { encoding: "utf8" });
  return status === 0 && EXTENSIONS.every((name) => stdout.toLowerCase().includes(name));
}
