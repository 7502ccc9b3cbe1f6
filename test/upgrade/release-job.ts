import type { Knex } from "knex";
import type { TestKey } from "../../src/testing/signing-idp/certificate.ts";

/** What a process with the host of one release does for a test, as one line of JSON. */
export type ReleaseJob =
  | {
      readonly kind: "open";
      readonly config: Knex.Config;
      /** Of the identity provider, which all releases share. */
      readonly key: TestKey;
    }
  | { readonly kind: "migrate" }
  /** Answers with the status. */
  | { readonly kind: "health" }
  /** Saves settings as this release writes them. */
  | { readonly kind: "save-settings" }
  /** Answers with the HTTP status, followed by what was logged last if it is not 303. */
  | { readonly kind: "sign-in"; readonly email: string };
