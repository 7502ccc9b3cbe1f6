import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Knex } from "knex";
import type { Answer, Job } from "./job.ts";

/** A host process that a test can tell what to do. */
export interface HostProcess {
  /** Sends a job and waits for its answer; throws what it failed with. */
  run(job: Job): Promise<unknown>;
  /** Ends the process when it has nothing to do any more. */
  end(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** Starts a process of the runtime that this one is. */
export async function startProcess(config: Knex.Config): Promise<HostProcess> {
  const typescript = import.meta.url.endsWith(".ts");
  const script = fileURLToPath(
    new URL(typescript ? "./worker.ts" : "./worker.js", import.meta.url),
  );
  const child = spawn(process.execPath, [...runtimeArguments(typescript), script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const answers = answersOf(child);
  const host: HostProcess = {
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
  try {
    await host.run({ kind: "open", config });
  } catch (error) {
    await host.kill();
    throw error;
  }
  return host;
}

/** Starts several processes, or none: those that did start end when one fails to. */
export async function startProcesses(
  count: number,
  config: Knex.Config,
): Promise<readonly HostProcess[]> {
  const starting = Array.from({ length: count }, () => startProcess(config));
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (started.length < count) await Promise.all(started.map((host) => host.kill()));
  return Promise.all(starting);
}

function runtimeArguments(typescript: boolean): readonly string[] {
  if ("Deno" in globalThis) return ["run", "--no-prompt", "-A"];
  return typescript ? ["--import", "tsx"] : [];
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
