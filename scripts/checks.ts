/**
 * Everything that has to pass: `npm test`. What fails soonest comes first, then what takes longest,
 * so that the short checks fill the end. Two more run than there are cores, for tests of databases,
 * browsers and killed processes wait more than they compute.
 */
import { availableParallelism } from "node:os";
import { type Check, runChecks } from "./run-checks.ts";

const MOCHA = "node_modules/mocha/bin/mocha.js";

/** `test:node` in two parts, without `test:processes`, which runs beside it. */
const PROGRAMS = "test/{browser,docs,examples,faults,guarantees,interop,upgrade}/**";
const PROGRAMS_ON_NODE = [MOCHA, "--ignore", "test/guarantees/killed-*", `${PROGRAMS}/*.test.ts`];
const REST_ON_NODE = [
  ...[MOCHA, "--ignore", "test/{drivers,galera,packaging,races}/**", "--ignore", PROGRAMS],
  "test/**/*.test.ts",
];

/** Checks of a chain need what those before them have made. */
const CHAINS: readonly (readonly Check[])[] = [
  [{ name: "types", script: "typecheck" }],
  [{ name: "lint and layers", script: "lint" }],
  [{ name: "whole programs, browsers and faults on Node", script: PROGRAMS_ON_NODE }],
  [{ name: "everything else on Node", script: REST_ON_NODE }],
  [{ name: "tests on Deno", script: "test:deno" }],
  [{ name: "kills and races on Node", script: "test:processes" }],
  [{ name: "every rule of the gate is missed", script: "check:gate" }],
  [{ name: "fast tests on Node 26", script: "test:node26" }],
  [{ name: "two writable Galera nodes", script: "test:galera" }],
  [
    { name: "npm package", script: "check:packaging" },
    { name: "hosts of the npm package", script: "test:hosts" },
  ],
  [{ name: "Deno package", script: "check:deno" }],
  [{ name: "docstrings", script: "check:docs" }],
  [{ name: "mutation report", script: "check:mutation" }],
];

await runChecks(CHAINS, Math.min(availableParallelism() + 2, 4));
