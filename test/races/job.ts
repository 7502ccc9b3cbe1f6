import type { Knex } from "knex";

/** What a worker process does for a test, as one line of JSON. */
export type Job =
  | {
      readonly kind: "open";
      readonly config: Knex.Config;
      /** Of an instance that shares the users `people` with others. Default: users of its own. */
      readonly sharedBy?: string;
    }
  | { readonly kind: "migrate" }
  | { readonly kind: "rollback" }
  /** First sign-ins, all at once. */
  | { readonly kind: "sign-in"; readonly people: readonly SignInJob[]; readonly limit?: number }
  | { readonly kind: "save-settings"; readonly by: string; readonly version: number }
  /** Posts the waiting events to a URL; answers with what was delivered. */
  | { readonly kind: "deliver"; readonly url: string }
  /** First sign-ins of new people, one after the other, until the process is killed. */
  | { readonly kind: "sign-in-forever"; readonly name: string; readonly limit: number };

/** What a process with a whole host in it does for a test. */
export type HttpJob =
  /** Answers with the host's URL. */
  | { readonly kind: "open"; readonly config: Knex.Config }
  | { readonly kind: "migrate" }
  | { readonly kind: "refresh" }
  /** Null: no limit. */
  | { readonly kind: "license-limit"; readonly limit: number | null };

/** One person's arrival with an assertion. */
export interface SignInJob {
  readonly email: string;
  readonly assertion: string;
}

/** What a worker answers, as one line of JSON. */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string };
