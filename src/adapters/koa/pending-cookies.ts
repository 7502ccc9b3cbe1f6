import { createHash } from "node:crypto";
import Cookies from "cookies";
import Keygrip from "keygrip";
import { z } from "zod";
import type {
  PendingLogin,
  PendingLogout,
  PendingRequest,
  PendingTest,
} from "../../application/sign-in/pending-request.ts";
import { defined } from "../../domain/defined.ts";
import { DEFAULT_CONNECTION_ID } from "../../domain/settings.ts";
import { parseTenantId, type TenantId } from "../../domain/tenant.ts";
import type { Clock } from "../../ports/environment.ts";
import { HostMistakeError } from "../../ports/errors.ts";
import type { HostContext } from "./host-callbacks.ts";
import type { PublicUrls } from "./tenant-context.ts";

/**
 * Pending requests of a browser, stored in its signed cookies. The number of slots is fixed, so a
 * browser never has more cookies than slots, even with concurrent requests.
 */
export interface PendingCookies<T extends PendingRequest> {
  /** Those with a valid signature that have not expired. */
  read(ctx: HostContext): readonly T[];
  /** Those and the expired ones that the browser still has: to explain, never to admit. */
  readAll(ctx: HostContext): readonly T[];
  /** Adds one, replacing the oldest if all slots are in use. */
  add(ctx: HostContext, pending: T): void;
  /** Removes an answered one. */
  remove(ctx: HostContext, requestId: string): void;
}

/** Common dependencies. */
export interface PendingDeps {
  readonly publicUrls: PublicUrls;
  /** Distinguishes the instances of the plugin in one host. */
  readonly instance: string;
  readonly clock: Clock;
}

export interface PendingCookiesDeps<T extends PendingRequest> extends PendingDeps {
  /** Kind of request: part of the cookie names. */
  readonly kind: "login" | "logout" | "test" | "done";
  /** How long the browser keeps an expired one, in milliseconds. Default: 0. */
  readonly explainedMs?: number;
  /** Maximum number per browser, for all tenants together. */
  readonly slots: number;
  /** Parses a cookie value; `undefined` if it is invalid. */
  readonly parse: (json: unknown) => T | undefined;
}

interface Slot<T> {
  readonly name: string;
  /** Not expired. */
  readonly held: T | undefined;
  readonly expired: T | undefined;
}

export function makePendingCookies<T extends PendingRequest>(
  deps: PendingCookiesDeps<T>,
): PendingCookies<T> {
  const { publicUrls, instance, clock, kind, slots, parse, explainedMs = 0 } = deps;
  const { secure } = publicUrls;
  // SameSite=None: the identity provider's form post is cross-site. Requires https.
  const attributes = { httpOnly: true, path: "/", signed: true, overwrite: true } as const;
  const placed = secure
    ? ({ ...attributes, secure: true, sameSite: "none" } as const)
    : ({ ...attributes, secure: false } as const);
  const prefix = `${secure ? "__Host-" : ""}saml_jit_${kind}_${shortHash(instance)}_`;
  const names = Array.from({ length: slots }, (_, index) => `${prefix}${index}`);

  function slotsOf(ctx: HostContext): readonly Slot<T>[] {
    const keys = keysOf(ctx);
    const cookies = new Cookies(ctx.req, ctx.res, { keys, secure });
    return names.map((name) => {
      const value = verifyCookie(cookies, keys, name);
      const pending = value === undefined ? undefined : parse(decodeCookie(value));
      return pending !== undefined && pending.expiresAt > clock.now()
        ? { name, held: pending, expired: undefined }
        : { name, held: undefined, expired: pending };
    });
  }

  function write(ctx: HostContext, name: string, value: string | null, maxAge?: number): void {
    const cookies = new Cookies(ctx.req, ctx.res, { keys: keysOf(ctx), secure });
    cookies.set(name, value, maxAge === undefined ? placed : { ...placed, maxAge });
  }

  return {
    read: (ctx) =>
      slotsOf(ctx)
        .map(({ held }) => held)
        .filter((held) => held !== undefined),
    readAll: (ctx) =>
      slotsOf(ctx)
        .map(({ held, expired }) => held ?? expired)
        .filter((one) => one !== undefined),
    add: (ctx, pending) => {
      const value = Buffer.from(JSON.stringify(pending)).toString("base64url");
      const { name } = slotFor(slotsOf(ctx), pending);
      write(ctx, name, value, pending.expiresAt - clock.now() + explainedMs);
    },
    remove: (ctx, requestId) => {
      for (const { name, held } of slotsOf(ctx)) {
        if (held?.requestId === requestId) write(ctx, name, null);
      }
    },
  };
}

/** A free slot, usually a different one for concurrent requests; otherwise the oldest. */
function slotFor<T extends PendingRequest>(slots: readonly Slot<T>[], { requestId }: T): Slot<T> {
  const free = slots.filter(({ held }) => held === undefined);
  const [oldest] = [...slots].sort((a, b) => expiry(a) - expiry(b));
  const chosen = free[Number.parseInt(shortHash(requestId).slice(0, 8), 16) % free.length];
  const slot = chosen ?? oldest;
  if (slot === undefined) throw new TypeError("slots must not be empty");
  return slot;
}

function expiry({ held }: Slot<PendingRequest>): number {
  return held?.expiresAt ?? 0;
}

function keysOf(ctx: HostContext): Keygrip {
  const { keys } = ctx.app;
  if (keys === undefined || (Array.isArray(keys) && keys.length === 0)) {
    throw new HostMistakeError("app.keys must be set: pending sign-ins are kept in signed cookies");
  }
  return Array.isArray(keys) ? new Keygrip(keys) : keys;
}

/** `Cookies.get` would re-sign values signed with an older key and lose expiry and SameSite. */
function verifyCookie(cookies: Cookies, keys: Keygrip, name: string): string | undefined {
  const value = cookies.get(name, { signed: false });
  const signature = cookies.get(`${name}.sig`, { signed: false });
  if (value === undefined || signature === undefined) return undefined;
  return keys.verify(`${name}=${value}`, signature) ? value : undefined;
}

function decodeCookie(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** A tenant's ID in what a cookie says. */
export const TenantField: z.ZodType<TenantId> = z.string().transform((raw, context) => {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) context.addIssue("not a tenant");
  return tenant ?? z.NEVER;
});

/** Pending login requests of a browser. */
export type PendingLogins = PendingCookies<PendingLogin>;

/** Maximum number of login requests that a browser keeps. */
export const MAX_PENDING_LOGINS = 5;

/**
 * Maximum number of characters of `returnTo` in a cookie: five cookies must fit into a request's
 * head.
 */
export const MAX_RETURN_TO = 300;

/** How long an expired request is still recognized, to explain the delay and keep its return path. */
const EXPLAINED_MS = 50 * 60 * 1000;

/** Earlier versions named none: they had one. */
const ConnectionField = z.string().max(64).default(DEFAULT_CONNECTION_ID);

const Login = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
  connection: ConnectionField,
  connectionVersion: z.int().min(0),
  returnTo: z.string().max(MAX_RETURN_TO).optional(),
  expiresAt: z.int(),
});

export function makePendingLogins({ publicUrls, instance, clock }: PendingDeps): PendingLogins {
  return makePendingCookies<PendingLogin>({
    publicUrls,
    instance,
    clock,
    kind: "login",
    slots: MAX_PENDING_LOGINS,
    explainedMs: EXPLAINED_MS,
    parse: (json) => {
      const parsed = Login.safeParse(json);
      if (!parsed.success) return undefined;
      const { returnTo, ...login } = parsed.data;
      return { ...login, ...defined({ returnTo }) };
    },
  });
}

/** Pending logout requests of a browser. */
export type PendingLogouts = PendingCookies<PendingLogout>;

/** Maximum number of logout requests that a browser keeps. */
const MAX_PENDING_LOGOUTS = 2;

const Logout = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
  connection: ConnectionField,
  expiresAt: z.int(),
});

export function makePendingLogouts({ publicUrls, instance, clock }: PendingDeps): PendingLogouts {
  return makePendingCookies<PendingLogout>({
    publicUrls,
    instance,
    clock,
    kind: "logout",
    slots: MAX_PENDING_LOGOUTS,
    parse: (json) => Logout.safeParse(json).data,
  });
}

/** Pending login requests of a browser for test sign-ins. */
export type PendingTests = PendingCookies<PendingTest>;

/** Maximum number of login requests for tests that a browser keeps. */
const MAX_PENDING_TESTS = 2;

const Test = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
  testId: z.string().min(1).max(36),
  expiresAt: z.int(),
});

export function makePendingTests({ publicUrls, instance, clock }: PendingDeps): PendingTests {
  return makePendingCookies<PendingTest>({
    publicUrls,
    instance,
    clock,
    kind: "test",
    slots: MAX_PENDING_TESTS,
    explainedMs: EXPLAINED_MS,
    parse: (json) => Test.safeParse(json).data,
  });
}
