/** A fault of a request. */
export interface ProblemFault {
  /** JSON pointer (RFC 6901) into the body, or the name of a query parameter. */
  readonly pointer: string;
  /** Stable code. */
  readonly code: string;
  /** Message for users. */
  readonly detail: string;
}

interface ProblemEntry {
  readonly status: number;
  /** When it is returned; absent where the settings API never answers with it. */
  readonly when?: string;
  /** Message for users. */
  readonly detail: string;
}

/**
 * Every problem that the plugin answers with, by its stable code. The routes throw them by
 * {@link problem}; the OpenAPI document describes those of the settings API from the same entries.
 */
export const PROBLEMS = {
  "query-invalid": {
    status: 400,
    when: "the query is invalid; `errors` lists every fault",
    detail: "The query is invalid.",
  },
  "bad-request": {
    status: 400,
    when: "the body could not be read",
    detail: "The request body could not be read.",
  },
  forbidden: {
    status: 403,
    when: "the request is not from an administrator; checked before the body is read",
    detail: "Only administrators can do this.",
  },
  "not-a-navigation": {
    status: 403,
    when: "not opened by a link or redirect in a browser",
    detail: "Open this URL in a browser through a link or a redirect.",
  },
  "cross-site": {
    status: 403,
    when: "a write from a page of another site",
    detail: "Cross-site requests are not allowed.",
  },
  "tenant-unknown": {
    status: 404,
    when: "the tenant does not exist",
    detail: "This account does not exist.",
  },
  "domain-unknown": {
    status: 404,
    when: "no administrator has added the domain, or it was removed",
    detail: "This domain is not in the list. Add it first.",
  },
  "test-unknown": {
    status: 404,
    when: "the test sign-in does not exist or belongs to another administrator",
    detail: "This test sign-in does not exist.",
  },
  "test-over": {
    status: 409,
    when: "the test sign-in has received its response or has expired",
    detail: "This test sign-in has ended.",
  },
  "connection-unknown": {
    status: 404,
    when: "the connection does not exist",
    detail: "This connection does not exist.",
  },
  "connection-changed": {
    status: 412,
    when: "the connection has been changed since it was read, or exists already",
    detail: "This connection has been changed since you read it.",
  },
  "metadata-change-gone": {
    status: 412,
    when: "no change waits any more, or another one than `If-Match` names",
    detail: "This change no longer waits. Read again what does.",
  },
  "settings-changed": {
    status: 412,
    when: "another administrator has saved since; `current` has who and when",
    detail: "Another administrator has saved these settings since you read them.",
  },
  "body-too-large": {
    status: 413,
    when: "the body exceeds `limits.jsonBytes`",
    detail: "The request body is too large.",
  },
  "type-unsupported": {
    status: 415,
    when: "the body is not JSON",
    detail: "Send application/json.",
  },
  "encoding-unsupported": {
    status: 415,
    when: "the body is compressed",
    detail: "Send the request body without compression.",
  },
  "settings-invalid": {
    status: 422,
    when: "invalid settings; `errors` lists every fault, at most 100",
    detail: "The settings are invalid.",
  },
  "body-invalid": {
    status: 422,
    when: "the body is invalid; `errors` lists every fault",
    detail: "The request body is invalid.",
  },
  "metadata-invalid": {
    status: 422,
    when: "not the metadata of a SAML identity provider; `errors` has the reason",
    detail: "This is not the metadata of a SAML identity provider.",
  },
  "metadata-not-fetched": {
    status: 422,
    when: "the metadata could not be fetched; `errors` has the reason",
    detail: "The metadata could not be fetched.",
  },
  "if-match-required": {
    status: 428,
    when: "a write without `If-Match`, or with `*`",
    detail: "Read the settings first and send their ETag in If-Match.",
  },
  internal: {
    status: 500,
    when: "an internal error; the log has the cause under the `reference`",
    detail: "Something went wrong.",
  },
  "storage-unavailable": {
    status: 503,
    when: "the database does not respond; with `Retry-After` and `reference`",
    detail: "The service is temporarily unavailable.",
  },
  "not-found": {
    status: 404,
    detail: "This file does not exist.",
  },
  "method-not-allowed": {
    status: 405,
    detail: "Use a method listed in the Allow header.",
  },
} as const;

/** Stable code of a problem that the plugin itself answers with. */
export type ProblemCode = keyof typeof PROBLEMS;

/**
 * Stable code of any problem document: `refused-by-host` where a callback of the host threw its own
 * status and message; the other two for sign-ins and sign-outs that are refused.
 */
export type SentCode = ProblemCode | "refused-by-host" | "sign-in-refused" | "logout-refused";

/** Members of a problem document (RFC 9457) besides `type`, `title`, `status` and `code`. */
export interface ProblemMembers {
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
  readonly code: SentCode;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: SentCode,
    members: ProblemMembers,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(members.detail);
    this.name = "HttpProblem";
    this.status = status;
    this.code = code;
    this.members = members;
    this.headers = headers;
  }
}

/** The problem with this code; `members` adds to, or replaces, what the catalogue says. */
export function problem(
  code: ProblemCode,
  members: Partial<ProblemMembers> = {},
  headers: Readonly<Record<string, string>> = {},
): HttpProblem {
  const { status, detail }: ProblemEntry = PROBLEMS[code];
  return new HttpProblem(status, code, { detail, ...members }, headers);
}

/** JSON pointer (RFC 6901) to a path of member names and indexes. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
