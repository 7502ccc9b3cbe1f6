import type { TenantId } from "../domain/tenant.ts";

/** The most seats of a tenant, asked from the host each time; `undefined`: no limit. */
export type LicenseLimit = (tenant: TenantId) => number | undefined | Promise<number | undefined>;
