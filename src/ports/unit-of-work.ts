import type { VersionedSettings } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { DomainProofs } from "./domain-proofs.ts";
import type { EventOutbox } from "./event-outbox.ts";
import type { RefreshStates } from "./metadata-refresh.ts";
import type { TestSignIns } from "./test-sign-ins.ts";
import type { UserDirectory } from "./user-directory.ts";

/** The stores, bound to one transaction. */
export interface Stores {
  /** The host's users. */
  readonly users: UserDirectory;
  /** The administrators' settings. */
  readonly settings: SettingsStore;
  /** Single-use records. */
  readonly ledger: SignInLedger;
  /** The audit trail. */
  readonly audit: AuditTrail;
  /** The administrators' test sign-ins. */
  readonly testSignIns: TestSignIns;
  /** Proven email domains. */
  readonly domainProofs: DomainProofs;
  /** Events to deliver. */
  readonly events: EventOutbox;
  /** What is known of the metadata of connections. */
  readonly refreshes: RefreshStates;
}

/** Runs work over the stores in one transaction. */
export interface UnitOfWork {
  /**
   * Commits when `work` resolves, rolls back when it throws. `work` may run more than once
   * (serialization failures, deadlocks), so it must have no effects except through the stores.
   *
   * @throws StorageUnavailableError when the storage is not responding or stays too busy.
   */
  run<T>(tenant: TenantId, work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** How the tables compare with the steps of this version. */
export interface SchemaState {
  /** Names of steps that have not run. */
  readonly missing: readonly string[];
  /** Names of steps that only a newer version knows. */
  readonly newer: readonly string[];
  /** Names of tables that a step has created and that are no longer there. */
  readonly lost: readonly string[];
}

/**
 * Compares the tables with the steps of this version. Reads only.
 *
 * @throws if the storage does not respond.
 */
export type ReadSchemaState = () => Promise<SchemaState>;

/** Settings with their tenant. */
export interface TenantSettings {
  /** The tenant. */
  readonly tenant: TenantId;
  /** Its latest settings. */
  readonly stored: VersionedSettings;
}

/** Stores the settings of each tenant, latest version only. */
export interface SettingsStore {
  /** The latest settings, saved by any process; `undefined` if none have been saved. */
  load(tenant: TenantId): Promise<VersionedSettings | undefined>;
  /**
   * Saves `next` if the stored version is `next.version - 1` (0: nothing stored). Atomic.
   *
   * @returns whether it was saved; false if another version was saved concurrently.
   */
  save(tenant: TenantId, next: VersionedSettings): Promise<boolean>;
  /**
   * The latest settings of every tenant that has saved any, in a fixed order of their IDs; paged.
   *
   * @param query.after ID of the last tenant of the page before. Default: the first page.
   */
  list(query: {
    readonly after?: TenantId;
    readonly limit: number;
  }): Promise<readonly TenantSettings[]>;
}

/** A single-use record. */
export interface SingleUse {
  /**
   * `assertion`: issuer and assertion ID; `request`: our request's ID; `logout`: issuer and message
   * ID; `notice`: what was announced.
   */
  readonly kind: "assertion" | "request" | "logout" | "notice";
  /** Hash of the identifiers, at most 64 characters. */
  readonly key: string;
  /** Time after which the record may be deleted, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Remembers used records until they expire. */
export interface SignInLedger {
  /**
   * Consumes a record, atomically across processes. A rollback of the transaction undoes it.
   *
   * @returns whether this call was the first to consume it.
   */
  consume(tenant: TenantId, key: SingleUse): Promise<boolean>;
  /**
   * Consumes several distinct records in order. Only within a {@link UnitOfWork}, which the caller
   * rolls back if one had been consumed; the others are then unused again.
   *
   * @returns the first one that had been consumed before; `undefined` if this call consumed all.
   */
  consumeAll(tenant: TenantId, keys: readonly SingleUse[]): Promise<SingleUse | undefined>;
  /**
   * Deletes at most `limit` records of all tenants that expired before `now` (milliseconds since
   * the epoch).
   *
   * @returns the number of deleted records.
   */
  purgeExpired(now: number, limit: number): Promise<number>;
}
