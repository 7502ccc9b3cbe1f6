/**
 * For how long does one hostile request block the event loop? Every shape against every contestant,
 * each in a process of its own with a time limit; prints a table in Markdown.
 *
 *     node --import tsx bench/hostile.ts [--only ours] [--match PATTERN]
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { HOSTILE_SHAPES } from "./support/hostile-shapes.ts";

const TIME_LIMIT_MS = 20_000;
const { values } = parseArgs({ options: { only: { type: "string" }, match: { type: "string" } } });
const match = new RegExp(values.match ?? "");
const contestants = values.only?.split(",") ?? ["ours (read)", "saml2-js", "node-saml"];

interface Measured {
  readonly text: string;
  readonly median: number;
}

process.stdout.write(
  `| shape | ${contestants.join(" | ")} |\n| --- |${" ---: |".repeat(contestants.length)}\n`,
);
let worst = 0;
for (const { name } of HOSTILE_SHAPES) {
  if (!match.test(name)) continue;
  const results: Measured[] = [];
  for (const contestant of contestants) results.push(await measured(contestant, name));
  worst = Math.max(worst, results[0]?.median ?? 0);
  process.stdout.write(`| ${name} | ${results.map(({ text }) => text).join(" | ")} |\n`);
}
process.stdout.write(`\nLongest block of the first column: ${worst.toFixed(1)} ms.\n`);

function measured(contestant: string, shape: string): Promise<Measured> {
  const script = fileURLToPath(new URL("./hostile-case.ts", import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", script, contestant, shape], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    let late = false;
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, TIME_LIMIT_MS);
    child.on("exit", () => {
      clearTimeout(timer);
      if (late) resolve({ text: "over 20 s", median: TIME_LIMIT_MS });
      else if (output === "") resolve({ text: "process ended", median: Number.NaN });
      else resolve(report(JSON.parse(output)));
    });
  });
}

interface Case {
  readonly best: number;
  readonly median: number;
  readonly worst: number;
  readonly accepted: boolean;
}

function report({ best, median, worst, accepted }: Case): Measured {
  const spread = `${best.toFixed(1)} to ${worst.toFixed(1)}`;
  return { median, text: `${median.toFixed(1)} (${spread})${accepted ? ", accepted" : ""}` };
}
