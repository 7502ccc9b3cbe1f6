import type { Role } from "../domain/access.ts";
import { type LicenseUsage, type SeatChange, seatChange } from "../domain/licenses.ts";
import { UNSAVED_SETTINGS } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog, LicenseLimit } from "../ports/access-catalog.ts";
import type { SettingsStore } from "../ports/unit-of-work.ts";
import type { UserDirectory } from "../ports/user-directory.ts";

/** License usage of a tenant. */
export interface LicenseUsageRead extends LicenseUsage {
  /** Roles that use a license, in the host's order. */
  readonly licensedRoles: readonly Role[];
  /** Effect of one more user with the default role; absent without a default role. */
  readonly nextNewUser?: SeatChange & { readonly role: Role };
}

/** Reads the license usage of a tenant. */
export type ReadLicenseUsage = (tenant: TenantId) => Promise<LicenseUsageRead>;

export function makeReadLicenseUsage({
  settings,
  users,
  catalog,
  licenseLimit,
}: {
  readonly settings: SettingsStore;
  readonly users: UserDirectory;
  readonly catalog: AccessCatalog;
  readonly licenseLimit: LicenseLimit;
}): ReadLicenseUsage {
  return async (tenant) => {
    const [stored, roles, limit] = await Promise.all([
      settings.load(tenant),
      catalog.roles(tenant),
      licenseLimit(tenant),
    ]);
    const licensedRoles = roles.filter(({ licensed }) => licensed);
    const ids = licensedRoles.map(({ id }) => id);
    const [used, usedByJit] = await Promise.all([
      users.countSeats(tenant, ids),
      users.countJitSeats(tenant, ids),
    ]);
    const usage = { used, usedByJit, ...(limit === undefined ? {} : { limit }) };
    const wanted = (stored ?? UNSAVED_SETTINGS).settings.autoProvisioning.role;
    const role = roles.find(({ id }) => id === wanted);
    const next = role === undefined ? {} : { nextNewUser: { role, ...seatChange(usage, role) } };
    return { ...usage, licensedRoles, ...next };
  };
}
