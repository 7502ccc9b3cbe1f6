import { createHash, randomBytes } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { referenceOf } from "../../domain/audit.ts";
import type { ResolveTxt } from "../../ports/domain-proofs.ts";
import type { Clock, IdSource, LogEvent, Logger } from "../../ports/environment.ts";

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

/** How long DNS is asked, in milliseconds; a second attempt included. */
const DNS_LIMIT_MS = 5000;

/** What says that a name, or a record of this type at it, does not exist. */
const NO_RECORD: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * Asks DNS for TXT records.
 *
 * @param servers addresses with ports. Default: those of this computer.
 * @param limitMs how long they have, in milliseconds. Default: 5,000.
 */
export function makeTxtResolver({
  servers,
  limitMs = DNS_LIMIT_MS,
}: {
  readonly servers?: readonly string[];
  readonly limitMs?: number;
} = {}): ResolveTxt {
  const limited = makeTimeLimit(limitMs);
  return async (name) => {
    // One each: to cancel a query cancels all of its resolver.
    const resolver = new Resolver({ timeout: limitMs / 2, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    try {
      // A name without an end would be looked up below the search domains of this computer, too.
      const records = await limited(() => resolver.resolveTxt(`${name}.`));
      return { kind: "answered", texts: records.map((parts) => parts.join("")) };
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
      return NO_RECORD.has(code) ? { kind: "answered", texts: [] } : { kind: "unreachable" };
    } finally {
      resolver.cancel();
    }
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
