import type { Comparison, Rejection, RejectionCode } from "../../domain/rejection.ts";

/**
 * A rejected message. Thrown only inside this adapter: its one boundary turns it into a
 * `Rejection`, so that a rule deep in the reading can stop it.
 */
export class RejectionError extends Error {
  readonly code: RejectionCode;
  readonly comparison: Comparison | undefined;

  constructor(code: RejectionCode, detail: string, comparison?: Comparison) {
    super(detail);
    this.name = "RejectionError";
    this.code = code;
    this.comparison = comparison;
  }
}

/** Stops the reading of a message. */
export function refuse(code: RejectionCode, detail: string, comparison?: Comparison): never {
  throw new RejectionError(code, detail, comparison);
}

/** The value that a refusal becomes at the boundary. */
export function rejectionOf(
  { code, message, comparison }: RejectionError,
  authenticated: boolean,
): Rejection {
  return {
    kind: "rejected",
    code,
    detail: message,
    authenticated,
    ...(comparison === undefined ? {} : { comparison }),
  };
}

const QUOTED_LENGTH = 200;

/** Text of the sender for an administrator's eyes: bounded, control characters escaped. */
export function quoted(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(cut(text));
}

/** The same, for where it stands alone. */
export function bounded(text: string): string {
  return JSON.stringify(cut(text)).slice(1, -1);
}

function cut(text: string): string {
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
}
