import { createHash, randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { LogoutDemand, SamlSession } from "koa-saml-jit";

const TABLE = "sessions";

/** A session of the platform. */
export interface Session {
  readonly userId: string;
  /** What `signIn` received; absent for users who signed in another way. */
  readonly saml?: SamlSession;
}

/** The table; the cookie holds nothing but the ID. */
export async function createSessionTable(knex: Knex, name: string = TABLE): Promise<void> {
  await knex.schema.createTable(name, (table) => {
    table.string("id", 36).primary();
    table.string("user_id").notNullable();
    table.text("saml");
    // Digests: what identity providers send may be long, and databases compare texts in their ways.
    table.string("subject", 64).index();
    table.string("session_index", 64);
    table.bigInteger("until").notNullable();
  });
}

/** Sessions that end wherever the request comes from: a frame of another site sends no cookie. */
export function makeSessions(knex: Knex, name: string = TABLE) {
  return {
    async begin(userId: string, until: number, saml?: SamlSession): Promise<string> {
      const id = randomUUID();
      await knex(name).insert({
        id,
        user_id: userId,
        until,
        ...(saml && {
          saml: JSON.stringify(saml),
          subject: digest(saml.issuer, saml.nameId.value),
        }),
        ...(saml?.sessionIndex && { session_index: digest(saml.sessionIndex) }),
      });
      return id;
    },
    async find(id: string, now: number): Promise<Session | undefined> {
      const row = await knex(name).where({ id }).where("until", ">", now).first();
      return row && { userId: row.user_id, ...(row.saml && { saml: JSON.parse(row.saml) }) };
    },
    async end(id: string): Promise<void> {
      await knex(name).where({ id }).delete();
    },
    async endDemanded({ issuer, nameId, sessionIndexes }: LogoutDemand): Promise<void> {
      const sessions = knex(name).where({ subject: digest(issuer, nameId.value) });
      if (sessionIndexes.length > 0) {
        const digests = sessionIndexes.map((index) => digest(index));
        // A session without an index cannot be told from the one that is meant.
        sessions.where((or) => or.whereIn("session_index", digests).orWhereNull("session_index"));
      }
      await sessions.delete();
    },
    async purge(now: number): Promise<void> {
      await knex(name).where("until", "<=", now).delete();
    },
  };
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
