import type { TenantId } from "../domain/tenant.ts";
import type { SettingsStore } from "../ports/settings-store.ts";
import type { InspectCertificates } from "./inspect-certificates.ts";

/** `fail`: no sign-in works. `warn`: somebody should look in time. */
export type HealthStatus = "pass" | "warn" | "fail";

/** One thing that was looked at. */
export interface HealthCheck {
  /** What was looked at. */
  readonly name: HealthCheckName;
  /** What came of it. */
  readonly status: HealthStatus;
  /** Whose identity provider; absent for what concerns everybody. */
  readonly tenant?: TenantId;
  /** A sentence for operators; nothing secret. Absent when all is well. */
  readonly detail?: string;
}

/** What is looked at. */
export type HealthCheckName =
  /** The storage answers. */
  | "storage"
  /** The tables are as this version needs them. */
  | "migrations"
  /** The certificate of the key that signs for the service provider. */
  | "service-provider-certificate"
  /** Certificates of a tenant's identity provider. */
  | "identity-provider-certificates";

/** How the plugin is. */
export interface Health {
  /** The worst of the checks. */
  readonly status: HealthStatus;
  /** Every check that was made. */
  readonly checks: readonly HealthCheck[];
}

/** What {@link makeCheckHealth} needs. */
export interface CheckHealthDeps {
  readonly settings: SettingsStore;
  readonly inspectCertificates: InspectCertificates;
  /** Certificate of the service provider's newest key; absent when it has none. */
  readonly ownCertificate: string | undefined;
  /** Names of steps of the schema that the database lacks. */
  readonly missingMigrations: () => Promise<readonly string[]>;
  /** The same work, which fails when it takes too long. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Looks whether sign-ins can work, and at certificates that end soon. Never throws. Costs a look
 * into the schema and one read of settings for each of `tenants`.
 */
export type CheckHealth = (tenants: readonly TenantId[]) => Promise<Health>;

/** Makes {@link CheckHealth}. */
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
