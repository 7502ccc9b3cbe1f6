import type { CatalogFacts, GroupId, OrganizationId } from "../../domain/access.ts";
import type { CertificateFacts } from "../../domain/certificate-rules.ts";
import type { AutoProvisioning, Settings } from "../../domain/settings.ts";
import {
  type SettingsFacts,
  type SettingsFault,
  settingsFaults,
  settingsWarnings,
} from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog, VerifiedDomains } from "../../ports/access-catalog.ts";
import type { Clock } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { FetchMetadata } from "../../ports/metadata-refresh.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import type { Domains } from "../domains.ts";
import { hasActiveExempt } from "../enforcement.ts";

/** The groups and organizations that settings name. */
export interface NamedDefaults {
  readonly groups: readonly GroupId[];
  readonly organizations: readonly OrganizationId[];
}

/** Reads the part of the host's catalog that settings refer to. */
export async function readCatalogFacts(query: {
  readonly catalog: AccessCatalog;
  readonly organizationRequired: boolean;
  readonly tenant: TenantId;
  readonly named: NamedDefaults;
}): Promise<CatalogFacts> {
  const { catalog, organizationRequired, tenant, named } = query;
  const [roles, groups, organizations] = await Promise.all([
    catalog.roles(tenant),
    named.groups.length === 0 ? [] : catalog.groupsByIds(tenant, named.groups),
    named.organizations.length === 0 ? [] : catalog.organizationsByIds(tenant, named.organizations),
  ]);
  return {
    roles: new Map(roles.map((role) => [role.id, role])),
    groups: new Set(groups.map(({ id }) => id)),
    organizations: new Set(organizations.map(({ id }) => id)),
    organizationRequired,
  };
}

/** Result of validating settings. */
export interface SettingsCheck {
  /** Empty if the settings are valid. */
  readonly faults: readonly SettingsFault[];
  readonly warnings: readonly SettingsFault[];
  /** The certificates of each connection, both in order; `undefined` if one cannot be read. */
  readonly certificates: readonly (readonly (CertificateFacts | undefined)[])[];
}

/** Validates settings against the rules, the host's catalog and their certificates. */
export type CheckSettings = (tenant: TenantId, settings: Settings) => Promise<SettingsCheck>;

export function makeCheckSettings({
  catalog,
  organizationRequired,
  verifiedDomains,
  domains,
  users,
  identity,
  fetchMetadata,
  clock,
}: {
  readonly verifiedDomains: VerifiedDomains;
  readonly domains: Pick<Domains, "lost"> | undefined;
  readonly users: UserDirectory;
  readonly catalog: AccessCatalog;
  readonly organizationRequired: boolean;
  readonly identity: IdentityPort;
  readonly fetchMetadata: FetchMetadata | undefined;
  readonly clock: Clock;
}): CheckSettings {
  return async (tenant, settings) => {
    const named = everyNamed(settings.autoProvisioning);
    const certificates = settings.connections.map(({ idp }) =>
      (idp?.certificates ?? []).map((certificate) => identity.inspectCertificate(certificate)),
    );
    const facts: SettingsFacts = {
      catalog: await readCatalogFacts({ catalog, organizationRequired, tenant, named }),
      certificates,
      activeExempt:
        settings.enforcement.enabled && (await hasActiveExempt(users, tenant, settings)),
      verifiedDomains: await verifiedDomains(tenant),
      ...(domains === undefined ? {} : { lostDomains: await domains.lost(tenant) }),
      canSignRequests: identity.canSignRequests,
      fetchesMetadata: fetchMetadata !== undefined,
      now: clock.now(),
    };
    const faults = settingsFaults(settings, facts);
    return { faults, warnings: settingsWarnings(settings, facts), certificates };
  };
}

/** The groups and organizations of the defaults and of all rules. */
export function everyNamed({ groups, organizations, rules }: AutoProvisioning): NamedDefaults {
  const access = [organizations, ...rules.flatMap((rule) => rule.organizations ?? [])];
  return {
    groups: [...new Set([groups, ...rules.map((rule) => rule.groups ?? [])].flat())],
    organizations: [...new Set(access.flatMap((one) => (one.kind === "all" ? [] : one.ids)))],
  };
}
