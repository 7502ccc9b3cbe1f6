import type { GroupId, OrganizationAccess, RoleId, UserId } from "../../domain/access.ts";
import type { Assertion, Profile } from "../../domain/assertion.ts";
import type { AuditEntry } from "../../domain/audit.ts";
import type { DomainProof } from "../../domain/domain-proof.ts";
import type { EmailAddress } from "../../domain/email-address.ts";
import type { RefreshState } from "../../domain/metadata-refresh.ts";
import type { Receipt } from "../../domain/receipt.ts";
import type { VersionedSettings } from "../../domain/settings.ts";
import type { UserState } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { TestSignIn } from "../../domain/test-sign-in.ts";
import type { WaitingEvent } from "../../ports/event-outbox.ts";

/** A user with everything that is kept of them. */
export interface MemoryUser {
  /** Tenant of the user. */
  readonly tenant: TenantId;
  /** Unique within the tenant. */
  readonly id: UserId;
  /** The normal address, unique within the tenant. */
  readonly email: EmailAddress;
  /** Whether they get in. */
  readonly state: UserState;
  /** Role. */
  readonly role: RoleId;
  /** Memberships. */
  readonly groups: readonly GroupId[];
  /** Organizations. */
  readonly organizations: OrganizationAccess;
  /** Names. */
  readonly profile: Profile;
  /** Present on users whom the plugin provisioned. */
  readonly receipt?: Receipt;
  /** What the identity provider said of them; present on users whom the plugin provisioned. */
  readonly assertion?: Assertion;
}

/** An audit entry with what the ring of refusals needs to know of it. */
export interface MemoryAuditEntry {
  readonly tenant: TenantId;
  readonly entry: AuditEntry;
}

/** A test sign-in with whose it is. */
export interface MemoryTestSignIn {
  readonly tenant: TenantId;
  readonly test: TestSignIn;
}

/** A domain to prove, with whose it is. */
export interface MemoryDomainProof {
  readonly tenant: TenantId;
  readonly proof: DomainProof;
}

/** What is known of a connection's metadata, with whose it is. */
export interface MemoryRefresh {
  readonly tenant: TenantId;
  readonly refresh: RefreshState;
}

/** Everything that the memory stores keep. */
export interface MemoryState {
  /** Users by tenant and ID. */
  readonly users: Table<MemoryUser>;
  /** User IDs by tenant and normal address. */
  readonly userIds: Table<UserId>;
  /** Settings by tenant. */
  readonly settings: Table<VersionedSettings>;
  /** Expiry by tenant, kind and key. */
  readonly ledger: Table<number>;
  /** Audit entries by tenant and ID. */
  readonly audit: Table<MemoryAuditEntry>;
  /** The entry ID in each slot of a tenant's ring of refusals. */
  readonly refusalSlots: Table<string>;
  /** How many refusals there were, by tenant. */
  readonly refusalCounts: Table<number>;
  /** Test sign-ins by tenant and ID. */
  readonly testSignIns: Table<MemoryTestSignIn>;
  /** Domains by tenant and domain. */
  readonly domainProofs: Table<MemoryDomainProof>;
  readonly events: Table<WaitingEvent>;
  readonly eventStreams: Table<MemoryEventStream>;
  /** What is known of metadata, by tenant and connection. */
  readonly refreshes: Table<MemoryRefresh>;
}

/** How many events a tenant has had, and who delivers them. */
export interface MemoryEventStream {
  readonly events: number;
  /** Empty if nobody does. */
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly heldUntil: number;
}

/** A state whose changes are carried over by `commit` or forgotten. */
export interface DraftState extends MemoryState {
  commit(): void;
}

/** A key of several parts; tenant IDs hold no line feed. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join("\n");
}

/** An empty state. */
export function makeMemoryState(): MemoryState {
  return {
    users: makeTable(),
    userIds: makeTable(),
    settings: makeTable(),
    ledger: makeTable(),
    audit: makeTable(),
    refusalSlots: makeTable(),
    refusalCounts: makeTable(),
    testSignIns: makeTable(),
    domainProofs: makeTable(),
    events: makeTable(),
    eventStreams: makeTable(),
    refreshes: makeTable(),
  };
}

/** A draft over every table of `base`. */
export function makeDraftState(base: MemoryState): DraftState {
  const drafts: DraftTable<unknown>[] = [];
  function draft<Row>(table: Table<Row>): Table<Row> {
    const made = makeDraftTable(table);
    drafts.push(made);
    return made;
  }
  return {
    users: draft(base.users),
    userIds: draft(base.userIds),
    settings: draft(base.settings),
    ledger: draft(base.ledger),
    audit: draft(base.audit),
    refusalSlots: draft(base.refusalSlots),
    refusalCounts: draft(base.refusalCounts),
    testSignIns: draft(base.testSignIns),
    domainProofs: draft(base.domainProofs),
    events: draft(base.events),
    eventStreams: draft(base.eventStreams),
    refreshes: draft(base.refreshes),
    commit: () => {
      for (const made of drafts) made.commit();
    },
  };
}

/** Rows by key. */
export interface Table<Row> {
  get(key: string): Row | undefined;
  set(key: string, row: Row): void;
  delete(key: string): void;
  /** Every row with its key, in no particular order. */
  entries(): Iterable<readonly [string, Row]>;
}

/** A table whose changes stay its own until they are committed. */
export interface DraftTable<Row> extends Table<Row> {
  /** Carries the changes over to the table beneath. */
  commit(): void;
}

/** A plain table. */
function makeTable<Row>(): Table<Row> {
  const rows = new Map<string, Row>();
  return {
    get: (key) => rows.get(key),
    set: (key, row) => {
      rows.set(key, row);
    },
    delete: (key) => {
      rows.delete(key);
    },
    entries: () => rows.entries(),
  };
}

/** A draft over `base`: reads see its own changes, `base` sees none before the commit. */
function makeDraftTable<Row>(base: Table<Row>): DraftTable<Row> {
  const changed = new Map<string, { readonly row: Row } | undefined>();
  return {
    get: (key) => (changed.has(key) ? changed.get(key)?.row : base.get(key)),
    set: (key, row) => {
      changed.set(key, { row });
    },
    delete: (key) => {
      changed.set(key, undefined);
    },
    *entries() {
      for (const [key, row] of base.entries()) if (!changed.has(key)) yield [key, row];
      for (const [key, change] of changed) if (change !== undefined) yield [key, change.row];
    },
    commit: () => {
      for (const [key, change] of changed) {
        if (change === undefined) base.delete(key);
        else base.set(key, change.row);
      }
      changed.clear();
    },
  };
}
