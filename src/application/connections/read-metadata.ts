import type { TenantId } from "../../domain/tenant.ts";
import type { IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";

export interface ReadMetadataDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
}

/** Our metadata for a tenant's identity provider, as XML; there before anything is saved. */
export type ReadMetadata = (query: {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
}) => Promise<string>;

export function makeReadMetadata({ settings, identity }: ReadMetadataDeps): ReadMetadata {
  return async ({ tenant, sp }) => {
    const stored = await settings.load(tenant);
    return identity.metadata(sp, stored?.settings.connection);
  };
}
