import { z } from "zod";
import type { PendingLogout } from "../../application/logout/pending-logout.ts";
import { makePendingCookies, type PendingCookies, type PendingDeps } from "./pending-cookies.ts";
import { TenantField } from "./tenant-field.ts";

/** Pending logout requests of a browser. */
export type PendingLogouts = PendingCookies<PendingLogout>;

/** Maximum number of logout requests that a browser keeps. */
const MAX_PENDING_LOGOUTS = 2;

const Logout = z.strictObject({
  requestId: z.string().min(1).max(256),
  tenant: TenantField,
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
