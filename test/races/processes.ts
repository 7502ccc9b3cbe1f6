import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Knex } from "knex";
import { childScript } from "../support/child-script.ts";
import type { Answer, HttpJob, Job } from "./job.ts";

/** A host process that a test can tell what to do. */
export interface HostProcess<J = Job> {
  /** Sends a job and waits for its answer; throws what it failed with. */
  run(job: J): Promise<unknown>;
  /** Ends the process when it has nothing to do any more. */
  end(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** Starts a process with the stores over a database; `sharedBy` is its prefix if it shares users. */
export async function startProcess(config: Knex.Config, sharedBy?: string): Promise<HostProcess> {
  const host = await spawnProcess<Job>(new URL("./worker.ts", import.meta.url));
  await opened(host, config, sharedBy);
  return host;
}

/** A process with a whole host in it. */
export interface HttpHost extends HostProcess<HttpJob> {
  /** Where it listens. */
  readonly url: string;
}

/** Starts a process with a host that has the plugin mounted. */
export async function startHttpHost(config: Knex.Config): Promise<HttpHost> {
  const host = await spawnProcess<HttpJob>(new URL("./http-host.ts", import.meta.url));
  return { ...host, url: String(await opened(host, config)) };
}

/** Opens the database, or leaves no process behind. */
async function opened(
  host: HostProcess<Job> | HostProcess<HttpJob>,
  config: Knex.Config,
  sharedBy?: string,
): Promise<unknown> {
  try {
    return await host.run({
      kind: "open",
      config,
      ...(sharedBy === undefined ? {} : { sharedBy }),
    });
  } catch (error) {
    await host.kill();
    throw error;
  }
}

/** Starts a script that serves jobs. */
export async function spawnProcess<J>(script: URL): Promise<HostProcess<J>> {
  const args = await childScript(script);
  return talkTo<J>(spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }));
}

/** Sends jobs to a process that serves them, and reads its answers. */
export function talkTo<J>(child: ChildProcess): HostProcess<J> {
  const exited = once(child, "exit");
  const answers = answersOf(child);
  return {
    run: async (job) => {
      child.stdin?.write(`${JSON.stringify(job)}\n`);
      const answer = await answers();
      if (!answer.ok) throw new Error(answer.error);
      return answer.result;
    },
    end: async () => {
      child.stdin?.end();
      await exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Starts several processes, or none: those that did start end when one fails to. */
export async function startProcesses<H extends { kill(): Promise<void> }>(
  count: number,
  start: () => Promise<H>,
): Promise<readonly H[]> {
  const starting = Array.from({ length: count }, start);
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (started.length < count) await Promise.all(started.map((host) => host.kill()));
  return Promise.all(starting);
}

function answersOf(child: ChildProcess): () => Promise<Answer> {
  if (child.stdout === null) throw new Error("the process has no output");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line = await lines.next();
    if (line.done) throw new Error("the process ended without an answer");
    return JSON.parse(line.value);
  };
}
