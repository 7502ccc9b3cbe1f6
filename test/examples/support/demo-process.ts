import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before } from "mocha";
import { childScript } from "../../support/child-script.ts";

/** A demo that runs as its own process, as people start it. */
export interface DemoProcess {
  readonly baseUrl: string;
  /** Ends it as an operator would; what it wrote. */
  stop(): Promise<string>;
}

/** A process that ended by itself. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const SERVER = new URL("../../../examples/demo/server.ts", import.meta.url);
const READY = /ready at (http:\/\/\S+)/;

/** What starts a TypeScript file in a runtime like this one's. */
export function runtimeCommand(file: string): readonly [string, readonly string[]] {
  return "deno" in process.versions
    ? [process.execPath, ["run", "--no-prompt", "-A", file]]
    : [process.execPath, ["--import", "tsx", file]];
}

/** An empty folder, for a database. */
export function makeFolder(): { readonly path: string; remove(): void } {
  mkdirSync(".cache", { recursive: true });
  const path = mkdtempSync(join(".cache", "demo-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Starts the demo on a free port and waits until it is ready.
 *
 * @param command What follows `process.execPath`. Default: the demo's server, bundled.
 */
export async function startDemo(
  env: Readonly<Record<string, string>>,
  command?: readonly string[],
): Promise<DemoProcess> {
  const { child, output } = await spawnDemo(env, command);
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", () => {
      const url = READY.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`the demo ended: ${output()}`)));
    child.once("error", reject);
  });
  return {
    baseUrl,
    async stop() {
      const end = ended(child);
      child.kill("SIGTERM");
      await end;
      return output();
    },
  };
}

/** A demo that runs while the tests of a `describe` do, on a database of its own. */
export function runningDemo(env: Readonly<Record<string, string>>): {
  readonly baseUrl: string;
  /** A folder that is removed with it. */
  readonly folder: string;
} {
  const folder = makeFolder();
  let demo: DemoProcess | undefined;
  before(async () => {
    demo = await startDemo({ DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`, ...env });
  });
  after(async () => {
    await demo?.stop();
    folder.remove();
  });
  return {
    folder: folder.path,
    get baseUrl() {
      if (demo === undefined) throw new Error("the demo has not started yet");
      return demo.baseUrl;
    },
  };
}

/** The same place by its address: test processes may speak to addresses only. */
export function listensAt({ baseUrl }: Pick<DemoProcess, "baseUrl">): string {
  return baseUrl.replace("//localhost:", "//127.0.0.1:");
}

/** Runs a demo that is expected not to start. */
export async function runDemo(env: Readonly<Record<string, string>>): Promise<Ended> {
  const { child, output } = await spawnDemo(env);
  const code = await ended(child);
  return { code, output: output() };
}

async function spawnDemo(
  env: Readonly<Record<string, string>>,
  command?: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly output: () => string }> {
  const args = command ?? (await childScript(SERVER));
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const keep = (chunk: unknown): void => {
    text += String(chunk);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return { child, output: () => text };
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("close", (code) => resolve(code)));
}

/** Settings with single sign-on off and nothing set up. */
export const NOTHING_SET_UP: Readonly<Record<string, unknown>> = {
  enabled: false,
  email: { source: { kind: "automatic" }, allowedDomains: [] },
  profile: {},
  autoProvisioning: {
    enabled: false,
    groups: [],
    organizations: { kind: "selected", ids: [] },
    whenLicensesRunOut: { kind: "deny" },
  },
};
