import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { type Cruise, cruise, plantedTree, ROOT } from "./layers.ts";

/** One forbidden import each: the file that has it, and what it imports. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  "src/domain/knows-node.ts": "node:crypto",
  "src/domain/knows-npm.ts": "zod",
  "src/domain/knows-scoped-npm.ts": "@koa/router",
  "src/domain/knows-ports.ts": "../ports/clean.ts",
  "src/domain/knows-application.ts": "../application/clean.ts",
  "src/domain/knows-adapters.ts": "../adapters/koa/clean.ts",
  "src/ports/knows-node.ts": "node:fs",
  "src/ports/knows-npm.ts": "knex",
  "src/ports/knows-application.ts": "../application/clean.ts",
  "src/ports/knows-adapters.ts": "../adapters/memory/clean.ts",
  "src/application/knows-node.ts": "node:crypto",
  "src/application/knows-npm.ts": "zod",
  "src/application/knows-adapters.ts": "../adapters/objection/clean.ts",
  "src/application/knows-plugin.ts": "../plugin.ts",
  "src/adapters/koa/knows-another.ts": "../objection/clean.ts",
  "src/adapters/koa/pages/knows-another.ts": "../../saml2-js/clean.ts",
  "src/adapters/saml2-js/knows-awilix.ts": "awilix",
  "src/adapters/objection/knows-plugin.ts": "../../plugin.ts",
  "src/adapters/objection/knows-testing.ts": "../../testing/clean.ts",
  "src/adapters/memory/knows-npm.ts": "zod",
  "src/testing/knows-npm.ts": "saml2-js",
  "src/testing/knows-application.ts": "../application/clean.ts",
  "src/testing/knows-an-adapter.ts": "../adapters/koa/clean.ts",
  "src/testing/contracts/knows-npm.ts": "chai",
  "src/testing/contracts/knows-an-adapter.ts": "../../adapters/koa/clean.ts",
  "src/domain/texts/knows-application.ts": "../../application/clean.ts",
  "src/application/sign-in/knows-npm.ts": "zod",
  "src/application/sign-in/knows-composition.ts": "../../plugin/options.ts",
  "src/adapters/host/knows-another.ts": "../koa/clean.ts",
  "src/adapters/settings-document/knows-another.ts": "../objection/clean.ts",
  "src/adapters/koa/settings/knows-another.ts": "../../host/clean.ts",
  "src/adapters/koa/knows-composition.ts": "../../plugin/options.ts",
  "src/adapters/system/knows-koa.ts": "@koa/router",
  "src/adapters/koa/knows-the-program.ts": "../../dev-idp/clean.ts",
  "src/testing/knows-the-program.ts": "../dev-idp/clean.ts",
  "src/adapters/saml2-js/response/knows-saml2-js.ts": "saml2-js",
  "src/adapters/saml2-js/response/knows-xmlbuilder2.ts": "xmlbuilder2",
  "src/adapters/saml2-js/response/knows-xmldom.ts": "@xmldom/xmldom",
  "src/plugin/options.ts": "awilix",
  "src/mod.ts": "awilix",
  "src/adapters/koa/knows-database.ts": "knex",
  "src/adapters/objection/knows-saml.ts": "saml2-js",
  "src/adapters/saml2-js/knows-dev-dependency.ts": "chai",
  "src/adapters/koa/catalog/knows-a-store.ts": "../../../ports/clean.ts",
  "src/adapters/koa/knows-build-time.ts": "../../../openapi/clean.ts",
  "src/adapters/koa/knows-scripts.ts": "../../../scripts/clean.ts",
  "src/testing/knows-tests.ts": "../../test/clean.ts",
  "src/adapters/koa/goes-round-one.ts": "./goes-round-two.ts",
  "src/adapters/koa/goes-nowhere.ts": "./does-not-exist.ts",
};

/** Imports that must pass. */
const ALLOWED: Readonly<Record<string, string>> = {
  "src/domain/clean.ts": "./other.ts",
  "src/domain/clean-too.ts": "tr46",
  "src/ports/clean.ts": "../domain/other.ts",
  "src/application/clean.ts": "../ports/clean.ts",
  "src/adapters/memory/clean.ts": "node:crypto",
  "src/adapters/koa/clean.ts": "@koa/router",
  "src/adapters/koa/pages/clean.ts": "../clean.ts",
  "src/adapters/koa/pages/clean-too.ts": "../../../application/clean.ts",
  "src/adapters/koa/pages/clean-errors.ts": "../../../ports/errors.ts",
  "src/adapters/objection/clean.ts": "knex",
  "src/adapters/saml2-js/clean.ts": "saxes",
  "src/adapters/saml2-js/second-reading/clean.ts": "saml2-js",
  "src/adapters/saml2-js/second-reading/clean-too.ts": "../clean.ts",
  "src/adapters/settings-document/clean.ts": "zod",
  "src/adapters/opentelemetry/clean.ts": "@opentelemetry/api",
  "src/testing/clean.ts": "node:crypto",
  "src/testing/clean-too.ts": "../adapters/memory/clean.ts",
  "src/testing/contracts/clean.ts": "../clean.ts",
  "src/testing/contracts/clean-too.ts": "../../adapters/memory/clean.ts",
  "src/plugin.ts": "./plugin/registry.ts",
  "src/plugin/registry.ts": "awilix",
  "src/dev-idp/clean.ts": "../testing/clean.ts",
  "src/dev-idp/clean-too.ts": "../adapters/saml2-js/clean.ts",
};

const PLAIN: Readonly<Record<string, string>> = {
  "openapi/clean.ts": "export const clean = 1;\n",
  "scripts/clean.ts": "export const clean = 1;\n",
  "test/clean.ts": "export const clean = 1;\n",
  "src/ports/errors.ts": "export const other = 1;\n",
  "src/domain/other.ts": "export const other = 1;\n",
  "src/adapters/koa/goes-round-two.ts": 'import "./goes-round-one.ts";\n',
};

describe("the layer rule", () => {
  let tree: ReturnType<typeof plantedTree>;
  let found: Cruise;

  before(() => {
    const imports = { ...FORBIDDEN, ...ALLOWED };
    const files = Object.entries(imports).map(([path, to]) => [path, `import "${to}";\n`]);
    tree = plantedTree({ ...Object.fromEntries(files), ...PLAIN });
    found = cruise(tree.folder);
  });

  after(() => tree.remove());

  for (const [path, to] of Object.entries(FORBIDDEN)) {
    it(`refuses ${to} in ${path}`, () => expect([...found.files]).to.include(path));
  }

  for (const [path, to] of Object.entries(ALLOWED)) {
    it(`allows ${to} in ${path}`, () => expect([...found.files]).not.to.include(path));
  }
});

describe("this package's own source", () => {
  it("names no port that does something in what speaks HTTP", () => {
    const files = readdirSync("src/adapters/koa", { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) => /\bIdentityPort\b/.test(readFileSync(`src/adapters/koa/${name}`, "utf8")));
    expect(files).to.deep.equal([]);
  });

  it("keeps the layer rule, and all of it is read", () => {
    const { files, totalCruised } = cruise(ROOT);
    expect([...files]).to.deep.equal([]);
    expect(totalCruised).to.be.greaterThan(50);
  });
});
