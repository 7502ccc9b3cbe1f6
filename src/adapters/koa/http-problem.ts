/** One fault of what was sent. */
export interface ProblemFault {
  /** JSON pointer (RFC 6901) into the body, or the name of a query parameter. */
  readonly pointer: string;
  /** Stable, for programs. */
  readonly code: string;
  /** A sentence for the person. */
  readonly detail: string;
}

/** What a problem document (RFC 9457) says besides its status. */
export interface ProblemMembers {
  /** Stable, for programs. */
  readonly code: string;
  /** A sentence for the person. */
  readonly detail: string;
  readonly errors?: readonly ProblemFault[];
  readonly reference?: string;
  /** Further members. */
  readonly [member: string]: unknown;
}

/** A request that is answered by a problem document; thrown by handlers, shown by the boundary. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    members: ProblemMembers,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(members.detail);
    this.name = "HttpProblem";
    this.status = status;
    this.members = members;
    this.headers = headers;
  }
}

/** A JSON pointer (RFC 6901) of member names and list positions. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
