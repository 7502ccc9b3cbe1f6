/**
 * Runs checks to their end, also after one has failed; at the end stands one line for each and how
 * many tests passed and failed, all together.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** One check. */
export interface Check {
  readonly name: string;
  /** A script of package.json; or the file and arguments that Node runs, TypeScript included. */
  readonly script: string | readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A check that takes longer hangs: a handle that a test left open, most likely. Default: 25. */
  readonly limitMinutes?: number;
}

interface Outcome {
  readonly passed: boolean;
  /** Tests, as mocha counts them; 0 for other checks. */
  readonly passing: number;
  readonly failing: number;
}

const running = new Set<ChildProcess>();

/**
 * Runs chains of checks in order, `together` of them concurrently, the checks of a chain one after
 * the other, and sets the exit code. If several run together, the output of a check is printed when
 * it has ended.
 */
export async function runChecks(
  chains: readonly (readonly Check[])[],
  together = 1,
): Promise<void> {
  // What ends this process ends the checks that run.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  process.once("exit", () => {
    for (const child of running) end(child);
  });
  const lines = new Map<Check, string>();
  let passed = 0;
  let failed = 0;
  const runChain = async (checks: readonly Check[]): Promise<void> => {
    for (const check of checks) {
      const began = performance.now();
      const outcome = await runCheck(check, together > 1);
      const mark = outcome.passed ? "ok    " : "FAILED";
      lines.set(check, `${mark} ${check.name}, ${secondsSince(began)} s`);
      // A check without tests of its own counts as one; so does a test run that broke off.
      const counted = outcome.passing + outcome.failing > 0;
      passed += counted ? outcome.passing : Number(outcome.passed);
      failed += Math.max(outcome.failing, Number(!outcome.passed));
    }
  };
  const began = performance.now();
  const waiting = chains.values();
  // Each takes the next chain when it has ended one: nothing waits for a lane that takes longer.
  const work = async (): Promise<void> => {
    for (const chain of waiting) await runChain(chain);
  };
  await Promise.all(Array.from({ length: together }, work));
  const summary = chains.flat().map((check) => lines.get(check) ?? "");
  process.stdout.write(`\n${summary.join("\n")}\n\nall of it, ${secondsSince(began)} s\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}

function runCheck(
  { name, script, env = {}, limitMinutes = 25 }: Check,
  held: boolean,
): Promise<Outcome> {
  const [program, args] =
    typeof script === "string"
      ? (["npm", ["run", "--silent", script]] as const)
      : (["node", ["--import", "tsx", ...script]] as const);
  const command = typeof script === "string" ? `npm run ${script}` : script.join(" ");
  const title = `\n=== ${name} (${command})\n`;
  process.stdout.write(held ? `begins: ${name}\n` : title);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", held ? "pipe" : "inherit"],
      env: { ...process.env, ...env },
      // A group of its own, so that a check that hangs ends with all its processes.
      detached: true,
    });
    running.add(child);
    const output: string[] = [];
    let tail = "";
    const read = (text: string): void => {
      if (held) output.push(text);
      else process.stdout.write(text);
      tail = (tail + text).slice(-1_000_000);
    };
    const limit = setTimeout(() => {
      read(`\n${command} took more than ${limitMinutes} minutes: ended\n`);
      end(child);
    }, limitMinutes * 60_000);
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      running.delete(child);
      if (held) process.stdout.write(title + output.join(""));
      resolve({
        passed: code === 0,
        passing: countOf(tail, "passing"),
        failing: countOf(tail, "failing"),
      });
    });
  });
}

function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

/** The number in mocha's summary line, such as `  12 passing (3s)`. */
function countOf(output: string, word: string): number {
  const found = [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].at(-1);
  return Number(found?.[1] ?? 0);
}
