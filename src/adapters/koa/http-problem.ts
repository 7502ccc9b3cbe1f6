/** A fault of a request. */
export interface ProblemFault {
  /** JSON pointer (RFC 6901) into the body, or the name of a query parameter. */
  readonly pointer: string;
  /** Stable code. */
  readonly code: string;
  /** Message for users. */
  readonly detail: string;
}

/** Members of a problem document (RFC 9457) except its status. */
export interface ProblemMembers {
  /** Stable code. */
  readonly code: string;
  /** Message for users. */
  readonly detail: string;
  readonly errors?: readonly ProblemFault[];
  readonly reference?: string;
  /** Further members. */
  readonly [member: string]: unknown;
}

/** Thrown by handlers; the error boundary answers with a problem document. */
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

/** JSON pointer (RFC 6901) to a path of member names and indexes. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
