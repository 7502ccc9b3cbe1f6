import type { LogEvent } from "./log-event.ts";

/** Source of the current time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes identifiers. */
export interface IdSource {
  /** A new unique ID of at most 36 characters that sorts by creation time. */
  entryId(): string;
  /**
   * A new short code that users can read out and that cannot be guessed. Lookups ignore case,
   * dashes and look-alike characters if it consists of twelve characters of Crockford's base 32 in
   * groups of four, such as `QW81-G83Z-WXMG`; other forms are compared exactly.
   */
  reference(): string;
  /** Lower-case hex SHA-256 of the parts, separated without ambiguity. */
  digest(...parts: readonly string[]): string;
}

/** Receives log events. They never contain secrets, XML or attribute values. */
export interface Logger {
  /** Normal operation. */
  info(event: LogEvent): void;
  /** Conditions that an operator should review. */
  warn(event: LogEvent): void;
  /** Failures. */
  error(event: LogEvent): void;
}
