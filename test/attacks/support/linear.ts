import { expect } from "chai";
import { startProcessorTime } from "../../support/processor-time.ts";
import type { Edit } from "./build.ts";

/**
 * Characters of the longer text: nearly all that a message may hold, and what passes the limit for
 * content that no signature covers. The shorter text has a quarter.
 */
export const LONG = 120_000;
export const UNSIGNED_LONG = 20_000;
const RUNS = 5;
/** Linear work grows by four, quadratic by sixteen. */
const MAX_GROWTH = 8;
/** Growth of less than this is noise. */
const NOISE_MS = 3;
/**
 * Ceilings for a busy machine under coverage, several times what an idle one takes: 10 ms for what
 * anybody may send and 60 ms for identity providers and administrators, as `bench` measures it.
 */
const STRANGER_MS = 60;
const PROVIDER_MS = 240;
/** Another measurement, for a machine that did something else during the first. */
const ATTEMPTS = 3;

/** Texts that make a regular expression try again: what fits for long, then what does not. */
export const FILLINGS: Readonly<Record<string, (length: number) => string>> = {
  spaces: (length) => " ".repeat(length),
  "spaces between letters": (length) => `x${" ".repeat(length)}x`,
  letters: (length) => "a".repeat(length),
  digits: (length) => "1".repeat(length),
  "letters and spaces": (length) => "a ".repeat(length / 2),
  "line feeds between letters": (length) => `x${"\n".repeat(length)}x`,
  "dots, at signs, colons": (length) => ".@:".repeat(length / 3),
  "equals signs at the end": (length) => `A${"=".repeat(length)}`,
};

/** Writes `text` behind what the group of `pattern` finds. */
export function inside(pattern: RegExp, text: string): Edit {
  return (xml) => {
    const changed = xml.replace(pattern, (_, before: string) => before + text);
    if (changed === xml) throw new Error(`nothing to replace: ${pattern}`);
    return changed;
  };
}

/** Processor time of the fastest of several runs, in milliseconds. */
async function fastest(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let times = 0; times < RUNS; times += 1) {
    const spent = startProcessorTime();
    await run();
    best = Math.min(best, spent());
    // What takes this long has failed: four more runs would only take longer.
    if (best > 1000) break;
  }
  return best;
}

/** Measures `run` at a quarter of the length and at the length. */
export async function requireLinear(
  kind: "stranger" | "provider",
  what: string,
  prepare: (length: number) => () => unknown,
  longest: number = LONG,
): Promise<void> {
  const ceiling = kind === "stranger" ? STRANGER_MS : PROVIDER_MS;
  let short = 0;
  let long = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    short = await fastest(prepare(longest / 4));
    long = await fastest(prepare(longest));
    const grows = long > NOISE_MS && long / Math.max(short, NOISE_MS / 4) >= MAX_GROWTH;
    if (long < ceiling && !grows) return;
  }
  expect.fail(`${what}: ${short} ms for a quarter, ${long} ms for all of it`);
}
