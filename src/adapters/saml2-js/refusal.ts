import type { RejectionCode } from "../../domain/rejection.ts";

/**
 * A message is not taken. Thrown inside this adapter only: its one boundary turns it into a
 * `Rejection`, so that a rule deep in the reading can stop it.
 */
export class Refusal extends Error {
  readonly code: RejectionCode;

  constructor(code: RejectionCode, detail: string) {
    super(detail);
    this.name = "Refusal";
    this.code = code;
  }
}

/** Stops the reading of a message. */
export function refuse(code: RejectionCode, detail: string): never {
  throw new Refusal(code, detail);
}

const QUOTED_LENGTH = 200;

/** Text of the sender for an administrator's eyes: bounded, control characters escaped. */
export function quoted(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}
