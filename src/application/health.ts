import { keepsValidityPeriod } from "../domain/certificate-rules.ts";
import { DEFAULT_SETTINGS, openConnections, type Settings } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Clock, IdSource } from "../ports/environment.ts";
import type { EventOutbox } from "../ports/event-outbox.ts";
import type {
  ReadSchemaState,
  SchemaState,
  SettingsStore,
  UnitOfWork,
} from "../ports/unit-of-work.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { ReadMetadataStatus } from "./connections/pending-change.ts";
import type { InspectCertificates } from "./connections/read-connections.ts";
import type { Domains } from "./domains.ts";
import { type Asked, hasActiveExempt } from "./enforcement.ts";
import { runInTransaction } from "./run-in-transaction.ts";

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
  /** The storage responds and accepts writes. */
  | "storage"
  /** The tables have the schema of this version, or of a newer one. */
  | "migrations"
  /** Certificate of the service provider's signing key. */
  | "service-provider-certificate"
  /** Certificates of a tenant's identity provider. */
  | "identity-provider-certificates"
  /** Whether the metadata of a tenant's identity providers is read, and has nothing to decide. */
  | "metadata"
  /** Whether enforced single sign-on has an active exempt user, and the host asks. */
  | "enforcement"
  /** Records of proven email domains; only with `verifiedDomains: "dns"`. */
  | "verified-domains"
  /** Whether events are delivered; listed only if the host keeps events. */
  | "events"
  /** What `checkHost()` found last in this process; listed only if it found something. */
  | "host"
  /** Whether responses are read twice; listed only if they are not. */
  | "second-reading";

/** Health of the plugin. */
export interface Health {
  /** Worst status of the checks. */
  readonly status: HealthStatus;
  /** All checks. */
  readonly checks: readonly HealthCheck[];
}

export interface CheckHealthDeps {
  readonly settings: SettingsStore;
  readonly users: UserDirectory;
  readonly asked: Asked;
  readonly domains: Pick<Domains, "lost"> | undefined;
  readonly readMetadataStatus: ReadMetadataStatus;
  readonly unitOfWork: UnitOfWork;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly events: EventOutbox;
  readonly eventsOn: boolean;
  readonly inspectCertificates: InspectCertificates;
  /** Certificate of the service provider's signing key; absent without a key. */
  readonly ownCertificate: string | undefined;
  /** Whether responses are read twice. */
  readonly readsTwice: boolean;
  readonly readSchemaState: ReadSchemaState;
  /** Tenant of the trial write if no tenant is given; absent if the storage takes only the host's. */
  readonly tenantOfWrite: TenantId | undefined;
  /** The work with a timeout. */
  readonly limited: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Checks whether sign-ins can work and which certificates expire soon. Does not throw. Reads the
 * schema and the settings of each of `tenants`, and writes a row in a transaction that it rolls back.
 */
export type CheckHealth = (tenants: readonly TenantId[]) => Promise<Health>;

export function makeCheckHealth(deps: CheckHealthDeps): CheckHealth {
  const {
    settings,
    users,
    asked,
    unitOfWork,
    ids,
    clock,
    inspectCertificates,
    ownCertificate,
    limited,
  } = deps;

  /** A server may answer every question and take no write: a standby, or a full disk. */
  async function write(tenant: TenantId | undefined): Promise<HealthCheck> {
    if (tenant === undefined) return { name: "storage", status: "pass" };
    try {
      await limited(() =>
        runInTransaction<void>(unitOfWork, tenant, async ({ ledger }, rollBack) => {
          const key = ids.digest("health", ids.entryId());
          await ledger.consumeAll(tenant, [{ kind: "request", key, expiresAt: clock.now() }]);
          return rollBack(undefined);
        }),
      );
      return { name: "storage", status: "pass" };
    } catch {
      return { name: "storage", status: "fail", detail: "the storage does not accept writes" };
    }
  }

  async function ofTenant(tenant: TenantId): Promise<readonly HealthCheck[]> {
    const { settings: stored = DEFAULT_SETTINGS } =
      (await limited(() => settings.load(tenant))) ?? {};
    const open = openConnections(stored);
    const warnings = open.flatMap(({ id, idp }) => {
      const messages = keepsValidityPeriod(idp) ? certificateMessages(idp.certificates) : [];
      return open.length === 1 ? messages : messages.map((message) => `${id}: ${message}`);
    });
    const certificate = { ...certificateCheck("identity-provider-certificates", warnings), tenant };
    const followed = stored.connections.some(({ idp }) => idp?.metadataUrl !== undefined);
    return [
      certificate,
      ...(followed ? [await metadata(tenant, stored)] : []),
      ...(stored.enforcement.enabled ? [await enforcement(tenant, stored)] : []),
      ...(deps.domains === undefined ? [] : [await provenDomains(tenant, deps.domains)]),
    ];
  }

  async function metadata(tenant: TenantId, stored: Settings): Promise<HealthCheck> {
    const statuses = await limited(() => deps.readMetadataStatus(tenant, stored));
    const details = [...statuses].flatMap(
      ([id, { failing, lastFailure, lastSuccessAt, pending }]) => [
        ...(failing && lastFailure !== undefined
          ? [
              `${id}: cannot be read since ${lastSuccessAt === undefined ? "ever" : new Date(lastSuccessAt).toISOString()}: ${lastFailure.detail}`,
            ]
          : []),
        ...(pending === undefined ? [] : [`${id}: a change waits for an administrator`]),
      ],
    );
    return details.length === 0
      ? { name: "metadata", status: "pass", tenant }
      : { name: "metadata", status: "warn", tenant, detail: details.join("; ") };
  }

  async function provenDomains(
    tenant: TenantId,
    domains: Pick<Domains, "lost">,
  ): Promise<HealthCheck> {
    const lost = [...(await limited(() => domains.lost(tenant)))];
    const name = "verified-domains";
    if (lost.length === 0) return { name, status: "pass", tenant };
    const more = lost.length > MAX_NAMED ? ` and ${lost.length - MAX_NAMED} more` : "";
    const detail = `DNS records are missing: ${lost.slice(0, MAX_NAMED).join(", ")}${more}`;
    return { name, status: "warn", tenant, detail };
  }

  async function enforcement(tenant: TenantId, stored: Settings): Promise<HealthCheck> {
    const exempt = await limited(() => hasActiveExempt(users, tenant, stored));
    const details = [
      ...(exempt ? [] : ["no exempt user is active, so passwords are allowed"]),
      ...(asked.has(tenant) ? [] : ["passwordAllowed has not been called since the start"]),
    ];
    return details.length === 0
      ? { name: "enforcement", status: "pass", tenant }
      : { name: "enforcement", status: "warn", tenant, detail: details.join("; ") };
  }

  async function delivery(): Promise<HealthCheck> {
    const oldest = await limited(() => deps.events.oldestAt());
    return oldest === undefined || clock.now() - oldest < DELIVERY_LATE_MS
      ? { name: "events", status: "pass" }
      : {
          name: "events",
          status: "warn",
          detail: `events have been waiting since ${new Date(oldest).toISOString()}: see to deliverEvents`,
        };
  }

  function certificateMessages(certificates: readonly string[]): readonly string[] {
    return inspectCertificates(certificates)
      .flatMap(({ fault, warnings }) => (fault === undefined ? warnings : [fault]))
      .map(({ message }) => message);
  }

  async function checks(tenants: readonly TenantId[]): Promise<readonly HealthCheck[]> {
    const own = [
      ...(ownCertificate === undefined
        ? []
        : [
            certificateCheck("service-provider-certificate", certificateMessages([ownCertificate])),
          ]),
      ...(deps.readsTwice ? [] : [READ_ONCE]),
    ];
    try {
      const schema = migrations(await limited(deps.readSchemaState));
      if (schema.status === "fail") return [{ name: "storage", status: "pass" }, schema, ...own];
      const storage = await write(tenants[0] ?? deps.tenantOfWrite);
      // One after another: a look at the health must not take the pool from sign-ins.
      const connections: HealthCheck[] = [];
      if (storage.status === "pass") {
        for (const tenant of tenants) connections.push(...(await ofTenant(tenant)));
      }
      const events = deps.eventsOn && storage.status === "pass" ? [await delivery()] : [];
      return [storage, schema, ...own, ...events, ...connections];
    } catch {
      return [{ name: "storage", status: "fail", detail: "the storage is not responding" }, ...own];
    }
  }

  return async (tenants) => {
    const made = await checks(tenants);
    return { status: worst(made), checks: made };
  };
}

/** Domains in a detail. */
const MAX_NAMED = 10;
/** After how long an event that waits is late, in milliseconds. */
const DELIVERY_LATE_MS = 60 * 60 * 1000;

const READ_ONCE: HealthCheck = {
  name: "second-reading",
  status: "warn",
  detail:
    "the option secondReading is off: a bug in one reader is enough to sign in as another user",
};

function certificateCheck(name: HealthCheckName, warnings: readonly string[]): HealthCheck {
  return warnings.length === 0
    ? { name, status: "pass" }
    : { name, status: "warn", detail: warnings.join(" ") };
}

function migrations({ missing, newer, lost }: SchemaState): HealthCheck {
  const of = (status: HealthStatus, what: string, names: readonly string[]): HealthCheck => ({
    name: "migrations",
    status,
    detail: `${what}: ${names.join(", ")}`,
  });
  if (missing.length > 0) return of("fail", "call migrate()", missing);
  if (lost.length > 0) return of("fail", "tables are missing that have been created before", lost);
  if (newer.length > 0) return of("warn", "the schema is newer than this version", newer);
  return { name: "migrations", status: "pass" };
}

/** `health` with one more check. */
export function withCheck(health: Health, check: HealthCheck | undefined): Health {
  if (check === undefined) return health;
  const checks = [...health.checks, check];
  return { status: worst(checks), checks };
}

function worst(checks: readonly HealthCheck[]): HealthStatus {
  const has = (status: HealthStatus) => checks.some((check) => check.status === status);
  return has("fail") ? "fail" : has("warn") ? "warn" : "pass";
}
