import type { Knex } from "knex";
import type { Context } from "koa";
import { z } from "zod";
import type { LogoutDemand, SamlSession } from "../../src/mod.ts";
import { makeSessions } from "../sessions.ts";
import { SESSION_TABLE } from "./migrations.ts";
import type { DemoUser, People } from "./people.ts";

const sessionContent = z.object({ sessionId: z.uuid() });

const EIGHT_HOURS_MS = 8 * 60 * 60 * 1000;

/**
 * Who is signed in. koa-session's signed cookie has an ID; what it stands for is in the database,
 * where the identity provider can end it without the cookie.
 */
export interface DemoSessions {
  /** Begins a new session and ends the one before it. */
  begin(ctx: Context, userId: number, saml?: SamlSession): Promise<void>;
  end(ctx: Context): Promise<void>;
  /** Ends the sessions that the identity provider wants to end, whoever asks. */
  endDemanded(demand: LogoutDemand): Promise<void>;
  /** The SAML session that this one began with. */
  samlOf(ctx: Context): Promise<SamlSession | undefined>;
  /** Queries the database for each request: suspended users lose access immediately. */
  userOf(ctx: Context): Promise<DemoUser | undefined>;
  /** Forgets sessions that are over. */
  purge(): Promise<void>;
}

/** The demo's own sessions. */
export function makeDemoSessions({
  knex,
  people,
}: {
  readonly knex: Knex;
  readonly people: People;
}): DemoSessions {
  const sessions = makeSessions(knex, SESSION_TABLE);
  const find = async (ctx: Context) => {
    const id = idOf(ctx);
    return id === undefined ? undefined : sessions.find(id, Date.now());
  };
  const end = async (ctx: Context) => {
    const id = idOf(ctx);
    if (id !== undefined) await sessions.end(id);
    ctx["session"] = null;
  };
  return {
    async begin(ctx, userId, saml) {
      await end(ctx);
      const endsBy = saml?.sessionNotOnOrAfter ?? Number.POSITIVE_INFINITY;
      const until = Math.min(Date.now() + EIGHT_HOURS_MS, endsBy);
      ctx["session"] = { sessionId: await sessions.begin(String(userId), until, saml) };
    },
    end,
    endDemanded: (demand) => sessions.endDemanded(demand),
    samlOf: async (ctx) => (await find(ctx))?.saml,
    async userOf(ctx) {
      const session = await find(ctx);
      return session === undefined ? undefined : people.activeById(Number(session.userId));
    },
    purge: () => sessions.purge(Date.now()),
  };
}

function idOf(ctx: Context): string | undefined {
  return sessionContent.safeParse(ctx["session"]?.toJSON?.()).data?.sessionId;
}
