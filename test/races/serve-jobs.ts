import process from "node:process";
import { createInterface } from "node:readline";
import type { Answer } from "./job.ts";

/** Reads one job a line from the standard input, and answers each with a line, until it ends. */
export async function serveJobs<Job>(carryOut: (job: Job) => Promise<unknown>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      answer({ ok: true, result: (await carryOut(JSON.parse(line))) ?? null });
    } catch (error) {
      answer({ ok: false, error: error instanceof Error ? `${error.stack}` : String(error) });
    }
  }
}

/** Answers a job that goes on. */
export function answer(line: Answer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
