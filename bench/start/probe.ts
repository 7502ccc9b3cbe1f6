import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";

/** Where a start is measured. */
export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** Before the text of the program. */
  readonly args: readonly string[];
  /** The plugin's entry. */
  readonly plugin: URL;
}

/** How things stood after a step of a start. */
export interface Mark {
  readonly step: string;
  /** What the step took, on the clock. */
  readonly ms: number;
  /** What it took of the processor. */
  readonly cpuMs: number;
  readonly heapMb: number;
  readonly residentMb: number;
}

const root = new URL("../../", import.meta.url);

/** Node with what is published, Deno with the sources. */
export const RUNTIMES: readonly Runtime[] = [
  {
    name: "Node",
    command: process.execPath,
    args: ["--expose-gc", "--input-type=module", "--eval"],
    plugin: new URL("dist/mod.js", root),
  },
  {
    name: "Deno",
    command: fileURLToPath(new URL("node_modules/.bin/deno", root)),
    args: ["eval", "--v8-flags=--expose-gc"],
    plugin: new URL("src/mod.ts", root),
  },
];

/** With whom people sign in, and how the host is made to trust it. */
const idp = makeSigningIdp();
const SETTINGS = {
  enabled: true,
  connection: { ...idp.connection(), idpInitiated: true },
  email: { source: { kind: "automatic" } },
  autoProvisioning: {
    enabled: true,
    role: "1",
    groups: [],
    organizations: { kind: "selected", ids: [] },
  },
};
const BASE_URL = "https://app.example";

function newResponse(): string {
  const to = { acsUrl: `${BASE_URL}/saml/acs`, audience: `${BASE_URL}/saml/metadata` };
  const { SAMLResponse } = idp.form({ ...to, email: "ada@customer.example" });
  return new URLSearchParams({ SAMLResponse }).toString();
}

/** A host as small as can be, told step by step. */
const PROGRAM = (plugin: URL) => `
  import { once } from "node:events";
  import { request } from "node:http";
  import process from "node:process";
  const marks = [];
  let last = performance.now();
  let cpu = process.cpuUsage();
  const mark = (step) => {
    const ms = performance.now() - last;
    const { user, system } = process.cpuUsage(cpu);
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    marks.push({
      step, ms, cpuMs: (user + system) / 1000, heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20,
    });
    last = performance.now();
    cpu = process.cpuUsage();
  };
  const { default: Koa } = await import("koa");
  const { default: knexFactory } = await import("knex");
  const knex = knexFactory({
    client: "sqlite3", connection: { filename: ":memory:" }, useNullAsDefault: true,
  });
  const app = new Koa({ keys: ["a key of the bench"] });
  mark("koa, knex and a database, without us");
  const { createSamlJit } = await import(${JSON.stringify(plugin.href)});
  mark("the plugin imported");
  const none = async () => [];
  let signedIn = false;
  const saml = createSamlJit({
    baseUrl: ${JSON.stringify(BASE_URL)},
    knex,
    catalog: {
      roles: async () => [{ id: "1", name: "Member", licensed: false, privileged: false }],
      groupsByIds: none, organizationsByIds: none,
      searchGroups: async () => ({ items: [] }), searchOrganizations: async () => ({ items: [] }),
    },
    requireAdmin: () => undefined,
    signIn: () => { signedIn = true; },
  });
  app.use(saml.routes());
  mark("mounted");
  await saml.migrate();
  mark("its tables made");
  await saml.saveSettings("default", ${JSON.stringify(SETTINGS)}, "bench");
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  mark("settings saved, listening");
  const post = request({
    port: server.address().port, path: "/saml/acs", method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  post.end(${JSON.stringify(newResponse())});
  const [answer] = await once(post, "response");
  await once(answer.resume(), "end");
  if (!signedIn) throw new Error(\`nobody signed in: \${answer.statusCode}\`);
  mark("the first sign-in answered");
  console.log(JSON.stringify(marks));
  process.exit(0);
`;

const Marks: z.ZodType<readonly Mark[]> = z.array(
  z.object({
    step: z.string(),
    ms: z.number(),
    cpuMs: z.number(),
    heapMb: z.number(),
    residentMb: z.number(),
  }),
);

const run = promisify(execFile);

/** Starts a host in a process of its own. */
export async function probe({ command, args, plugin }: Runtime): Promise<readonly Mark[]> {
  const { stdout } = await run(command, [...args, PROGRAM(plugin)], { cwd: fileURLToPath(root) });
  return Marks.parse(JSON.parse(stdout));
}
