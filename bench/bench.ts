/**
 * Every benchmark, one after the other, into `bench/REPORT.md`, and one table of it into the README:
 * some fifteen minutes on an idle machine of two cores. Named parts are only printed; what follows a second `--` goes to the one
 * part that is named, instead of the arguments of the report.
 *
 *     npm run bench
 *     npm run bench -- --only post,start
 *     npm run bench -- --only post -- --database PostgreSQL --rounds 3
 */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PARTS, type Part } from "./parts.ts";
import { installOthers } from "./post/install-others.ts";
import { SUMMARY_BEGIN, SUMMARY_END } from "./post/report.ts";
import { versions } from "./support/versions.ts";

const MOST_OTHER_WORK = 0.1;
const separator = process.argv.indexOf("--", 2);
const [options, own] =
  separator === -1
    ? [process.argv.slice(2), undefined]
    : [process.argv.slice(2, separator), process.argv.slice(separator + 1)];
const { values } = parseArgs({ args: options, options: { only: { type: "string" } } });
const chosen = choose(values.only?.split(","));
const target = new URL("REPORT.md", import.meta.url);

const sections = values.only === undefined ? [await heading()] : [];
const started = performance.now();
for (const part of chosen) {
  process.stderr.write(`${part.title} …\n`);
  const otherWork = await busyShare();
  const begun = performance.now();
  const texts: string[] = [];
  if (part.needsBuild) await start(part.name, "npm", ["run", "--silent", "build"]);
  const runs = own === undefined ? part.runs : [own];
  for (const args of runs.length === 0 ? [[]] : runs) {
    const command = [
      "npm run bench -- --only",
      part.name,
      ...(args.length > 0 ? ["--"] : []),
      ...args,
    ];
    texts.push(`    ${command.map(quoted).join(" ")}\n\n${(await run(part, args)).trim()}\n`);
  }
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  sections.push(
    `\n## ${part.title}\n\n${part.about}\n\n${texts.join("\n")}\n`,
    `${minutes} minutes; load ${loadavg()[0]?.toFixed(1)} at the end.\n`,
    ...warningOf(otherWork),
  );
  for (const warning of warningOf(otherWork)) process.stdout.write(warning);
  // After each part: a later one that fails takes nothing of what is there.
  if (values.only === undefined) await writeFile(target, sections.join(""));
}
if (values.only === undefined) await writeSummary(sections.join(""));
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
const written = values.only === undefined ? `; written to ${fileURLToPath(target)}` : "";
process.stderr.write(`${minutes} minutes${written}\n`);

/** Share of the processors that are busy with something else, looked at before a part begins. */
async function busyShare(): Promise<number> {
  const times = () =>
    cpus().reduce(
      (sum, { times: { idle, ...busy } }) => {
        const used = Object.values(busy).reduce((total, ms) => total + ms, 0);
        return { idle: sum.idle + idle, used: sum.used + used };
      },
      { idle: 0, used: 0 },
    );
  const before = times();
  await setTimeout(2000);
  const after = times();
  const used = after.used - before.used;
  return used / (used + after.idle - before.idle);
}

/** Figures of a machine that does other things are not to be compared with others. */
function warningOf(otherWork: number): readonly string[] {
  if (otherWork <= MOST_OTHER_WORK) return [];
  const percent = Math.round(100 * otherWork);
  return [`\n**The machine was too busy: ${percent} % were taken when this began.**\n`];
}

/** Puts the report's one table where the README has the last one. */
async function writeSummary(report: string): Promise<void> {
  const readme = new URL("../README.md", import.meta.url);
  const summary = new RegExp(`${SUMMARY_BEGIN}.*?${SUMMARY_END}`, "s");
  const [latest] = summary.exec(report) ?? [];
  if (latest === undefined) throw new Error("the report has no table for the README");
  await writeFile(
    readme,
    (await readFile(readme, "utf8")).replace(summary, () => latest),
  );
}

/** What the report says of the machine and the versions. */
async function heading(): Promise<string> {
  await installOthers();
  const [processor] = cpus();
  return `# Benchmarks

Written by \`npm run bench\`; [docs/PERFORMANCE.md](../docs/PERFORMANCE.md) says what it means for
hosts, [DIARY.md](DIARY.md) how it came about.

| | |
| --- | --- |
| begun | ${new Date().toISOString()} |
| machine | ${cpus().length} × ${processor?.model ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()} |
| load before | ${loadavg()
    .map((load) => load.toFixed(1))
    .join(", ")} |
${(await versions()).map(([name, version]) => `| ${name} | ${version} |`).join("\n")}
`;
}

/** The parts of that name; all of the report where there are no names. */
function choose(names: readonly string[] | undefined): readonly Part[] {
  if (names === undefined) return PARTS.filter(({ runs }) => runs.length > 0);
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = PARTS.map(({ name }) => name).join(", ");
    throw new Error(`unknown benchmark ${unknown.join(", ")}; there are ${known}`);
  }
  if (own !== undefined && names.length !== 1) throw new Error("arguments need one --only");
  return PARTS.filter(({ name }) => names.includes(name));
}

function run({ name, module }: Part, args: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL(module, import.meta.url));
  return start(name, "node", ["--import", "tsx", script, ...args]);
}

async function start(name: string, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    process.stdout.write(chunk);
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return text;
}

/** For a shell. */
function quoted(word: string): string {
  return /[^\w\s:,.-]/.test(word) ? `'${word}'` : word;
}
