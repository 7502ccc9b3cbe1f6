import type { Context } from "koa";
import { z } from "zod";
import type { SamlSession } from "../../src/mod.ts";
import type { DemoUser, People } from "./people.ts";

const sessionContent = z.object({
  userId: z.number().int(),
  /** For single logout; written by {@link DemoSessions.begin} alone, and signed with the rest. */
  saml: z.custom<SamlSession>((value) => typeof value === "object" && value !== null).optional(),
  /** When it ends, in milliseconds since the epoch. */
  until: z.number(),
});

const EIGHT_HOURS_MS = 8 * 60 * 60 * 1000;

/** Who is signed in, kept in koa-session's signed cookie. */
export interface DemoSessions {
  /** Begins a new session; nothing of an earlier one is left. */
  begin(ctx: Context, userId: number, saml?: SamlSession): void;
  end(ctx: Context): void;
  /** The SAML session that this one began with. */
  samlOf(ctx: Context): SamlSession | undefined;
  /** Queries the database for each request: suspended users lose access immediately. */
  userOf(ctx: Context): Promise<DemoUser | undefined>;
}

/** The demo's own sessions. */
export function makeDemoSessions({ people }: { readonly people: People }): DemoSessions {
  return {
    begin(ctx, userId, saml) {
      const endsBy = saml?.sessionNotOnOrAfter ?? Number.POSITIVE_INFINITY;
      ctx["session"] = { userId, saml, until: Math.min(Date.now() + EIGHT_HOURS_MS, endsBy) };
    },
    samlOf: (ctx) => contentOf(ctx)?.saml,
    end(ctx) {
      ctx["session"] = null;
    },
    async userOf(ctx) {
      const content = contentOf(ctx);
      if (content === undefined || content.until <= Date.now()) return undefined;
      return people.activeById(content.userId);
    },
  };
}

function contentOf(ctx: Context): z.infer<typeof sessionContent> | undefined {
  return sessionContent.safeParse(ctx["session"]?.toJSON?.()).data;
}
