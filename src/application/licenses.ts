import {
  type LicenseUsage,
  type Role,
  type RoleId,
  type SeatChange,
  seatChange,
} from "../domain/access.ts";
import { defined } from "../domain/defined.ts";
import {
  type CreatedUsers,
  createdBy,
  type Forecast,
  forecasts,
  NEWCOMERS,
} from "../domain/license-report.ts";
import type { Excerpt } from "../domain/preview.ts";
import type { Connection, ConnectionId } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AccessCatalog, LicenseLimit, VerifiedDomains } from "../ports/access-catalog.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import { everyNamed, readCatalogFacts } from "./settings/check-settings.ts";
import type { LoadSettings } from "./settings/read-settings.ts";

/** License usage of a tenant. */
export interface LicenseUsageRead extends LicenseUsage {
  /** Roles that use a license, in the host's order. */
  readonly licensedRoles: readonly Role[];
  /** Effect of one more user with the default role; absent without a default role. */
  readonly nextNewUser?: SeatChange & { readonly role: Role };
}

/** Who takes the seats, where they came from, and what the next newcomers would take. */
export interface LicenseReport extends LicenseUsage {
  /** The host's roles in its order, then those that it no longer has. */
  readonly roles: readonly ReportedRole[];
  /** Users whom the plugin created, by the connection that they came through. */
  readonly connections: readonly ReportedConnection[];
  /** Users whom the plugin created, by month, oldest first. */
  readonly months: readonly ReportedMonth[];
  /** Number of newcomers of each forecast. */
  readonly newcomers: number;
  /** What would happen with them, by the stored settings. */
  readonly forecasts: Excerpt<Forecast>;
}

/** Users with one role. */
export interface ReportedRole extends CreatedUsers, Pick<Role, "id"> {
  /** Absent if the host no longer has the role. */
  readonly name?: string;
  /** Whether it uses a license. */
  readonly licensed: boolean;
  /** Active and invited users who have the role now; absent for roles beyond the first 100. */
  readonly users?: number;
  /** Those of them whom the plugin created; absent as `users` is. */
  readonly usersByJit?: number;
}

/** Users who were created through one connection, whatever has become of them. */
export interface ReportedConnection extends CreatedUsers {
  /** Absent for users whom earlier versions created. */
  readonly id?: ConnectionId;
  /** Absent if there is no such connection any more. */
  readonly name?: string;
}

/** Users who were created in one month, whatever has become of them. */
export interface ReportedMonth extends CreatedUsers {
  /** Of UTC, such as `2026-11`. */
  readonly month: string;
}

/** Reads the licenses of a tenant. For administrators only. */
export interface ReadLicenses {
  /** Seats taken, and the effect of one more user. */
  readonly usage: (tenant: TenantId) => Promise<LicenseUsageRead>;
  /** Two counts for each role, and one of all receipts. */
  readonly report: (tenant: TenantId) => Promise<LicenseReport>;
}

/** Roles whose users are counted. */
const MAX_ROLES_COUNTED = 100;

export function makeReadLicenses({
  loadSettings,
  users,
  catalog,
  licenseLimit,
  organizationRequired,
  verifiedDomains,
}: {
  readonly loadSettings: LoadSettings;
  readonly users: UserDirectory;
  readonly catalog: AccessCatalog;
  readonly licenseLimit: LicenseLimit;
  readonly organizationRequired: boolean;
  readonly verifiedDomains: VerifiedDomains;
}): ReadLicenses {
  async function usageOf(tenant: TenantId, roles: readonly RoleId[]): Promise<LicenseUsage> {
    const [limit, used, usedByJit] = await Promise.all([
      licenseLimit(tenant),
      users.countSeats(tenant, roles),
      users.countJitSeats(tenant, roles),
    ]);
    return { used, usedByJit, ...defined({ limit }) };
  }

  /** One role after the other: each count takes a connection of the host's pool. */
  async function usersWith(
    tenant: TenantId,
    roles: readonly Role[],
  ): Promise<ReadonlyMap<RoleId, Pick<ReportedRole, "users" | "usersByJit">>> {
    const counted = new Map<RoleId, Pick<ReportedRole, "users" | "usersByJit">>();
    for (const { id } of roles.slice(0, MAX_ROLES_COUNTED)) {
      counted.set(id, {
        users: await users.countSeats(tenant, [id]),
        usersByJit: await users.countJitSeats(tenant, [id]),
      });
    }
    return counted;
  }

  return {
    usage: async (tenant) => {
      const [stored, roles] = await Promise.all([loadSettings(tenant), catalog.roles(tenant)]);
      const licensedRoles = roles.filter(({ licensed }) => licensed);
      const usage = await usageOf(tenant, idsOf(licensedRoles));
      const wanted = stored.settings.autoProvisioning.role;
      const role = roles.find(({ id }) => id === wanted);
      const nextNewUser = role && { role, ...seatChange(usage, role) };
      return { ...usage, licensedRoles, ...defined({ nextNewUser }) };
    },
    report: async (tenant) => {
      const stored = await loadSettings(tenant);
      const named = everyNamed(stored.settings.autoProvisioning);
      const [facts, proven] = await Promise.all([
        readCatalogFacts({ catalog, organizationRequired, tenant, named }),
        verifiedDomains(tenant),
      ]);
      const roles = [...facts.roles.values()];
      const licensed = new Set(idsOf(roles.filter((role) => role.licensed)));
      const [usage, now, counts] = await Promise.all([
        usageOf(tenant, [...licensed]),
        usersWith(tenant, roles),
        users.tallyReceipts(tenant),
      ]);
      const by = (keyOf: Parameters<typeof createdBy>[2]) =>
        new Map(
          [...createdBy(counts, licensed, keyOf)].sort(([one], [other]) => (one < other ? -1 : 1)),
        );
      return {
        ...usage,
        roles: reportedRoles(
          roles,
          now,
          by(({ role }) => role),
        ),
        connections: reportedConnections(
          stored.settings.connections,
          by(({ connection = "" }) => connection),
        ),
        months: [...by(({ month }) => month)].map(([month, created]) => ({ month, ...created })),
        newcomers: NEWCOMERS,
        forecasts: forecasts({
          settings: stored,
          catalog: facts,
          seats: usage,
          verifiedDomains: proven,
        }),
      };
    },
  };
}

function idsOf(roles: readonly Role[]): readonly RoleId[] {
  return roles.map(({ id }) => id);
}

const NOBODY: CreatedUsers = { created: 0, seats: 0 };

function reportedRoles(
  roles: readonly Role[],
  now: ReadonlyMap<RoleId, Pick<ReportedRole, "users" | "usersByJit">>,
  created: ReadonlyMap<RoleId, CreatedUsers>,
): readonly ReportedRole[] {
  const known = new Set(idsOf(roles));
  return [
    ...roles.map(({ id, name, licensed }) => ({
      ...{ id, name, licensed },
      ...now.get(id),
      ...(created.get(id) ?? NOBODY),
    })),
    ...[...created]
      .filter(([id]) => !known.has(id))
      .map(([id, users]) => ({ id, licensed: false, ...users })),
  ];
}

function reportedConnections(
  connections: readonly Connection[],
  created: ReadonlyMap<ConnectionId, CreatedUsers>,
): readonly ReportedConnection[] {
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  const ids = new Set([...names.keys(), ...created.keys()]);
  return [...ids].map((id) => ({
    ...defined({ id: id === "" ? undefined : id, name: names.get(id) }),
    ...(created.get(id) ?? NOBODY),
  }));
}
