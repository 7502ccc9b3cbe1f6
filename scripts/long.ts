/**
 * What takes too long for `npm test`: `npm run test:long`, about an hour. Everything random
 * comes from one seed, which is printed; `TEST_SEED=… npm run test:long` repeats it.
 */
import process from "node:process";
import { ALL_ROUNDS_VARIABLE, TEST_SEED } from "../test/support/seed.ts";
import { type Check, runChecks } from "./run-checks.ts";

const EVERYTHING = { TEST_SEED: String(TEST_SEED), [ALL_ROUNDS_VARIABLE]: "1" };
const MOCHA = "node_modules/mocha/bin/mocha.js";
const FUZZ_SECONDS = 600;

/** Add what takes minutes here, with a limit. */
const LONG: readonly Check[] = [
  { name: "kills and races on Node", script: "test:processes", limitMinutes: 30 },
  { name: "kills and races on Deno", script: "test:processes:deno", limitMinutes: 30 },
  { name: "stores on better-sqlite3", script: [MOCHA, "test/drivers/better-sqlite3.test.ts"] },
  {
    name: "random documents, against other tools",
    script: [MOCHA, "test/adapters/saml2-js/xml/*.test.ts"],
  },
  { name: "what strangers make us store", script: [MOCHA, "test/http/strangers.test.ts"] },
  {
    name: "fuzzed responses and logout messages",
    script: ["test/fuzz/long.ts", "--seconds", `${FUZZ_SECONDS}`, "--seed", `${TEST_SEED}`],
    limitMinutes: 2 * (FUZZ_SECONDS / 60),
  },
  {
    name: "a host under load for twenty minutes: memory and tables",
    script: ["test/soak/soak.ts"],
    limitMinutes: 60, // SOAK_MINUTES may say more than twenty
  },
  ...["22", "24", "26"].map((major) => ({
    name: `everything on Node ${major}`,
    script: ["scripts/on-node.ts", major, "test:node"],
    env: { [ALL_ROUNDS_VARIABLE]: "" }, // rounds do not differ between the releases
    limitMinutes: 30,
  })),
  { name: "Strapi is installed", script: ["test/packaging/strapi/install.ts"], limitMinutes: 15 },
  { name: "a Strapi platform", script: [MOCHA, "test/packaging/strapi/strapi.test.ts"] },
  { name: "every rule of the gate is missed on Deno", script: "check:gate:deno" },
  { name: "every check of connections is missed", script: "check:connections" },
  { name: "coverage, of the tests on Deno", script: "coverage", limitMinutes: 30 },
  { name: "mutation of the domain, where it has changed", script: "mutation", limitMinutes: 60 },
];

process.stdout.write(`TEST_SEED=${TEST_SEED}\n`);
await runChecks([LONG.map((check) => ({ ...check, env: { ...EVERYTHING, ...check.env } }))]);
