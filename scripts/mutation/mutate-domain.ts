/**
 * Mutation testing of the domain: Stryker changes one thing at a time, and some test of
 * test/domain must then fail. Writes REPORT.md beside this script; fails below the score that must
 * be kept. A file is mutated again when its code has changed: comments, white space, types and the
 * place of the file do not count.
 *
 *     npm run mutation              what has changed since the report
 *     npm run mutation -- --all     everything, also where only tests have changed
 *     npm run mutation -- --check   names what has changed since the report
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { hashCode } from "./hash-code.ts";
import { RUNNER_NAME } from "./mocha-runner.ts";

const DOMAIN = "src/domain";
const REPORT = "scripts/mutation/REPORT.md";
/** Tables and wordings, which decide nothing. */
const DATA: ReadonlySet<string> = new Set([
  "label-characters.ts",
  "texts/german.ts",
  "texts/identity-provider-guides.ts",
]);
/** In per cent, of all mutants that tests can reach. */
const KEPT_SCORE = 95;
const SHOWN_LENGTH = 100;

/** The result for one file. */
interface Row {
  /** Relative to the domain's folder. */
  readonly file: string;
  /** Of the file's code. */
  readonly hash: string;
  readonly mutants: number;
  readonly detected: number;
  /** Lines of the report. */
  readonly survivors: readonly string[];
}

async function main(options: readonly string[]): Promise<void> {
  const known = options.includes("--all") ? [] : reported();
  const files = readdirSync(DOMAIN, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !DATA.has(name))
    .sort();
  const hashes = new Map(files.map((file) => [file, hashOf(file)]));
  /** By its code: a file that has another name now keeps its row. */
  const rows = new Map(
    files.flatMap((file) => {
      const same = known.filter(({ hash }) => hash === hashes.get(file));
      const row = same.find((one) => one.file === file) ?? same[0];
      return row === undefined ? [] : [[file, renamed(row, file)] as const];
    }),
  );
  const stale = files.filter((file) => !rows.has(file));
  if (options.includes("--check")) {
    check(stale, [...rows.values()]);
    return;
  }
  for (const file of stale) {
    // One file at a time, so that what is done is kept when this is interrupted.
    rows.set(file, rowOf(file, await mutated(file)));
    save(files, rows);
  }
  save(files, rows);
  const score = scoreOf([...rows.values()]);
  process.stdout.write(`\nscore ${score.toFixed(1)} %\n`);
  process.exitCode = score < KEPT_SCORE ? 1 : 0;
}

/**
 * Fails when the report itself is below the score. Code that has changed since is only named, for a
 * run takes minutes: `npm run test:long` mutates it.
 */
function check(stale: readonly string[], rows: readonly Row[]): void {
  const score = scoreOf(rows);
  process.stdout.write(`score of what the report covers: ${score.toFixed(1)} %\n`);
  if (stale.length > 0) {
    process.stdout.write(
      `The code of these files has changed since ${REPORT}:\n${stale.map((file) => `  ${DOMAIN}/${file}\n`).join("")}` +
        `Run \`npm run mutation\` (minutes) and commit the report; \`npm run test:long\` does too.\n`,
    );
  }
  process.exitCode = stale.length === 0 && score < KEPT_SCORE ? 1 : 0;
}

function save(files: readonly string[], rows: ReadonlyMap<string, Row>): void {
  const others = files.filter((file) => !rows.has(file));
  const done = files.flatMap((file) => rows.get(file) ?? []);
  writeFileSync(REPORT, report(done, others));
}

/** The row under the name that its file has now. */
function renamed(row: Row, file: string): Row {
  const survivors = row.survivors.map((line) => line.replace(`- ${row.file}:`, `- ${file}:`));
  return { ...row, file, survivors };
}

function mutated(file: string): Promise<readonly MutantResult[]> {
  return new Stryker({
    mutate: [join(DOMAIN, file)],
    testRunner: RUNNER_NAME,
    plugins: [new URL("./mocha-runner.ts", import.meta.url).href],
    testRunnerNodeArgs: ["--import", "tsx"],
    coverageAnalysis: "perTest",
    ignorePatterns: [
      "*",
      "!package.json",
      `!${DOMAIN}/**`,
      "!test/domain/**",
      "!test/vendors/**",
      "!docs/**",
    ],
    tempDirName: ".cache/stryker",
    cleanTempDir: "always",
    disableTypeChecks: false,
    allowEmpty: true,
    concurrency: 2,
    timeoutMS: 20_000,
    reporters: ["progress-append-only"],
  }).runMutationTest();
}

function rowOf(file: string, results: readonly MutantResult[]): Row {
  // What does not run at all (a type error of the mutant's, an ignored one) says nothing of tests.
  const counted = results.filter(({ status }) =>
    ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status),
  );
  const survived = counted.filter(({ status }) => ["Survived", "NoCoverage"].includes(status));
  return {
    file,
    hash: hashOf(file),
    mutants: counted.length,
    detected: counted.length - survived.length,
    survivors: survived.map((mutant) => `- ${file}:${described(mutant)}`),
  };
}

function described({ location, mutatorName, replacement }: MutantResult): string {
  const text = replacement.replace(/\s+/g, " ").replaceAll("`", "'");
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return `${location.start.line} ${mutatorName}: \`${shown}\``;
}

function hashOf(file: string): string {
  return hashCode(readFileSync(join(DOMAIN, file), "utf8"));
}

function scoreOf(rows: readonly Row[]): number {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  return (
    (100 * sum(({ detected }) => detected)) /
    Math.max(
      1,
      sum(({ mutants }) => mutants),
    )
  );
}

function report(rows: readonly Row[], others: readonly string[]): string {
  return [
    "# What the tests of the domain would miss",
    "",
    "Written by `npm run mutation`, which changes one thing in `src/domain` at a time (an operator, a",
    "condition, a text) and runs the tests of `test/domain`: one of them must fail. The rest survives.",
    "Lines are those of the run. Do not edit.",
    "",
    `Score: **${scoreOf(rows).toFixed(1)} %**; ${KEPT_SCORE} % must be kept.`,
    ...(others.length === 0 ? [] : ["", `Not looked at yet: ${others.join(", ")}.`]),
    "",
    "| file | of its code | changes | noticed | score |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(({ file, hash, mutants, detected }) =>
      `| ${[file, hash, mutants, detected, mutants === 0 ? "" : `${((100 * detected) / mutants).toFixed(1)} %`].join(" | ")} |`.replace(
        "|  |",
        "| |",
      ),
    ),
    "",
    "## Survivors",
    "",
    ...rows.flatMap(({ survivors }) => survivors),
    "",
  ].join("\n");
}

/** The rows of the report as it is. */
function reported(): readonly Row[] {
  const text = existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "";
  const survivors = text.split("\n").filter((line) => line.startsWith("- "));
  const rows = text.matchAll(/^\| (\S+\.ts) \| (\w+) \| (\d+) \| (\d+) \|/gm);
  return [...rows].map(([, file = "", hash = "", mutants, detected]) => ({
    file,
    hash,
    mutants: Number(mutants),
    detected: Number(detected),
    survivors: survivors.filter((line) => line.startsWith(`- ${file}:`)),
  }));
}

await main(process.argv.slice(2));
