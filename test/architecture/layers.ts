import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** What dependency-cruiser says of a tree. */
export interface Cruise {
  /** Files with a violation. */
  readonly files: ReadonlySet<string>;
  /** How many modules it read: without its TypeScript parser it reads none and finds nothing. */
  readonly totalCruised: number;
}

/**
 * A copy of the configuration over other files, within the repository so that packages resolve.
 */
export function plantedTree(files: Readonly<Record<string, string>>): {
  readonly folder: string;
  remove(): void;
} {
  const base = join(ROOT, ".cache");
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, "planted-"));
  for (const name of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** What dependency-cruiser finds in the tree in `folder`. */
export function cruise(folder: string): Cruise {
  const { summary } = JSON.parse(
    run(folder, "dependency-cruiser/bin/dependency-cruise.mjs", ["src", "--output-type", "json"]),
  );
  const files = summary.violations.map(({ from }: { from: string }) => relative(".", from));
  return { files: new Set(files), totalCruised: summary.totalCruised };
}

function run(cwd: string, program: string, args: readonly string[]): string {
  const bin = join(ROOT, "node_modules", program);
  const { stdout, stderr } = spawnSync("node", [bin, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === "") throw new Error(stderr);
  return stdout;
}
