/**
 * Everything that has to pass: `npm test`. All checks run, also after one has failed; at the end
 * stands one line for each and how many tests passed and failed, on both runtimes together.
 */
import { spawn } from "node:child_process";
import process from "node:process";

const CHECKS: readonly (readonly [name: string, script: string])[] = [
  ["types", "typecheck"],
  ["lint and layers", "lint"],
  ["tests on Node", "test:node"],
  ["tests on Deno", "test:deno"],
  ["two writable Galera nodes", "test:galera"],
  ["every rule of the gate is missed", "check:gate"],
  ["coverage", "coverage"],
  ["mutation report", "check:mutation"],
  ["docstrings", "check:docs"],
  ["Deno package", "check:deno"],
  ["npm package", "check:packaging"],
  ["hosts of the npm package", "test:hosts"],
];

/** A check that takes longer hangs: a handle that a test left open, most likely. */
const LIMIT_MS = 12 * 60 * 1000;

interface Outcome {
  readonly passed: boolean;
  /** Tests, as mocha counts them; 0 for other checks. */
  readonly passing: number;
  readonly failing: number;
}

// What ends this process ends the check that runs: see `exit` below.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const lines: string[] = [];
let passed = 0;
let failed = 0;
for (const [name, script] of CHECKS) {
  process.stdout.write(`\n=== ${name} (npm run ${script})\n`);
  const startedAt = performance.now();
  const outcome = await runScript(script);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  lines.push(`${outcome.passed ? "ok    " : "FAILED"} ${name}, ${seconds} s`);
  // A check without tests of its own counts as one; so does a test run that broke off.
  const counted = outcome.passing + outcome.failing > 0;
  passed += counted ? outcome.passing : Number(outcome.passed);
  failed += Math.max(outcome.failing, Number(!outcome.passed));
}
process.stdout.write(`\n${lines.join("\n")}\n\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function runScript(script: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", script], {
      stdio: ["ignore", "pipe", "inherit"],
      // A group of its own, so that a check that hangs ends with all its processes.
      detached: true,
    });
    const end = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    process.once("exit", end);
    const limit = setTimeout(() => {
      process.stdout.write(`\n${script} took more than ${LIMIT_MS / 1000} s: ended\n`);
      end();
    }, LIMIT_MS);
    let tail = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      process.stdout.write(text);
      tail = (tail + text).slice(-1_000_000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      process.removeListener("exit", end);
      resolve({
        passed: code === 0,
        passing: countOf(tail, "passing"),
        failing: countOf(tail, "failing"),
      });
    });
  });
}

/** The number in mocha's summary line, such as `  12 passing (3s)`. */
function countOf(output: string, word: string): number {
  const found = [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].at(-1);
  return Number(found?.[1] ?? 0);
}
