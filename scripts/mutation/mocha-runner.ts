/**
 * A test runner for Stryker on the mocha that this project has. Stryker's own wants mocha 11, or
 * Node 22: use that one when Node 20 is no longer supported.
 */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
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

/** The tests of the code that is mutated. */
const TESTS = "test/domain";

/** Stryker reads this export. */
export const strykerPlugins: readonly unknown[] = [
  declareFactoryPlugin(PluginKind.TestRunner, RUNNER_NAME, makeRunner),
];

function makeRunner(): TestRunner {
  // The instrumented sources look here for the active mutant, and count here what they pass.
  const context: InstrumenterContext = {};
  Reflect.set(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE, context);
  // A mutant that one run kills and another does not would make every report a different one.
  fc.configureGlobal({ seed: 20_250_101 });
  const mocha = new Mocha({ reporter: class extends Mocha.reporters.Base {}, timeout: 0 });
  mocha.cleanReferencesAfterRun(false);
  let loading: Promise<void> | undefined;

  function loaded(): Promise<void> {
    loading ??= load();
    return loading;
  }

  function load(): Promise<void> {
    const files = readdirSync(TESTS).filter((name) => name.endsWith(".test.ts"));
    for (const file of files) mocha.addFile(resolve(TESTS, file));
    mocha.suite.beforeEach(function () {
      Object.assign(context, { currentTestId: this.currentTest?.fullTitle() });
    });
    return mocha.loadFilesAsync();
  }

  /** One run of the tests that the grep lets through. */
  async function run(bail: boolean): Promise<DryRunResult> {
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
    // Modules stay loaded: Stryker starts another process for what runs while they load.
    capabilities: () => ({ reloadEnvironment: false }),
    async dryRun() {
      await loaded();
      const result = await run(false);
      const { mutantCoverage } = context;
      return result.status === DryRunStatus.Complete && mutantCoverage !== undefined
        ? { ...result, mutantCoverage }
        : result;
    },
    async mutantRun({ activeMutant, hitLimit, mutantActivation, testFilter }) {
      Object.assign(context, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
      if (mutantActivation === "static") context.activeMutant = activeMutant.id;
      try {
        await loaded();
      } catch (error) {
        return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error) });
      }
      context.activeMutant = activeMutant.id;
      mocha.grep(testFilter === undefined ? /^/ : anyOf(testFilter));
      return toMutantRunResult(await run(true));
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
