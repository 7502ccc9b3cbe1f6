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
  /** When it is answered. */
  readonly when: string;
  /** The sentence for the person. */
  readonly detail: string;
  /** Further members of an example. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Every problem of the settings API by its code, but those with which the host itself refuses. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  "query-invalid": {
    status: 400,
    when: "the query cannot be used; every fault is under `errors`",
    detail: "The query is invalid.",
    members: {
      errors: [{ pointer: "colour", code: "unknown-member", detail: 'Unrecognized key: "colour"' }],
    },
  },
  "bad-request": {
    status: 400,
    when: "the body cannot be read",
    detail: "The request body could not be read.",
  },
  forbidden: {
    status: 403,
    when: "not an administrator; found before the body is read",
    detail: "Only administrators can do this.",
  },
  "not-a-navigation": {
    status: 403,
    when: "opened otherwise than by a link or a redirect in a browser",
    detail: "Open this URL in a browser through a link or a redirect.",
  },
  "cross-site": {
    status: 403,
    when: "a write from another site's page",
    detail: "Cross-site requests are not allowed.",
  },
  "tenant-unknown": {
    status: 404,
    when: "there is no such tenant",
    detail: "This account does not exist.",
  },
  "test-unknown": {
    status: 404,
    when: "there is no such test sign-in, or it is for another administrator to open",
    detail: "This test sign-in does not exist.",
  },
  "test-over": {
    status: 409,
    when: "a test sign-in was opened that has its answer, or was begun too long ago",
    detail: "This test sign-in has ended.",
  },
  "settings-changed": {
    status: 412,
    when: "somebody else saved meanwhile; `current` says who and when",
    detail: "Another administrator has saved these settings since you read them.",
    members: { current: { version: 2, savedBy: "admin@demo.example", savedAt: 1795443509114 } },
  },
  "body-too-large": {
    status: 413,
    when: "over `limits.jsonBytes`",
    detail: "The request body is too large.",
  },
  "type-unsupported": {
    status: 415,
    when: "not JSON",
    detail: "Send application/json.",
  },
  "encoding-unsupported": {
    status: 415,
    when: "compressed",
    detail: "Send the request body without compression.",
  },
  "settings-invalid": {
    status: 422,
    when: "settings that would not work; every fault is under `errors`, 100 at most",
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
    when: "the body does not say what is needed; every fault is under `errors`",
    detail: "The request body is invalid.",
    members: {
      errors: [{ pointer: "/email", code: "not-allowed", detail: "This must be a string." }],
    },
  },
  "metadata-invalid": {
    status: 422,
    when: "no metadata of an identity provider; `errors` says why",
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
    when: "a defect; the log has it under the `reference`",
    detail: "Something went wrong.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
  "storage-unavailable": {
    status: 503,
    when: "the database does not answer; with `Retry-After` and `reference`",
    detail: "The service is temporarily unavailable.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
};
