import { createHash } from "node:crypto";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { LogEvent } from "../../ports/log-event.ts";

/** A clock that stands still until it is advanced. */
export interface FixedClock extends Clock {
  /** Moves on (or back) by `ms` milliseconds. */
  advance(ms: number): void;
  /** Jumps to `time`, in milliseconds since the epoch. */
  set(time: number): void;
}

/** A logger that keeps what it is given. */
export interface MemoryLogger extends Logger {
  /** Oldest first. */
  readonly events: readonly LeveledEvent[];
}

/** A log event with its level. */
export interface LeveledEvent {
  /** Which method of the logger was called. */
  readonly level: "info" | "warn" | "error";
  /** What it was called with. */
  readonly event: LogEvent;
}

/** Creates a clock at `time`, in milliseconds since the epoch. Default: 2026-01-01. */
export function makeFixedClock(time: number = Date.UTC(2026, 0, 1)): FixedClock {
  let current = time;
  return {
    now: () => current,
    advance: (ms) => {
      current += ms;
    },
    set: (next) => {
      current = next;
    },
  };
}

/** IDs that count up, so that a test can name them: `entry-00000001`, `REF-00001`. */
export function makeSequentialIds(): IdSource {
  let entries = 0;
  let references = 0;
  return {
    entryId: () => {
      entries += 1;
      return `entry-${String(entries).padStart(8, "0")}`;
    },
    reference: () => {
      references += 1;
      return `REF-${String(references).padStart(5, "0")}`;
    },
    digest: (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
  };
}

/** A logger whose events a test can look at. */
export function makeMemoryLogger(): MemoryLogger {
  const events: LeveledEvent[] = [];
  const keeping = (level: LeveledEvent["level"]) => (event: LogEvent) => {
    events.push({ level, event });
  };
  return {
    events,
    info: keeping("info"),
    warn: keeping("warn"),
    error: keeping("error"),
  };
}
