import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const bundles = new Map<string, Promise<string>>();
let folder: string | undefined;

/**
 * What follows `process.execPath` to start a script in a process of its own, on the
 * runtime that this one is. On Node the script is bundled first: a test starts dozens of processes,
 * and each would spend most of its time on finding and compiling several hundred files.
 */
export async function childScript(script: URL): Promise<readonly string[]> {
  const path = fileURLToPath(script);
  if ("Deno" in globalThis) return ["run", "--no-prompt", "-A", path];
  const known = bundles.get(path) ?? bundle(path);
  bundles.set(path, known);
  return ["--enable-source-maps", await known];
}

async function bundle(path: string): Promise<string> {
  const outfile = join(bundleFolder(), `${bundles.size}.mjs`);
  await bundleScript(path, outfile);
  return outfile;
}

/** Bundles a script with the repository's files as `change` has them. Default: as they are. */
export async function bundleScript(
  path: string,
  outfile: string,
  change: (file: string, text: string) => string = (_, text) => text,
): Promise<void> {
  // Only here: Deno's permissions for the tests do not let it start esbuild.
  const { build } = await import("esbuild");
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    // In the repository, so that packages resolve from there.
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    jsx: "automatic",
    jsxImportSource: "preact",
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "modules-know-their-place",
        setup: (esbuild) => {
          esbuild.onLoad(
            { filter: /[/\\](?:examples|src|test)[/\\].*\.tsx?$/ },
            ({ path: file }) => ({
              contents: change(file, readFileSync(file, "utf8")).replaceAll(
                "import.meta.url",
                JSON.stringify(pathToFileURL(file).href),
              ),
              loader: file.endsWith("x") ? "tsx" : "ts",
            }),
          );
        },
      },
    ],
  });
}

function bundleFolder(): string {
  if (folder !== undefined) return folder;
  const base = join(ROOT, ".cache");
  mkdirSync(base, { recursive: true });
  const made = mkdtempSync(join(base, "children-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}
