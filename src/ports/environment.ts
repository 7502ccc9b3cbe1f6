import type { LogEvent } from "./log-event.ts";

/** The time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes identifiers. */
export interface IdSource {
  /** A new unique ID that sorts by time of making, 36 characters at most. */
  entryId(): string;
  /**
   * A short code that a person can read out; not guessable. People find it again however they type it
   * when it is twelve signs of Crockford's base 32 in groups of four, such as `QW81-G83Z-WXMG`; of
   * another form it must be typed as it is.
   */
  reference(): string;
  /** Lower-case hex SHA-256 of the parts, separated without ambiguity. */
  digest(...parts: readonly string[]): string;
}

/** Where the plugin writes what operators should see. Never given secrets, XML or attribute values. */
export interface Logger {
  /** What happens all day. */
  info(event: LogEvent): void;
  /** What somebody should look at in time. */
  warn(event: LogEvent): void;
  /** What did not work and should have. */
  error(event: LogEvent): void;
}
