/**
 * Mutation testing of the domain: Stryker changes one thing at a time, and some test of
 * test/domain must then fail. Writes docs/MUTATION.md; fails below the score that must be kept.
 * Files whose row is of their present text are not looked at again.
 *
 *     npm run mutation              what has changed since the report
 *     npm run mutation -- --all     everything, also where only tests have changed
 *     npm run mutation -- --check   says whether the report is of the present sources
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { RUNNER_NAME } from "./mocha-runner.ts";

const DOMAIN = "src/domain";
const REPORT = "docs/MUTATION.md";
/** In per cent, of all mutants that tests can reach. */
const KEPT_SCORE = 95;
const SHOWN_LENGTH = 100;

/** What came of one file. */
interface Row {
  readonly file: string;
  /** Of the file's text. */
  readonly hash: string;
  readonly mutants: number;
  readonly detected: number;
  /** Lines of the report. */
  readonly survivors: readonly string[];
}

async function main(options: readonly string[]): Promise<void> {
  const known = options.includes("--all") ? new Map<string, Row>() : reported();
  const files = readdirSync(DOMAIN).filter((name) => name.endsWith(".ts"));
  const stale = files.filter((file) => known.get(file)?.hash !== hashOf(file));
  if (options.includes("--check")) {
    if (stale.length > 0) throw new Error(`npm run mutation: not of ${stale.join(", ")}`);
    return;
  }
  for (const file of stale) {
    // One file at a time, so that what is done is kept when this is interrupted.
    known.set(file, rowOf(file, await mutated(file)));
    const rows = files.flatMap((name) => known.get(name) ?? []);
    const others = files.filter((name) => !rows.some((row) => row.file === name));
    writeFileSync(REPORT, report(rows, others));
  }
  const score = scoreOf([...known.values()]);
  process.stdout.write(`\nscore ${score.toFixed(1)} %\n`);
  process.exitCode = score < KEPT_SCORE ? 1 : 0;
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
  return createHash("sha256")
    .update(readFileSync(join(DOMAIN, file)))
    .digest("hex")
    .slice(0, 12);
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
    "Do not edit.",
    "",
    `Score: **${scoreOf(rows).toFixed(1)} %**; ${KEPT_SCORE} % must be kept.`,
    ...(others.length === 0 ? [] : ["", `Not looked at yet: ${others.join(", ")}.`]),
    "",
    "| file | of its text | changes | noticed | score |",
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
function reported(): Map<string, Row> {
  const text = existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "";
  const survivors = text.split("\n").filter((line) => line.startsWith("- "));
  const rows = text.matchAll(/^\| (\S+\.ts) \| (\w+) \| (\d+) \| (\d+) \|/gm);
  return new Map(
    [...rows].map(([, file = "", hash = "", mutants, detected]) => [
      file,
      {
        file,
        hash,
        mutants: Number(mutants),
        detected: Number(detected),
        survivors: survivors.filter((line) => line.startsWith(`- ${file}:`)),
      },
    ]),
  );
}

await main(process.argv.slice(2));
