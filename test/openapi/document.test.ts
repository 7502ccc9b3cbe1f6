import { readFileSync } from "node:fs";
import Router from "@koa/router";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect } from "chai";
import { describe, it } from "mocha";
import { documentText } from "../../openapi/document-file.ts";
import { OPERATIONS } from "../../openapi/operations.ts";
import { API_PROBLEMS } from "../../openapi/problems.ts";
import { PROBLEMS } from "../../src/adapters/koa/problems.ts";
import { addRoutes, type RoutesDeps } from "../../src/adapters/koa/routes.ts";
import { DOCUMENT, DOCUMENT_TEXT, faultsAt, operations } from "./support.ts";

const PAGE = readFileSync(new URL("../../docs/SETTINGS-API.md", import.meta.url), "utf8");

/** The routes below `/settings`, but those of the settings page. */
function apiRoutes(): readonly string[] {
  const anything: object = new Proxy(() => undefined, { get: () => anything });
  const deps = new Proxy({} as RoutesDeps, {
    get: (_, name) => (name === "makeRoute" ? () => async () => undefined : anything),
  });
  const router = new Router();
  addRoutes(router, deps);
  return router.stack
    .filter(({ path }) => /^\/settings(?!\/(?:assets|page)|.*\/result$)/.test(String(path)))
    .flatMap(({ methods, path }) =>
      methods
        .filter((method) => method !== "HEAD")
        .map((method) => `${method} ${String(path).replace(/:(\w+)/g, "{$1}")}`),
    );
}

describe("the OpenAPI document", () => {
  it("is fresh: `npm run openapi` writes it from the schemas, the routes and the version", () => {
    expect(DOCUMENT_TEXT === documentText(), "run `npm run openapi` and commit its file").to.equal(
      true,
    );
  });

  it("is one, by the schema of OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(DOCUMENT) });
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
  });

  it("has every route, and no other", () => {
    const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described).to.have.members(apiRoutes());
    expect(new Set(described).size).to.equal(OPERATIONS.length);
    const names = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("names every parameter in a path", () => {
    for (const { path, pathParameters = {} } of OPERATIONS) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(pathParameters)).to.deep.equal(named);
    }
  });

  for (const { path, method, operation } of operations()) {
    it(`has examples of ${operation.operationId} that are examples`, () => {
      const at = ["paths", path, method];
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        for (const [type, { examples = {} }] of Object.entries(content)) {
          if (type === "application/problem+json") continue;
          const place = [...at, "responses", status, "content", type, "schema"];
          expect(examples, place.join(" ")).to.have.property("usual");
          for (const { value } of Object.values(examples)) {
            expect(faultsAt(place, value), place.join(" ")).to.equal("");
          }
        }
      }
      const body = operation.requestBody?.content["application/json"];
      if (body === undefined) return;
      const place = [...at, "requestBody", "content", "application/json", "schema"];
      const read = OPERATIONS.find(({ operationId }) => operationId === operation.operationId);
      for (const { value } of Object.values(body.examples ?? {})) {
        expect(faultsAt(place, value)).to.equal("");
        expect(read?.body?.schema.safeParse(value).error).to.equal(undefined);
      }
    });
  }

  it("has examples of every problem that are problems", () => {
    for (const { value } of Object.values(DOCUMENT.components.examples)) {
      expect(faultsAt(["components", "schemas", "Problem"], value)).to.equal("");
    }
    expect(Object.keys(DOCUMENT.components.examples)).to.have.members(API_PROBLEMS);
  });
});

describe("docs/SETTINGS-API.md", () => {
  it("shows examples of the document", () => {
    const examples = [
      ...operations().flatMap(({ operation }) =>
        Object.values(operation.responses).flatMap(({ content = {} }) =>
          Object.values(content).flatMap(({ examples = {} }) =>
            Object.values(examples).map(({ value }) => value),
          ),
        ),
      ),
      ...Object.values(DOCUMENT.components.examples).map(({ value }) => value),
    ];
    const shown = [...PAGE.matchAll(/^ *```json\n(.+?)^ *```/gms)].map(([, text = ""]) =>
      JSON.parse(text),
    );
    expect(shown.length).to.be.above(5);
    for (const one of shown) expect(examples).to.deep.include(one);
  });

  it("lists the problems of the document", () => {
    const rows = [...PAGE.matchAll(/^\| (\d{3}) \| `([a-z-]+)` \| (.+) \|$/gm)];
    const listed = rows.map(([, status, code, when]) => [code, { status: Number(status), when }]);
    const described = API_PROBLEMS.map((code) => {
      const { status, when } = PROBLEMS[code];
      return [code, { status, when }];
    });
    expect(listed).to.deep.equal(described);
  });
});
