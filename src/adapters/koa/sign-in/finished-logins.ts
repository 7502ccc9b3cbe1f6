import { createHash } from "node:crypto";
import { z } from "zod";
import type { PendingRequest } from "../../../application/sign-in/pending-request.ts";
import type { Refusal, SamlSession } from "../../../application/sign-in/sign-in-outcome.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { currentSessionOf, type HostContext, type LogoutCallbacks } from "../host-callbacks.ts";
import {
  MAX_RETURN_TO,
  makePendingCookies,
  type PendingDeps,
  TenantField,
} from "../pending-cookies.ts";
import { returnPath } from "../request.ts";

/**
 * A sign-in that this browser has completed, in a signed cookie. It says where the sign-in led, for
 * a form that is posted twice and for the Back button. It admits nobody: what it leads to is a page
 * of the host, which asks the host's own session who is there.
 */
interface FinishedLogin extends PendingRequest {
  readonly returnTo: string;
  /** Digest of the SAML session that began. */
  readonly session: string;
}

/** What a sign-in leaves behind in the browser. */
export interface FinishedLogins {
  /** Remembers a sign-in that has succeeded. */
  remember(
    ctx: HostContext,
    signedIn: {
      readonly tenant: TenantId;
      readonly form: unknown;
      readonly requestId: string | undefined;
      readonly session: SamlSession;
      readonly returnTo: string;
    },
  ): void;
  /**
   * Where the sign-in led that a refused response repeats.
   *
   * @returns `undefined` if this browser has completed no such sign-in, or if the host says that
   * its session is over or another's.
   */
  destinationOf(
    ctx: HostContext,
    repeated: { readonly tenant: TenantId; readonly form: unknown; readonly refusal: Refusal },
  ): Promise<string | undefined>;
}

/** Concurrent sign-ins of a browser; more are not remembered. */
const SLOTS = 2;

/** How long the Back button leads on, in milliseconds. */
const REMEMBERED_MS = 60 * 60 * 1000;

const Finished = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
  returnTo: z.string().max(MAX_RETURN_TO),
  session: z.string().length(64),
  expiresAt: z.int(),
});

export function makeFinishedLogins({
  publicUrls,
  instance,
  clock,
  logout,
}: PendingDeps & { readonly logout: LogoutCallbacks | undefined }): FinishedLogins {
  const cookies = makePendingCookies<FinishedLogin>({
    publicUrls,
    instance,
    clock,
    kind: "done",
    slots: SLOTS,
    parse: (json) => Finished.safeParse(json).data,
  });

  /** Hosts without single logout have no callback for it: their pages ask their session. */
  async function isSignedIn(ctx: HostContext, finished: FinishedLogin): Promise<boolean> {
    if (logout === undefined) return true;
    const session = await currentSessionOf(logout, ctx, finished.tenant);
    return session !== undefined && digestOf(session) === finished.session;
  }

  return {
    remember: (ctx, { tenant, form, requestId, session, returnTo }) => {
      cookies.add(ctx, {
        requestId: requestId ?? messageOf(form),
        tenant,
        returnTo: returnTo.length <= MAX_RETURN_TO ? returnTo : publicUrls.landing,
        session: digestOf(session),
        expiresAt: clock.now() + REMEMBERED_MS,
      });
    },
    destinationOf: async (ctx, { tenant, form, refusal: { repeats } }) => {
      if (repeats === undefined) return undefined;
      const key = repeats === "unsolicited" ? messageOf(form) : repeats;
      const finished = cookies
        .read(ctx)
        .find((one) => one.tenant === tenant && one.requestId === key);
      return finished !== undefined && (await isSignedIn(ctx, finished))
        ? returnPath(finished.returnTo)
        : undefined;
    },
  };
}

const Message = z.object({ SAMLResponse: z.string() });

/** Names a response that answers no request. */
function messageOf(form: unknown): string {
  const parsed = Message.safeParse(form);
  return `message-${digest(parsed.success ? parsed.data.SAMLResponse : "")}`;
}

function digestOf({ issuer, nameId, sessionIndex }: SamlSession): string {
  return digest(JSON.stringify([issuer, nameId.value, sessionIndex ?? ""]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
