import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../scripts/services/service.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** A place for an identity provider: a port, and a folder for all its files. */
export interface Ground {
  readonly port: number;
  readonly baseUrl: string;
  readonly folder: string;
}

/** A free port, and a folder within the project. */
export async function freshGround(name: string): Promise<Ground> {
  const port = await freePort();
  const folder = resolve(PROJECT, `.cache/interop/${name}-${port}`);
  mkdirSync(folder, { recursive: true });
  return { port, baseUrl: `http://127.0.0.1:${port}`, folder };
}

/**
 * Starts an identity provider on its ground; what comes back stops it and removes its files.
 *
 * @param script below scripts/interop. Run by Node under every runtime: it starts programs that a
 * sandboxed runtime need not be allowed to.
 */
export async function served(
  script: string,
  { port, folder }: Ground,
): Promise<() => Promise<void>> {
  const file = resolve(PROJECT, "scripts/interop", script);
  const child = spawn("node", ["--import", "tsx", file, String(port), folder], {
    cwd: PROJECT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((ready, failed) => {
    child.once("error", failed);
    child.once("exit", () => failed(new Error(`${script} did not start`)));
    child.stdout.on("data", (text: Buffer) => {
      if (text.toString("utf8").includes("ready")) ready();
    });
  });
  return async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.stdin?.end();
  });
}
