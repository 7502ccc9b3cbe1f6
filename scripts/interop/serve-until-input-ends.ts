import { type SpawnOptions, spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";

/** A web server that is a program of its own. */
export interface ServedProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: SpawnOptions["env"];
  /** Answers with success as soon as the server is ready. */
  readonly probeUrl: string;
}

/**
 * Runs a web server, prints `ready` when it answers, and ends it when our standard input ends, so
 * that it cannot outlive the test run that holds the other end.
 */
export async function serveUntilInputEnds({
  program,
  args,
  env = {},
  probeUrl,
}: ServedProgram): Promise<void> {
  const server = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(0, 4000); // the first complaint is the cause
  });
  let running = true;
  const ended = new Promise<void>((done) => {
    server.once("exit", () => {
      running = false;
      done();
    });
  });
  process.stdin.resume().once("end", () => server.kill());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill());
  for (let attempt = 0; !(await answers(probeUrl)); attempt += 1) {
    if (!running) throw new Error(`${program} ended before it answered:\n${log}`);
    if (attempt > 300) {
      server.kill();
      throw new Error(`${program} does not answer:\n${log}`);
    }
    await wait(50);
  }
  process.stdout.write("ready\n");
  await ended;
  process.exit();
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true;
}
