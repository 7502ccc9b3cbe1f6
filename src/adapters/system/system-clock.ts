import type { Clock } from "../../ports/environment.ts";

/** The clock of this computer. */
export function makeSystemClock(): Clock {
  return { now: () => Date.now() };
}
