import { z } from "zod";
import type { PendingLogin } from "../../application/sign-in/pending-login.ts";
import { makePendingCookies, type PendingCookies, type PendingDeps } from "./pending-cookies.ts";
import { TenantField } from "./tenant-field.ts";

/** Pending login requests of a browser. */
export type PendingLogins = PendingCookies<PendingLogin>;

/** Maximum number of login requests that a browser keeps. */
export const MAX_PENDING_LOGINS = 5;

/**
 * Maximum number of characters of `returnTo` in a cookie: five cookies must fit into a request's
 * head.
 */
export const MAX_RETURN_TO = 300;

const Login = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
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
    parse: (json) => {
      const parsed = Login.safeParse(json);
      if (!parsed.success) return undefined;
      const { returnTo, ...login } = parsed.data;
      return { ...login, ...(returnTo === undefined ? {} : { returnTo }) };
    },
  });
}
