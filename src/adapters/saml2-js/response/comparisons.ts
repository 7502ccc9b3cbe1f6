import type { Comparison } from "../../../domain/rejection.ts";
import { shorten } from "../rejection-error.ts";
import { readInstant } from "../wire/lexical-forms.ts";

/** What a time is checked against. */
export interface Moment {
  /** IssueInstant of the message or its assertion. */
  readonly issueInstant: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly limits: { readonly clockSkewMs: number };
}

/** Two texts that should be the same. */
export function compareTexts(sent: string | undefined, expected: string | undefined): Comparison {
  return { sent: displayText(sent), expected: displayText(expected) };
}

/** A time that is still to come. */
export function early(time: number, moment: Moment): Comparison {
  const latest = moment.now + moment.limits.clockSkewMs;
  return { sent: iso(time), expected: `${iso(latest)} or before`, ...clocks(moment) };
}

/** A time that is more than `allowedMs` ago, tolerance included. */
export function late(time: number, moment: Moment, allowedMs = 0): Comparison {
  const earliest = moment.now - allowedMs - moment.limits.clockSkewMs;
  return { sent: iso(time), expected: `after ${iso(earliest)}`, ...clocks(moment) };
}

/** A UTC timestamp for display. */
export function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function clocks({ issueInstant, now }: Moment): Pick<Comparison, "clockDifferenceMs"> {
  const issued = issueInstant === undefined ? undefined : readInstant(issueInstant);
  return issued === undefined ? {} : { clockDifferenceMs: issued - now };
}

function displayText(text: string | undefined): string {
  return text === undefined ? "(none)" : shorten(text);
}
