import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { run } from "./run.ts";

/** A folder outside of the source tree's packages, in which the packed package is installed. */
export interface HostsFolder {
  readonly path: string;
  /** Every file of the tarball, as a path within the package. */
  readonly packed: readonly string[];
}

const FOLDER = resolve(".cache/packaging");
const SOURCES = "test/packaging/hosts";

/** What the hosts of the tests need besides what the README says: as the lock file has them. */
const ALSO = [
  "koa-2",
  "koa-passport",
  "koa-session",
  "objection",
  // examples/usual-stack.ts.
  "@types/escape-html",
  "@types/koa-csrf",
  "escape-html",
  "koa-body",
  "koa-csrf",
  "koa-helmet",
  "zod",
  "@types/koa-passport",
  // The recipes of examples/users.
  "@types/pg",
  "drizzle-orm",
  "pg",
  "sequelize",
];

let made: Promise<HostsFolder> | undefined;

/**
 * Packs the package and installs the tarball with npm, along with `packages`: once for all tests.
 * The versions are those of our lock file, so that npm asks the registry for nothing that `npm ci`
 * has not fetched already.
 */
export function hostsFolder(packages: readonly string[]): Promise<HostsFolder> {
  made ??= make([...packages, ...ALSO]);
  return made;
}

async function make(packages: readonly string[]): Promise<HostsFolder> {
  mkdirSync(FOLDER, { recursive: true });
  const report = await run("npm", ["pack", "--json", "--pack-destination", FOLDER], ".");
  const { filename, files } = packReport(report);
  prepare(packages);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // Compiling sqlite3 takes minutes: what `npm ci` has compiled for us stands in for it.
  const options = ["--prefer-offline", "--ignore-scripts", ...quiet];
  await run("npm", ["install", ...options, `./${filename}`], FOLDER);
  const binary = "node_modules/sqlite3/build/Release/node_sqlite3.node";
  mkdirSync(join(FOLDER, "node_modules/sqlite3/build/Release"), { recursive: true });
  copyFileSync(binary, join(FOLDER, binary));
  await compileHosts();
  return { path: FOLDER, packed: files };
}

/** Writes the manifest and the lock, unless an earlier run left the same ones installed. */
function prepare(packages: readonly string[]): void {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const dependencies: Record<string, string> = {};
  for (const name of packages) {
    const { version, resolved } = lock.packages[`node_modules/${name}`] ?? {};
    if (version === undefined) throw new Error(`package-lock.json has no ${name}`);
    const real = /\/((?:@[^/]+\/)?[^/]+)\/-\//.exec(resolved ?? "")?.[1] ?? name;
    dependencies[name] = real === name ? version : `npm:${real}@${version}`;
  }
  for (const [path, entry] of Object.entries<Record<string, unknown>>(lock.packages)) {
    if (path !== "") for (const flag of FLAGS) delete entry[flag];
  }
  const manifest = { name: "hosts", private: true, type: "module", dependencies };
  lock.name = manifest.name;
  lock.packages[""] = { name: manifest.name, dependencies };
  const text = JSON.stringify(lock);
  const stamp = createHash("sha256").update(text).digest("hex");
  const stampFile = join(FOLDER, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  rmSync(join(FOLDER, "node_modules"), { recursive: true, force: true });
  writeFileSync(join(FOLDER, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(FOLDER, "package-lock.json"), text);
  writeFileSync(stampFile, stamp);
}

/** What the lock says of packages that the root needs for itself alone. */
const FLAGS: readonly string[] = ["dev", "devOptional", "optional", "peer"];

/** The strictest compiler options, over the packages' own declarations too. */
export const STRICT: Readonly<Record<string, unknown>> = {
  target: "ES2023",
  module: "NodeNext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: false,
};

/** Type-checks the hosts and the API's types against the installed package, and compiles them for Node. */
async function compileHosts(): Promise<void> {
  const [source, out] = [join(FOLDER, "source"), join(FOLDER, "hosts")];
  for (const folder of [source, out]) rmSync(folder, { recursive: true, force: true });
  cpSync(SOURCES, source, { recursive: true });
  cpSync("test/types", join(source, "types"), { recursive: true });
  const config = {
    include: ["source"],
    compilerOptions: { ...STRICT, rootDir: "source", outDir: "hosts" },
  };
  writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(config));
  await run(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", "."], FOLDER);
  await compileRecipes();
  // The same hosts where `koa` is Koa 2; every other package is found one folder up.
  const koa2 = join(FOLDER, "koa-2");
  rmSync(koa2, { recursive: true, force: true });
  cpSync(out, join(koa2, "hosts"), { recursive: true });
  cpSync(join(FOLDER, "node_modules/koa-2"), join(koa2, "node_modules/koa"), { recursive: true });
}

/** The recipes, and the host of all of them; the platform with the usual stack. Drizzle's declarations name drivers that nobody has. */
async function compileRecipes(): Promise<void> {
  const [source, out] = [join(FOLDER, "recipes-source"), join(FOLDER, "recipes")];
  for (const folder of [source, out]) rmSync(folder, { recursive: true, force: true });
  for (const part of ["examples/users", "examples/usual-stack.ts", "test/packaging/recipes"]) {
    cpSync(part, join(source, part), { recursive: true });
  }
  const options = { ...STRICT, skipLibCheck: true, rootDir: source, outDir: out };
  const config = { include: [source], compilerOptions: options };
  const file = join(FOLDER, "tsconfig.recipes.json");
  writeFileSync(file, JSON.stringify(config));
  await run(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", file], FOLDER);
}

/** The programs among the hosts' sources, by name. */
export function hostNames(): readonly string[] {
  return readdirSync(SOURCES)
    .map((file) => file.replace(/\.ts$/, ""))
    .filter((name) => name !== "common");
}

function packReport(report: string): { filename: string; files: readonly string[] } {
  // npm's own JSON, after what the build may have said.
  const [packed] = JSON.parse(report.slice(report.indexOf("[\n")));
  return {
    filename: packed.filename,
    files: packed.files.map(({ path }: { path: string }) => path),
  };
}
