/**
 * Installs the packed package and examples/strapi in `.cache/strapi`: half a gigabyte, some minutes. Its
 * packages are no dependencies of this project.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.ts";
import { STRAPI_FOLDER } from "./folder.ts";

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

mkdirSync(STRAPI_FOLDER, { recursive: true });
for (const part of ["config", "src", "package.json"])
  rmSync(join(STRAPI_FOLDER, part), { recursive: true, force: true });
cpSync("examples/strapi", STRAPI_FOLDER, { recursive: true });
const report = await run("npm", ["pack", "--json", "--pack-destination", STRAPI_FOLDER], ".");
const [{ filename }] = JSON.parse(report.slice(report.indexOf("[\n")));
const manifest = JSON.parse(readFileSync("examples/strapi/package.json", "utf8"));
manifest.dependencies["koa-saml-jit"] = `file:./${filename}`;
writeFileSync(join(STRAPI_FOLDER, "package.json"), JSON.stringify(manifest, undefined, 2));
// Without scripts: what packages compile or download there is not needed to serve.
await run("npm", ["install", "--prefer-offline", "--ignore-scripts", ...quiet], STRAPI_FOLDER);
