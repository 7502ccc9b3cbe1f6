import type { TenantId } from "../domain/tenant.ts";
import type { SettingsStore } from "../ports/settings-store.ts";
import type { InspectCertificates } from "./connections/inspect-certificates.ts";

/** `fail`: sign-ins do not work. `warn`: an operator should act soon. */
export type HealthStatus = "pass" | "warn" | "fail";

/** Result of one check. */
export interface HealthCheck {
  /** Name of the check. */
  readonly name: HealthCheckName;
  /** The result. */
  readonly status: HealthStatus;
  /** Tenant of the identity provider; absent if the check concerns all tenants. */
  readonly tenant?: TenantId;
  /** Message for operators, without secrets; absent if the check passes. */
  readonly detail?: string;
}

/** Names of the checks. */
export type HealthCheckName =
  /** The storage responds. */
  | "storage"
  /** The tables have the schema of this version. */
  | "migrations"
  /** Certificate of the service provider's signing key. */
  | "service-provider-certificate"
  /** Certificates of a tenant's identity provider. */
  | "identity-provider-certificates";

/** Health of the plugin. */
export interface Health {
  /** Worst status of the checks. */
  readonly status: HealthStatus;
  /** All checks. */
  readonly checks: readonly HealthCheck[];
}

export interface CheckHealthDeps {
  readonly settings: SettingsStore;
  readonly inspectCertificates: InspectCertificates;
  /** Certificate of the service provider's newest key; absent without a key. */
  readonly ownCertificate: string | undefined;
  /** Names of steps of the schema that the database lacks. */
  readonly missingMigrations: () => Promise<readonly string[]>;
  /** The work with a timeout. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Checks whether sign-ins can work and which certificates expire soon. Does not throw. Reads the
 * schema and the settings of each of `tenants`.
 */
export type CheckHealth = (tenants: readonly TenantId[]) => Promise<Health>;

export function makeCheckHealth(deps: CheckHealthDeps): CheckHealth {
  const { settings, inspectCertificates, ownCertificate, missingMigrations, limited } = deps;

  async function migrations(): Promise<HealthCheck> {
    const missing = await limited(missingMigrations);
    return missing.length === 0
      ? { name: "migrations", status: "pass" }
      : { name: "migrations", status: "fail", detail: `call migrate(): ${missing.join(", ")}` };
  }

  async function identityProvider(tenant: TenantId): Promise<HealthCheck> {
    const stored = await limited(() => settings.load(tenant));
    const { enabled, connection } = stored?.settings ?? {};
    const looked = enabled === true && connection?.acceptExpiredCertificates === false;
    const certificates = looked ? connection.certificates : [];
    return { ...certified("identity-provider-certificates", certificates), tenant };
  }

  function certified(name: HealthCheckName, certificates: readonly string[]): HealthCheck {
    const findings = inspectCertificates(certificates).flatMap(({ fault, warnings }) =>
      fault === undefined ? warnings : [fault],
    );
    return findings.length === 0
      ? { name, status: "pass" }
      : { name, status: "warn", detail: findings.map(({ message }) => message).join(" ") };
  }

  async function checks(tenants: readonly TenantId[]): Promise<readonly HealthCheck[]> {
    const own =
      ownCertificate === undefined
        ? []
        : [certified("service-provider-certificate", [ownCertificate])];
    try {
      const schema = await migrations();
      // One after another: a look at the health must not take the pool from sign-ins.
      const connections: HealthCheck[] = [];
      if (schema.status === "pass") {
        for (const tenant of tenants) connections.push(await identityProvider(tenant));
      }
      return [{ name: "storage", status: "pass" }, schema, ...own, ...connections];
    } catch {
      return [{ name: "storage", status: "fail", detail: "the storage is not responding" }, ...own];
    }
  }

  return async (tenants) => {
    const made = await checks(tenants);
    return { status: worst(made), checks: made };
  };
}

function worst(checks: readonly HealthCheck[]): HealthStatus {
  const has = (status: HealthStatus) => checks.some((check) => check.status === status);
  return has("fail") ? "fail" : has("warn") ? "warn" : "pass";
}
