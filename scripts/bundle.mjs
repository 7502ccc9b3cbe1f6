/**
 * Makes the modules that are published: one for each entry, and what entries share in others beside
 * them. Node takes most of the time of importing several hundred small files for finding them.
 * Dependencies stay outside; types are the compiler's, of which those stay that an entry refers to.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const { bin, exports, engines } = JSON.parse(readFileSync("package.json", "utf8"));

await build({
  entryPoints: [
    ...Object.values(exports).flatMap(({ default: built }) => built ?? []),
    ...Object.values(bin),
  ].map((built) => built.replace(/^(?:\.\/)?dist\//, "src/").replace(/\.js$/, ".ts")),
  outbase: "src",
  outdir: "dist",
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: `node${engines.node.replace(">=", "")}`,
  charset: "utf8",
  sourcemap: true,
  logLevel: "warning",
});

// The modules that read them expect them beside themselves.
for (const name of ["page.css", "page.js"]) cpSync(`src/adapters/koa/page/${name}`, `dist/${name}`);
const openApi = JSON.parse(readFileSync("src/adapters/koa/openapi.json", "utf8"));
writeFileSync("dist/openapi.json", JSON.stringify(openApi));

const published = new Set();
function publish(declaration) {
  if (published.has(declaration)) return;
  published.add(declaration);
  for (const [, path] of readFileSync(declaration, "utf8").matchAll(/"(\.[^"\s]+)\.tsx?"/g)) {
    publish(join(dirname(declaration), `${path}.d.ts`));
  }
}
for (const { types } of Object.values(exports)) if (types !== undefined) publish(join(types));
for (const path of readdirSync("dist", { recursive: true })) {
  if (path.endsWith(".d.ts") && !published.has(join("dist", path))) rmSync(join("dist", path));
}
