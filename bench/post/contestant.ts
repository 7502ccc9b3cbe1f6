import type { RequestListener } from "node:http";
import type { Knex } from "knex";
import type { SecondReadingStrength } from "../../src/adapters/saml2-js/second-reading/second-reading.ts";
import type { IdentityProvider } from "../../src/domain/settings.ts";

/** What a contestant is given, as plain JSON: it runs in a process of its own. */
export interface Given {
  /** Where it is reached, without a slash at the end. */
  readonly origin: string;
  readonly idp: {
    readonly connection: IdentityProvider;
    readonly certificate: string;
    readonly metadata: string;
  };
  /** An empty database of its own. */
  readonly database: {
    readonly kind: "SQLite" | "PostgreSQL";
    readonly config: Knex.Config;
    /** What to say to SQLite on every connection. */
    readonly pragmas: readonly string[];
    /** Of SQLite. Default: `sqlite3`. */
    readonly driver?: "sqlite3" | "better-sqlite3";
  };
  /** For our own plugin alone. */
  readonly secondReading: SecondReadingStrength;
}

/** Something that turns the post of a SAML response into a session. */
export interface Contestant {
  readonly handler: RequestListener;
  /** Where identity providers post to. */
  readonly acsUrl: string;
  /** The entity ID. */
  readonly audience: string;
  /** Whether the answer's Location is that of somebody who got in. */
  readonly landing: string;
  /** How many people it has stored; `undefined` when it stores none. */
  countPeople(): Promise<number | undefined>;
}

/** Every module of a contestant exports one of these as `make`. */
export type MakeContestant = (given: Given) => Promise<Contestant>;
