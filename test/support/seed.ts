import process from "node:process";
import { makeRandom, type Random } from "../fuzz/random.ts";

/**
 * Decides everything that is random in the tests. Default: another one for every run; printed at
 * the start of the run, and given again by the environment variable `TEST_SEED`.
 */
export const TEST_SEED: number = readSeed(process.env["TEST_SEED"]);

/** Random numbers of one test; `purpose` tells them from those of another. */
export function seededRandom(purpose: string): Random {
  let seed = TEST_SEED;
  for (const sign of purpose) seed = (Math.imul(seed, 31) + (sign.codePointAt(0) ?? 0)) >>> 0;
  return makeRandom(seed);
}

/** The variable that is `1` in `npm run test:long`. */
export const ALL_ROUNDS_VARIABLE = "TEST_ALL_ROUNDS";

/** Whether tests with fewer rounds in `npm test` make all of them. */
export const ALL_ROUNDS: boolean = process.env[ALL_ROUNDS_VARIABLE] === "1";

/** How many of `all` rounds are made: a quarter in `npm test`. */
export function roundsOf(all: number): number {
  return ALL_ROUNDS ? all : Math.ceil(all / 4);
}

function readSeed(given: string | undefined): number {
  if (given === undefined || given === "") return Date.now() % 0x7fff_ffff;
  const seed = Number(given);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new TypeError(`TEST_SEED must be a non-negative integer, not "${given}"`);
}
