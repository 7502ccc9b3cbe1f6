import process from "node:process";
import fc from "fast-check";
import { TEST_SEED } from "./seed.ts";

// Loaded by mocha before the tests: see .mocharc.json.

fc.configureGlobal({ seed: TEST_SEED });
process.stdout.write(`TEST_SEED=${TEST_SEED}\n`);
