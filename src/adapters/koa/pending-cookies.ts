import { createHash } from "node:crypto";
import Cookies from "cookies";
import { z } from "zod";
import type { PendingLogin } from "../../application/pending-login.ts";
import { parseTenantId, type TenantId } from "../../domain/tenant.ts";
import type { Clock } from "../../ports/environment.ts";
import type { HostContext } from "./host.ts";
import type { PublicUrls } from "./public-urls.ts";

/** The login requests that a browser has under way, kept in signed cookies of that browser. */
export interface PendingCookies {
  /** Those of `tenant` whose signature holds, and that are not over. */
  read(ctx: HostContext, tenant: TenantId): readonly PendingLogin[];
  /** Adds one; at most {@link MAX_PENDING} a tenant are kept, the newest. */
  add(ctx: HostContext, login: PendingLogin): void;
  /** Forgets one that was answered. */
  remove(ctx: HostContext, login: Pick<PendingLogin, "tenant" | "requestId">): void;
}

/** What {@link makePendingCookies} needs. */
export interface PendingCookiesDeps {
  readonly publicUrls: PublicUrls;
  /** Distinguishes the instances of the plugin in one host. */
  readonly instance: string;
  readonly clock: Clock;
}

/** The most login requests that a browser keeps a tenant. */
export const MAX_PENDING = 5;

const Tenant = z.string().transform((raw, context) => {
  const tenant = parseTenantId(raw);
  if (tenant === undefined) context.addIssue("not a tenant");
  return tenant ?? z.NEVER;
});

const Payload = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: Tenant,
  connectionVersion: z.int().min(0),
  returnTo: z.string().max(1000).optional(),
  expiresAt: z.int(),
});

/** Makes {@link PendingCookies}. */
export function makePendingCookies(deps: PendingCookiesDeps): PendingCookies {
  const { publicUrls, instance, clock } = deps;
  const { secure } = publicUrls;
  // SameSite=None: the identity provider's form post is cross-site. Only https may say so.
  const attributes = { httpOnly: true, path: "/", signed: true, overwrite: true } as const;
  const placed = secure
    ? ({ ...attributes, secure: true, sameSite: "none" } as const)
    : ({ ...attributes, secure: false } as const);

  const prefixOf = (tenant: TenantId) =>
    `${secure ? "__Host-" : ""}saml_jit_${shortHash(instance, tenant)}_`;
  const nameOf = ({ tenant, requestId }: Pick<PendingLogin, "tenant" | "requestId">) =>
    `${prefixOf(tenant)}${shortHash(requestId)}`;

  function read(ctx: HostContext, tenant: TenantId): readonly PendingLogin[] {
    const cookies = signedCookies(ctx, secure);
    return namesIn(ctx, prefixOf(tenant))
      .map((name) => parsed(cookies.get(name, { signed: true })))
      .filter((login) => login !== undefined)
      .filter((login) => login.tenant === tenant && login.expiresAt > clock.now());
  }

  function remove(ctx: HostContext, login: Pick<PendingLogin, "tenant" | "requestId">): void {
    signedCookies(ctx, secure).set(nameOf(login), null, placed);
  }

  return {
    read,
    remove,
    add: (ctx, login) => {
      const older = [...read(ctx, login.tenant)].sort((a, b) => b.expiresAt - a.expiresAt);
      for (const surplus of older.slice(MAX_PENDING - 1)) remove(ctx, surplus);
      const value = Buffer.from(JSON.stringify(login)).toString("base64url");
      const maxAge = login.expiresAt - clock.now();
      signedCookies(ctx, secure).set(nameOf(login), value, { ...placed, maxAge });
    },
  };
}

function signedCookies(ctx: HostContext, secure: boolean): Cookies {
  const { keys } = ctx.app;
  if (keys === undefined || (Array.isArray(keys) && keys.length === 0)) {
    throw new TypeError("app.keys must be set: login requests are kept in signed cookies");
  }
  return new Cookies(ctx.req, ctx.res, { keys, secure });
}

function namesIn(ctx: HostContext, prefix: string): readonly string[] {
  return ctx
    .get("Cookie")
    .split(";")
    .map((pair) => pair.slice(0, Math.max(0, pair.indexOf("="))).trim())
    .filter((name) => name.startsWith(prefix) && /^[0-9a-f]{16}$/.test(name.slice(prefix.length)))
    .slice(0, 4 * MAX_PENDING);
}

function parsed(value: string | undefined): PendingLogin | undefined {
  if (value === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
    const { returnTo, ...login } = Payload.parse(json);
    return { ...login, ...(returnTo === undefined ? {} : { returnTo }) };
  } catch {
    return undefined;
  }
}

function shortHash(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
