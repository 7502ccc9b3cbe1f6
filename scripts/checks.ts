/**
 * Everything that has to pass: `npm test`. What fails soonest comes first, then what takes longest,
 * so that the short checks fill the end. One more runs than there are cores, for tests of databases
 * and of killed processes wait more than they compute.
 */
import { availableParallelism } from "node:os";
import { type Check, runChecks } from "./run-checks.ts";

const MOCHA = "node_modules/mocha/bin/mocha.js";

/** As `test:node` but for `test:processes`, which runs beside it. */
const ON_NODE: readonly string[] = [
  MOCHA,
  "--ignore",
  "test/{galera,packaging,races}/**",
  "--ignore",
  "test/guarantees/killed-*",
  "test/**/*.test.ts",
];

/** Checks of a chain need what those before them have made. */
const CHAINS: readonly (readonly Check[])[] = [
  [{ name: "types", script: "typecheck" }],
  [{ name: "lint and layers", script: "lint" }],
  [
    { name: "tests on Deno", script: "test:deno" },
    { name: "coverage", script: "coverage" },
  ],
  [{ name: "tests on Node", script: ON_NODE }],
  [{ name: "kills and races on Node", script: "test:processes" }],
  [{ name: "every rule of the gate is missed", script: "check:gate" }],
  [{ name: "fast tests and stores on Node 22", script: "test:node22" }],
  [{ name: "fast tests and stores on Node 24", script: "test:node24" }],
  [{ name: "fast tests and stores on Node 26", script: "test:node26" }],
  [{ name: "two writable Galera nodes", script: "test:galera" }],
  [
    { name: "npm package", script: "check:packaging" },
    { name: "hosts of the npm package", script: "test:hosts" },
  ],
  [{ name: "Deno package", script: "check:deno" }],
  [{ name: "docstrings", script: "check:docs" }],
  [{ name: "mutation report", script: "check:mutation" }],
];

await runChecks(CHAINS, Math.min(availableParallelism() + 1, 4));
