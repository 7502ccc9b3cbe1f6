import type { Comparison } from "../../domain/rejection.ts";
import type { IdSource, Logger } from "../../ports/environment.ts";
import type { HostContext } from "./host-callbacks.ts";

/**
 * Notices in requests that the host or the identity provider is set up wrongly. Each finding is logged
 * once, as `saml.host-finding`: requests can be forged, and must not fill the log.
 */
export interface SetupFindings {
  /** Looks at a request of any route, which should have reached us at `origin`. */
  request(ctx: HostContext, origin: string): void;
  /** A browser has begun a sign-in, beside `pending` that it has begun before. */
  loginBegun(pending: number, acsUrl: string): void;
  /** Something was posted to the assertion consumer service. */
  responseReached(): void;
  /** A response was refused because of what it compares. */
  refused(ctx: HostContext, comparison: Comparison | undefined): void;
}

/** Findings that are logged by one process. */
const MAX_LOGGED = 8;

/** Unanswered sign-ins of one browser, before the one that begins, that are worth a line. */
const UNANSWERED = 1;

export function makeSetupFindings({ logger }: { readonly logger: Logger }): SetupFindings {
  const logged = new Set<string>();
  let reached = false;

  function log(code: string, remedy: string): void {
    if (logged.has(remedy) || logged.size >= MAX_LOGGED) return;
    logged.add(remedy);
    logger.warn({ event: "saml.host-finding", code, remedy });
  }

  return {
    request: (ctx, origin) => {
      // The browser itself compares its page with where the request goes: no proxy stands between.
      if (ctx.get("Sec-Fetch-Site") !== "same-origin") return;
      const page = originOf(ctx.get("Origin")) ?? originOf(ctx.get("Referer"));
      if (page !== undefined && page !== origin) log("base-url-wrong", baseUrlRemedy(page, origin));
    },
    loginBegun: (pending, acsUrl) => {
      if (reached || pending < UNANSWERED) return;
      log(
        "responses-missing",
        `A browser begins to sign in again, and no response has reached ${acsUrl} since the start. Mount the plugin before CSRF protection and whatever else may answer the post, or exclude the path from it; check that the identity provider has this ACS URL.`,
      );
    },
    responseReached: () => {
      reached = true;
    },
    refused: (ctx, comparison) => {
      const { sent, expected } = comparison ?? {};
      if (sent === undefined || expected === undefined) return;
      if (sent === `${expected}/`) {
        log(
          "trailing-slash",
          `The identity provider sends ${expected} with a trailing slash: correct it there.`,
        );
      }
      // `ctx.origin` is the request's header in Koa 3, and this in Koa 2.
      const reached = `${ctx.protocol}://${ctx.host}`;
      const [from, to] = [originOf(sent), originOf(expected)];
      if (to !== undefined && from === reached && from !== to) {
        log("base-url-wrong", baseUrlRemedy(from, to));
      }
    },
  };
}

function baseUrlRemedy(origin: string, expected: string): string {
  return `Browsers reach the platform at ${origin}, but baseUrl says ${expected}: set baseUrl to the URL at which browsers reach it, or lead them to ${expected}.`;
}

/** `undefined` for what is no http URL. */
function originOf(text: string): string | undefined {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}

/** Lets `checkHost()` see whether a post to the assertion consumer service reaches the plugin. */
export interface RouteProbe {
  /** Runs `work` with headers that make a request a probe until it ends, and whether one has come. */
  during<T>(work: (headers: ProbeHeaders, hasCome: () => boolean) => Promise<T>): Promise<T>;
  /** Whether the request is a probe. It stores nothing, and nobody is signed in. */
  takes(ctx: HostContext): boolean;
}

/** Headers of a probe. */
export type ProbeHeaders = Readonly<Record<string, string>>;

const PROBE_HEADER = "koa-saml-jit-probe";

/** Tokens are secrets of this process, so that nobody else's request is a probe. */
export function makeRouteProbe({ ids }: { readonly ids: IdSource }): RouteProbe {
  const expected = new Map<string, boolean>();
  return {
    during: async (work) => {
      const token = ids.digest(ids.entryId(), ids.reference());
      expected.set(token, false);
      try {
        return await work({ [PROBE_HEADER]: token }, () => expected.get(token) === true);
      } finally {
        expected.delete(token);
      }
    },
    takes: (ctx) => {
      const token = ctx.get(PROBE_HEADER);
      if (!expected.has(token)) return false;
      expected.set(token, true);
      return true;
    },
  };
}
