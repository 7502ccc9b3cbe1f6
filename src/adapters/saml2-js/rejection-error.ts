import { defined } from "../../domain/defined.ts";
import type {
  Comparison,
  Rejection,
  RejectionCause,
  RejectionCauses,
  RejectionCode,
} from "../../domain/rejection.ts";

/** What a rejection says besides its code and reason. */
interface Particulars {
  readonly cause?: RejectionCause | undefined;
  readonly comparison?: Comparison | undefined;
}

/**
 * A rejected message. Thrown only inside this adapter: its one boundary turns it into a
 * `Rejection`, so that a rule deep in the reading can stop it.
 */
export class RejectionError extends Error {
  readonly code: RejectionCode;
  override readonly cause: RejectionCause | undefined;
  readonly comparison: Comparison | undefined;

  constructor(code: RejectionCode, detail: string, { cause, comparison }: Particulars = {}) {
    super(detail);
    this.name = "RejectionError";
    this.code = code;
    this.cause = cause;
    this.comparison = comparison;
  }
}

/** The cause, for codes that have several, and the compared values, if any. */
type Because<C extends RejectionCode> = C extends keyof RejectionCauses
  ? readonly [cause: RejectionCauses[C], comparison?: Comparison]
  : readonly [comparison?: Comparison];

/** Stops the reading of a message. */
export function refuse<C extends RejectionCode>(
  code: C,
  detail: string,
  ...because: Because<C>
): never {
  const causes: readonly (RejectionCause | Comparison | undefined)[] = because;
  throw new RejectionError(code, detail, {
    cause: causes.find((one) => typeof one === "string"),
    comparison: causes.find((one) => typeof one === "object"),
  });
}

/** The value that a rejection becomes at the boundary. */
export function rejectionOf(
  { code, cause, message, comparison }: RejectionError,
  authenticated: boolean,
): Rejection {
  return {
    kind: "rejected",
    code,
    ...defined({ cause }),
    detail: message,
    authenticated,
    ...defined({ comparison }),
  };
}

const QUOTED_LENGTH = 200;

/** Text of the sender for an administrator's eyes: bounded, control characters escaped. */
export function quote(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(cut(text));
}

/** The same, for where it stands alone. */
export function shorten(text: string): string {
  return JSON.stringify(cut(text)).slice(1, -1);
}

function cut(text: string): string {
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
}
