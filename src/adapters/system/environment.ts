import { createHash, randomBytes } from "node:crypto";
import { referenceOf } from "../../domain/reference.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { LogEvent } from "../../ports/log-event.ts";

/** The clock of this computer. */
export function makeSystemClock(): Clock {
  return { now: () => Date.now() };
}

/** Runs work with a timeout; the work itself is not cancelled. */
export type TimeLimit = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a {@link TimeLimit} of `limitMs` milliseconds. */
export function makeTimeLimit(limitMs: number): TimeLimit {
  return async (work) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${limitMs} ms`)), limitMs);
    });
    try {
      return await Promise.race([work(), over]);
    } finally {
      clearTimeout(timer);
    }
  };
}

const REFERENCE_OCTETS = 12;

/**
 * Identifiers from time and chance. Entry IDs are UUIDs of version 7 (RFC 9562 section 5.7, with
 * the counter of section 6.2), so they sort by time, and within a millisecond by making.
 */
export function makeRandomIds({ clock }: { readonly clock: Clock }): IdSource {
  let lastMs = 0;
  let counter = 0;
  return {
    entryId: () => {
      const now = clock.now();
      counter = now > lastMs ? 0 : counter + 1;
      // A clock that stands or goes back must not make IDs that sort before older ones.
      lastMs = Math.max(lastMs, now) + Math.floor(counter / 4096);
      counter %= 4096;
      const time = lastMs.toString(16).padStart(12, "0");
      const random = randomBytes(8);
      random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
      const tail = random.toString("hex");
      return [
        time.slice(0, 8),
        time.slice(8),
        `7${counter.toString(16).padStart(3, "0")}`,
        tail.slice(0, 4),
        tail.slice(4),
      ].join("-");
    },
    reference: () => referenceOf(randomBytes(REFERENCE_OCTETS)),
    digest: (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
  };
}

/**
 * Writes warnings and errors to the console, one JSON object a line; what is merely informative is
 * left to hosts that bring a logger of their own.
 */
export function makeConsoleLogger(): Logger {
  const line = (level: string, event: LogEvent) => JSON.stringify({ level, ...event });
  return {
    info: () => undefined,
    warn: (event) => console.warn(line("warn", event)),
    error: (event) => console.error(line("error", event)),
  };
}
