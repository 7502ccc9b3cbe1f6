/**
 * A test runner for Stryker on the mocha that this project has. Stryker's own wants mocha 11, or
 * Node 22: use that one when Node 20 is no longer supported.
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import process from "node:process";
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from "@stryker-mutator/api/core";
import { declareFactoryPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import fc from "fast-check";
import Mocha from "mocha";

/** The name of the runner in Stryker's options. */
export const RUNNER_NAME = "mocha-in-process";

const { cache } = createRequire(import.meta.url);

/** The tests of the code that is mutated: a folder, and what stands elsewhere. */
const TESTS = "test/domain";
const MORE_TESTS: readonly string[] = [resolve("test/vendors/pages.test.ts")];

/** Stryker reads this export. */
export const strykerPlugins: readonly unknown[] = [
  declareFactoryPlugin(PluginKind.TestRunner, RUNNER_NAME, makeRunner),
];

function makeRunner(): TestRunner {
  // The instrumented sources look here for the active mutant, and count here what they pass.
  const context: InstrumenterContext = {};
  Reflect.set(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE, context);
  // The same values in every run, or reports would differ; fewer, for every mutant meets them.
  fc.configureGlobal({ seed: 20_250_101, numRuns: 25 });
  let mocha: Mocha | undefined;

  /** The tests, and what they test, loaded anew: some mutants are in what runs at loading. */
  async function loaded(mutated?: string): Promise<Mocha> {
    if (mocha !== undefined && mutated === undefined) return mocha;
    mocha?.dispose();
    for (const path of Object.keys(cache)) {
      if (path.startsWith(process.cwd()) && !path.includes("node_modules")) delete cache[path];
    }
    mocha = new Mocha({ reporter: class extends Mocha.reporters.Base {}, timeout: 0 });
    mocha.cleanReferencesAfterRun(false);
    const subject = basename(mutated ?? "", ".ts");
    const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".test.ts"),
    );
    // Tests of what was mutated come first: they are the likeliest to fail, and end the run.
    const near = (file: string) => Number(basename(file).startsWith(subject));
    const paths = files.sort((a, b) => near(b) - near(a)).map((file) => resolve(TESTS, file));
    for (const path of [...paths, ...MORE_TESTS]) mocha.addFile(path);
    mocha.suite.beforeEach(function () {
      Object.assign(context, { currentTestId: this.currentTest?.fullTitle() });
    });
    await mocha.loadFilesAsync();
    return mocha;
  }

  /** One run of the tests that the grep lets through. */
  async function run(mocha: Mocha, bail: boolean): Promise<DryRunResult> {
    setBail(mocha.suite, bail);
    const tests: TestResult[] = [];
    await new Promise<void>((done) => {
      mocha
        .run(() => done())
        .on("pass", (test) => tests.push({ ...described(test), status: TestStatus.Success }))
        .on("fail", (test, { message }) =>
          tests.push({
            ...described(test),
            status: TestStatus.Failed,
            failureMessage: message,
          }),
        );
    });
    const complete: CompleteDryRunResult = { status: DryRunStatus.Complete, tests };
    return determineHitLimitReached(context.hitCount, context.hitLimit) ?? complete;
  }

  return {
    capabilities: () => ({ reloadEnvironment: true }),
    async dryRun() {
      const result = await run(await loaded(), false);
      const { mutantCoverage } = context;
      return result.status === DryRunStatus.Complete && mutantCoverage !== undefined
        ? { ...result, mutantCoverage }
        : result;
    },
    async mutantRun({ activeMutant, hitLimit, reloadEnvironment, mutantActivation, testFilter }) {
      Object.assign(context, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
      Object.assign(context, {
        activeMutant: mutantActivation === "static" ? activeMutant.id : undefined,
      });
      try {
        const tests = await loaded(reloadEnvironment ? activeMutant.fileName : undefined);
        context.activeMutant = activeMutant.id;
        tests.grep(testFilter === undefined ? /^/ : anyOf(testFilter));
        return toMutantRunResult(await run(tests, true));
      } catch (error) {
        return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error) });
      }
    },
  };
}

function anyOf(titles: readonly string[]): RegExp {
  return new RegExp(`^(?:${titles.map(escaped).join("|")})$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function setBail(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}

function described(test: Mocha.Runnable) {
  const name = test.fullTitle();
  return { id: name, name, timeSpentMs: test.duration ?? 0 };
}
