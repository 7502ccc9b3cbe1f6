import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import Koa from "koa";
import { before, describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { LISTS } from "../support/host.ts";
import { type HostsFolder, hostsFolder } from "./support/folder.ts";
import { README_PACKAGES } from "./support/readme.ts";

describe("the packed package", () => {
  let folder: HostsFolder;
  before(async () => {
    folder = await hostsFolder(README_PACKAGES);
  });

  it("holds modules, their maps, types, and what people read; nothing else", () => {
    const kindOf = (path: string) =>
      path.replace(/^dist\/.*?((?:\.d)?\.(?:css|js|json|tsx?)(?:\.map)?)$/, "dist/**/*$1");
    const kinds = new Set(folder.packed.map(kindOf));
    expect([...kinds].sort()).to.deep.equal([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/**/*.css",
      "dist/**/*.d.ts",
      "dist/**/*.js",
      "dist/**/*.js.map",
      "dist/**/*.json",
      "package.json",
    ]);
  });

  it("maps every module to sources, which its map holds", () => {
    const maps = folder.packed.filter((path) => path.endsWith(".js.map"));
    expect(maps.length).to.be.above(3);
    for (const path of maps) {
      const { sources, sourcesContent } = JSON.parse(
        readFileSync(join(folder.path, "node_modules/koa-saml-jit", path), "utf8"),
      );
      expect(sourcesContent.filter((text: unknown) => typeof text === "string")).to.have.lengthOf(
        sources.length,
      );
    }
  });

  it("holds every type that an entry refers to, and no other", () => {
    const types = folder.packed.filter((path) => path.endsWith(".d.ts"));
    const referred = types.flatMap((path) => {
      const text = readFileSync(join(folder.path, "node_modules/koa-saml-jit", path), "utf8");
      return [...text.matchAll(/"(\.[^"\s]+)\.tsx?"/g)].map(([, to]) =>
        join(path, "..", `${to}.d.ts`),
      );
    });
    const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
    const entries = Object.values<{ types?: string }>(exports).flatMap(({ types: entry }) =>
      entry === undefined ? [] : [join(entry)],
    );
    expect(types).to.have.members([...new Set([...referred, ...entries])]);
  });

  it("offers the same entries to Node and to Deno", () => {
    const { bin, exports } = JSON.parse(readFileSync("package.json", "utf8"));
    const deno = JSON.parse(readFileSync("deno.json", "utf8"));
    const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
    expect(Object.keys(deno.exports)).to.have.members([...entries, "./cli"]);
    expect(bin).to.deep.equal({ "koa-saml-jit": "dist/dev-idp/cli.js" });
    expect(deno.exports["./cli"]).to.equal("./src/dev-idp/cli.ts");
    for (const entry of entries) {
      const built = exports[entry].default.replace("./dist/", "./src/").replace(/\.js$/, ".ts");
      expect(deno.exports[entry]).to.equal(built);
      expect(folder.packed).to.include(exports[entry].default.slice(2));
      expect(folder.packed).to.include(exports[entry].types.slice(2));
    }
  });

  it("finds the style and the script of its pages, and the description of its API", async () => {
    const entry = join(folder.path, "node_modules/koa-saml-jit/dist/mod.js");
    const packed: typeof import("../../src/mod.ts") = await import(pathToFileURL(entry).href);
    const app = new Koa({ keys: ["a key of the tests"] });
    const saml = packed.createSamlJit({
      baseUrl: "https://app.example",
      storage: "memory",
      catalog: makeMemoryCatalog(LISTS),
      requireAdmin: () => ({ id: "root" }),
      signIn: () => undefined,
    });
    const server = app.use(saml.routes()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const page = await (await fetch(`http://127.0.0.1:${port}/saml/settings/page`)).text();
    const assets = [...page.matchAll(/\/saml\/settings\/assets\/page-[\w-]+\.(?:css|js)/g)];
    expect(new Set(assets.map(([path]) => path)).size).to.equal(2);
    for (const [path] of assets) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).to.equal(200);
    }
    const api = await fetch(`http://127.0.0.1:${port}/saml/settings/openapi.json`);
    expect(await api.json()).to.have.nested.property("paths./settings.get");
    server.close();
  });

  it("has one version number", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(JSON.parse(readFileSync("deno.json", "utf8")).version).to.equal(version);
    expect(readFileSync("CHANGELOG.md", "utf8")).to.contain(`## ${version}`);
  });
});
