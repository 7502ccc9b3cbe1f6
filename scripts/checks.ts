/**
 * Everything that has to pass: `npm test`. The two lanes run beside each other, for the tests of
 * each runtime wait more than they compute; the rest is divided so that both take about as long.
 */
import { type Check, runChecks } from "./run-checks.ts";

const NODE: readonly Check[] = [
  { name: "types", script: "typecheck" },
  { name: "tests on Node", script: "test:node" },
  { name: "fast tests and stores on Node 22", script: "test:node22" },
  { name: "fast tests and stores on Node 24", script: "test:node24" },
  { name: "fast tests and stores on Node 26", script: "test:node26" },
];

const DENO_AND_PACKAGES: readonly Check[] = [
  { name: "lint and layers", script: "lint" },
  { name: "tests on Deno", script: "test:deno" },
  { name: "coverage", script: "coverage" },
  { name: "two writable Galera nodes", script: "test:galera" },
  { name: "every rule of the gate is missed", script: "check:gate" },
  { name: "mutation report", script: "check:mutation" },
  { name: "docstrings", script: "check:docs" },
  { name: "Deno package", script: "check:deno" },
  // The last two build dist: one after the other.
  { name: "npm package", script: "check:packaging" },
  { name: "hosts of the npm package", script: "test:hosts" },
];

await runChecks([NODE, DENO_AND_PACKAGES]);
