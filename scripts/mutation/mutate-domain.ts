import { Stryker } from "@stryker-mutator/core";
import { RUNNER_NAME } from "./mocha-runner.ts";

const results = await new Stryker({
  mutate: ["src/domain/**/*.ts"],
  testRunner: RUNNER_NAME,
  plugins: [new URL("./mocha-runner.ts", import.meta.url).href],
  testRunnerNodeArgs: ["--import", "tsx"],
  coverageAnalysis: "perTest",
  ignorePatterns: ["*", "!package.json", "!src/domain/**", "!test/domain/**", "!docs/*.md"],
  tempDirName: ".cache/stryker",
  concurrency: 2,
  reporters: ["progress-append-only", "json"],
  jsonReporter: { fileName: ".cache/mutation.json" },
  checkers: [],
  disableTypeChecks: false,
  allowEmpty: false,
  cleanTempDir: "always",
  thresholds: { high: 100, low: 95, break: 95 },
}).runMutationTest();
console.log(results.length);
