import type { SettingsRead } from "../../../application/settings/stored-settings.ts";
import { type OneConnectionSettings, toOneConnection } from "../../../domain/one-connection.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { ServiceProvider } from "../../../ports/identity-port.ts";
import { faultsIn } from "../../settings-document/parse.ts";
import type { ProblemFault } from "../problems.ts";
import type { TenantContext } from "../tenant-context.ts";
import { problemFaults } from "./draft.ts";

/** The settings document of `GET` and `PUT /settings`. */
export type SettingsView = (OneConnectionSettings | Settings) & {
  /** Read-only data; `PUT` ignores it. */
  readonly meta: {
    readonly version: number;
    /** Milliseconds since the epoch; absent if no settings have been saved. */
    readonly savedAt?: number;
    readonly savedBy?: string;
    readonly warnings: readonly ProblemFault[];
    /** Whether a test sign-in with these exact settings succeeded within the last 24 hours. */
    readonly tested: boolean;
    readonly serviceProvider: ServiceProvider & { readonly metadataUrl: string };
  };
};

/** The settings document with its read-only data. */
export function settingsView(
  { stored, warnings, tested }: SettingsRead,
  tenantContext: TenantContext,
): SettingsView {
  const { settings, version, savedAt, savedBy } = stored;
  const short = toOneConnection(settings);
  const form = short === undefined ? "several-connections" : "one-connection";
  return {
    ...(short ?? settings),
    meta: {
      version,
      ...(version === 0 ? {} : { savedAt, savedBy }),
      warnings: problemFaults(faultsIn(form, warnings)),
      tested,
      serviceProvider: { ...tenantContext.serviceProvider, metadataUrl: tenantContext.metadataUrl },
    },
  };
}

/** The strong entity tag (RFC 9110 section 8.8.3) of a version of the settings. */
export function entityTag(version: number): string {
  return `"${version}"`;
}
