import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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
  /** `kill -9`. */
  crash(): Promise<void>;
  /** As an operator does it before maintenance, without waiting for clients. */
  shutDown(): Promise<void>;
  /** Starts it again, on the same files and port. */
  restart(): Promise<void>;
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
  {
    port,
    folder,
    url,
    shutDownBy = "SIGTERM",
  }: {
    readonly port: number;
    readonly folder: string;
    readonly url: string;
    readonly shutDownBy?: NodeJS.Signals;
  },
): Promise<Service> {
  let child = await listening(program, args, port);
  const endBy = async (signal: NodeJS.Signals) => {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  return {
    url,
    crash: () => endBy("SIGKILL"),
    shutDown: () => endBy(shutDownBy),
    restart: async () => {
      child = await retried(() => listening(program, args, port));
    },
    stop: () => stop(child, folder),
  };
}

async function listening(
  program: string,
  args: readonly string[],
  port: number,
): Promise<ChildProcess> {
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
  return child;
}

/** After a crash, PostgreSQL does not start before the last of its orphans has noticed. */
async function retried<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < 50; attempt += 1) {
    try {
      return await start();
    } catch {
      await wait(100);
    }
  }
  return start();
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGQUIT"); // at once, for both: nobody will read the files again
    // Holds up nobody who has ended before.
    const tooLong = wait(10_000, undefined, { ref: false });
    await Promise.race([ended, tooLong.then(() => child.kill("SIGKILL"))]);
  }
  await rm(folder, { recursive: true, force: true });
}
