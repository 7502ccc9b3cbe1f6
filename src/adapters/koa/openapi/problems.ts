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
    detail: "The query cannot be used.",
    members: {
      errors: [{ pointer: "colour", code: "unknown-member", detail: 'Unrecognized key: "colour"' }],
    },
  },
  "bad-request": {
    status: 400,
    when: "the body cannot be read",
    detail: "The request cannot be read.",
  },
  forbidden: {
    status: 403,
    when: "not an administrator; found before the body is read",
    detail: "Only administrators of this account may do this.",
  },
  "not-a-navigation": {
    status: 403,
    when: "opened otherwise than by a link or a redirect in a browser",
    detail: "Open this address in a browser, by a link or a redirect.",
  },
  "cross-site": {
    status: 403,
    when: "a write from another site's page",
    detail: "This request comes from another site.",
  },
  "tenant-unknown": {
    status: 404,
    when: "there is no such tenant",
    detail: "There is no such account.",
  },
  "test-unknown": {
    status: 404,
    when: "there is no such test sign-in, or it is for another administrator to open",
    detail: "There is no such test sign-in.",
  },
  "test-over": {
    status: 409,
    when: "a test sign-in was opened that has its answer, or was begun too long ago",
    detail: "This test sign-in is over.",
  },
  "settings-changed": {
    status: 412,
    when: "somebody else saved meanwhile; `current` says who and when",
    detail: "Somebody else has saved these settings.",
    members: { current: { version: 2, savedBy: "admin@demo.example", savedAt: 1795443509114 } },
  },
  "body-too-large": {
    status: 413,
    when: "over `limits.jsonBytes`",
    detail: "The request is too large.",
  },
  "type-unsupported": {
    status: 415,
    when: "not JSON",
    detail: "Send application/json.",
  },
  "encoding-unsupported": {
    status: 415,
    when: "compressed",
    detail: "Send it as it is, not compressed.",
  },
  "settings-invalid": {
    status: 422,
    when: "settings that would not work; every fault is under `errors`, 100 at most",
    detail: "These settings would not work.",
    members: {
      errors: [
        { pointer: "/enabled", code: "type-invalid", detail: "This must be of type boolean." },
        { pointer: "/email", code: "required", detail: "This must be of type object." },
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
    detail: "The request does not say what is needed.",
    members: {
      errors: [{ pointer: "/email", code: "not-allowed", detail: "This must be a text." }],
    },
  },
  "metadata-invalid": {
    status: 422,
    when: "no metadata of an identity provider; `errors` says why",
    detail: "This is not the metadata of an identity provider.",
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
    detail: "Read the settings first, and name the version that was read in If-Match.",
  },
  internal: {
    status: 500,
    when: "a defect; the log has it under the `reference`",
    detail: "Something failed.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
  "storage-unavailable": {
    status: 503,
    when: "the database does not answer; with `Retry-After` and `reference`",
    detail: "This service is busy at the moment.",
    members: { reference: "QW81-G83Z-WXMG" },
  },
};
