import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";

/** A server that was started for this run only. */
export interface Service {
  /** Where it is, for the tests. */
  readonly url: string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Whether something listens on this port of the loopback address. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A port of the loopback address that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no free port")),
      );
    });
  });
}

/** A new folder for a server's files, writable by `owner` when this runs as root. */
export function dataFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `koa-saml-jit-${name}-`));
}

/** Whether this runs as root: database servers refuse to. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Starts a server in `folder` and waits until it listens. */
export async function launch(
  program: string,
  args: readonly string[],
  { port, folder, url }: { readonly port: number; readonly folder: string; readonly url: string },
): Promise<Service> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4000);
  });
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (child.exitCode !== null || attempt > 300) {
      throw new Error(`${program} did not start:\n${log}`);
    }
    await wait(100);
  }
  return { url, stop: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await Promise.race([ended, wait(10_000).then(() => child.kill("SIGKILL"))]);
  }
  await rm(folder, { recursive: true, force: true });
}
