import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { expect } from "chai";
import { describe, it } from "mocha";
import { run } from "../packaging/support/run.ts";
import { guides } from "./commands.ts";

const FOLDER = ".cache/blocks";

/** A block of TypeScript; those that show a file are compiled with it. */
const BLOCK = /(<!-- (?:file|excerpt|catalog-example)[^\n]*-->\n)?```ts\n([\s\S]*?)```/g;

/** Of the libraries that the plugin replaces. */
const OTHERS = /\bpassport\.|\bsaml2\./;

interface Block {
  readonly guide: string;
  readonly line: number;
  readonly code: string;
}

function blocksOf(guide: string): readonly Block[] {
  const text = readFileSync(guide, "utf8");
  return [...text.matchAll(BLOCK)]
    .filter(([, shows, code = ""]) => shows === undefined && !OTHERS.test(code))
    .map(({ 2: code = "", index }) => ({
      guide,
      line: text.slice(0, index).split("\n").length + 1,
      code,
    }));
}

/**
 * A module that is as right or wrong as the block, line for line: `…` stands for what is the reader's,
 * and lines that begin with a member are a part of the options or of the mapping.
 */
function moduleOf({ code }: Block): string {
  const whole = code
    .replace(/(^|\s)\/\/.*$/gm, "$1")
    .replace(/=> …/g, "=> yours()")
    // Before the others: they replace what it has of them.
    .replace(/createSamlJit\(\{(?=[\s\S]*?…)/g, "createSamlJit({ ...more, ")
    .replace(/(?:,\s*)?…,?/g, ",");
  const [, head = "", members] = /^([\s\S]*?)^(\w+: [\s\S]*)$/m.exec(whole) ?? [];
  const isMember = members !== undefined && /^(?:const .*\n|\s*\n)*$/.test(head);
  const body = isMember
    ? `${head}({ ${members} }) satisfies Partial<SamlJitOptions> & Partial<HostUsers>;`
    : whole;
  return /^import /m.test(body) ? body : `export {}; ${body}`;
}

/** What stands for the reader's own. */
const PRELUDE = `
import type Router from "@koa/router";
import type { Knex as KnexType } from "knex";
import type Koa from "koa";
import type CSRFType from "koa-csrf";
import type * as jit from "koa-saml-jit";
import type { StoresSubject } from "koa-saml-jit/testing";
import type { Model } from "objection";
declare global {
  type SamlJitOptions = jit.SamlJitOptions;
  type HostUsers = jit.HostUsers;
  const createSamlJit: typeof jit.createSamlJit;
  const asFunction: typeof jit.asFunction;
  const more: SamlJitOptions;
  const yours: () => never;
  const saml: jit.SamlJit;
  const app: Koa;
  const router: Router;
  const knex: KnexType;
  const baseUrl: string;
  const catalog: jit.AccessCatalog;
  const requireAdmin: jit.RequireAdmin;
  const signIn: jit.SignIn;
  const hostUsers: HostUsers;
  type Person = { readonly id: string; readonly email: string };
  const users: jit.MakeHostUserDirectory & { withPassword(form: unknown): Promise<Person | undefined> };
  const wrongPassword: (ctx: object) => void;
  const findTenant: (name: string) => string | undefined;
  const makeTicketIds: (clock: jit.Clock) => jit.IdSource;
  const makeSessions: typeof import("../../examples/sessions.ts").makeSessions;
  const readFile: typeof import("node:fs/promises").readFile;
  const settings: jit.OneConnectionSettings;
  const report: (error: unknown) => void;
  const handle: jit.EventHandler;
  const endpoints: { of(tenant: string): Promise<string | undefined> };
  const postWebhook: (endpoint: string, event: jit.SamlEvent) => Promise<void>;
  const mount: typeof import("koa-mount");
  const portal: Koa;
  const helmet: typeof import("koa-helmet").default;
  const session: typeof import("koa-session").default;
  const koaBody: typeof import("koa-body").koaBody;
  const CSRF: typeof CSRFType;
  const domains: { provenBy(tenant: string): readonly string[] };
  class Account extends Model {
    deleted_at: Date | null;
    accepted_at: Date | null;
    locked: boolean;
  }
  const makeSubject: () => Promise<StoresSubject>;
  const seeTables: (knex: KnexType) => Omit<StoresSubject, "stores" | "unitOfWork" | "tenant" | "otherTenant">;
  const tenant: jit.TenantId;
  const otherTenant: jit.TenantId;
  const it: (name: string, run: () => Promise<void>) => void;
}
`;

describe("the blocks of TypeScript in the guides", () => {
  const blocks = guides()
    .filter((guide) => /^(?:README\.md|docs\/[^/]+\.md)$/.test(guide))
    .flatMap(blocksOf);

  it("are found", () => expect(blocks.length).to.be.above(25));

  it("are right by the types of the package", async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, "prelude.d.ts"), PRELUDE);
    for (const block of blocks) {
      const name = `${block.guide.replace(/\W/g, "-")}-${block.line}.ts`;
      writeFileSync(join(FOLDER, name), moduleOf(block));
    }
    const compilerOptions = {
      noImplicitAny: false,
      noPropertyAccessFromIndexSignature: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      declaration: false,
      isolatedDeclarations: false,
      skipLibCheck: true,
    };
    const config = { extends: "../../tsconfig.json", include: ["."], exclude: [], compilerOptions };
    writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(config));
    const tsc = resolve("node_modules/typescript/bin/tsc");
    expect(await run(process.execPath, [tsc, "-p", FOLDER], ".")).to.equal("");
  });
});
