/**
 * Makes the modules that are published: one for each entry, and what entries share in others beside
 * them. Node takes most of the time of importing several hundred small files for finding them.
 * Dependencies stay outside; types and their maps are the compiler's.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const { exports, engines } = JSON.parse(readFileSync("package.json", "utf8"));

await build({
  entryPoints: Object.values(exports).flatMap(({ default: built }) =>
    built === undefined ? [] : [built.replace("./dist/", "src/").replace(/\.js$/, ".ts")],
  ),
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
  sourcesContent: false,
  logLevel: "warning",
});

// The modules that read them expect them beside themselves.
for (const name of ["page.css", "page.js"]) cpSync(`src/adapters/koa/page/${name}`, `dist/${name}`);
const openApi = JSON.parse(readFileSync("src/adapters/koa/openapi.json", "utf8"));
writeFileSync("dist/openapi.json", JSON.stringify(openApi));
