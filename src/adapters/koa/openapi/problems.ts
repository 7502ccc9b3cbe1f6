/** The code of a problem document. */
export type ProblemCode =
  | "query-invalid"
  | "bad-request"
  | "forbidden"
  | "not-a-navigation"
  | "cross-site"
  | "tenant-unknown"
  | "test-unknown"
  | "test-over"
  | "settings-changed"
  | "body-too-large"
  | "type-unsupported"
  | "encoding-unsupported"
  | "settings-invalid"
  | "body-invalid"
  | "metadata-invalid"
  | "if-match-required"
  | "internal"
  | "storage-unavailable";

/** A kind of problem document. */
export interface ProblemKind {
  readonly status: number;
  /** When it is returned. */
  readonly when: string;
  /** Message for users. */
  readonly detail: string;
  /** Further members of an example. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** All problems of the settings API by code, except those thrown by the host. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  "query-invalid": {
    status: 400,
    when: "the query is invalid; `errors` lists every fault",
    detail: "The query is invalid.",
    members: {
      errors: [{ pointer: "colour", code: "unknown-member", detail: 'Unrecognized key: "colour"' }],
    },
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
  "settings-changed": {
    status: 412,
    when: "another administrator has saved since; `current` has who and when",
    detail: "Another administrator has saved these settings since you read them.",
    members: { current: { version: 2, savedBy: "admin@demo.example", savedAt: 1795443509114 } },
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
    members: {
      errors: [
        { pointer: "/enabled", code: "type-invalid", detail: "This must be a boolean." },
        { pointer: "/email", code: "required", detail: "This must be an object." },
        {
          pointer: "/autoProvisioning/role",
          code: "unknown",
          detail: "The role Owner does not exist.",
        },
        {
          pointer: "/autoProvisioning/groups/0",
          code: "unknown",
          detail: "The group Nobody does not exist.",
        },
      ],
    },
  },
  "body-invalid": {
    status: 422,
    when: "the body is invalid; `errors` lists every fault",
    detail: "The request body is invalid.",
    members: {
      errors: [{ pointer: "/email", code: "not-allowed", detail: "This must be a string." }],
    },
  },
  "metadata-invalid": {
    status: 422,
    when: "not the metadata of a SAML identity provider; `errors` has the reason",
    detail: "This is not the metadata of a SAML identity provider.",
    members: {
      errors: [
        {
          pointer: "/xml",
          code: "metadata-invalid",
          detail: "the metadata describes no SAML 2.0 identity provider",
        },
      ],
    },
  },
  "if-match-required": {
    status: 428,
    when: "`PUT` without `If-Match`, or with `*`",
    detail: "Read the settings first and send their ETag in If-Match.",
  },
  internal: {
    status: 500,
    when: "an internal error; the log has the cause under the `reference`",
    detail: "Something went wrong.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
  "storage-unavailable": {
    status: 503,
    when: "the database does not respond; with `Retry-After` and `reference`",
    detail: "The service is temporarily unavailable.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
};
