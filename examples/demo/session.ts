import type { Context } from "koa";
import { z } from "zod";
import type { DemoUser, People } from "./people.ts";

const sessionContent = z.object({
  userId: z.number().int(),
  /** When it ends, in milliseconds since the epoch. */
  until: z.number(),
});

const EIGHT_HOURS_MS = 8 * 60 * 60 * 1000;

/** Who is signed in, kept in koa-session's signed cookie. */
export interface DemoSessions {
  /** Begins a new session; nothing of an earlier one is left. */
  begin(ctx: Context, userId: number, endsBy?: number): void;
  end(ctx: Context): void;
  /** Asks the database each time: whoever is suspended is out at once. */
  userOf(ctx: Context): Promise<DemoUser | undefined>;
}

/** The demo's own sessions. */
export function makeDemoSessions({ people }: { readonly people: People }): DemoSessions {
  return {
    begin(ctx, userId, endsBy = Number.POSITIVE_INFINITY) {
      ctx["session"] = { userId, until: Math.min(Date.now() + EIGHT_HOURS_MS, endsBy) };
    },
    end(ctx) {
      ctx["session"] = null;
    },
    async userOf(ctx) {
      const kept = sessionContent.safeParse(ctx["session"]?.toJSON?.());
      if (!kept.success || kept.data.until <= Date.now()) return undefined;
      return people.activeById(kept.data.userId);
    },
  };
}
