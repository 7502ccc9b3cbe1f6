/**
 * Keeps this release for the tests of the next one: a host with the plugin in one file, dependencies
 * outside. `npm run pack:release`, after publishing.
 */
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: ["test/upgrade/release-host.ts"],
  write: false,
  bundle: true,
  minify: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
});
const [bundle] = outputFiles;
if (bundle === undefined) throw new Error("nothing was bundled");
writeFileSync("test/upgrade/previous-release.mjs.gz", gzipSync(bundle.contents, { level: 9 }));
