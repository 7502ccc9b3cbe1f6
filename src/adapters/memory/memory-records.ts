import { parseTenantId, type TenantId } from "../../domain/tenant.ts";
import { type TestSignIn, withoutReceived } from "../../domain/test-sign-in.ts";
import type { DomainProofs } from "../../ports/domain-proofs.ts";
import type { EventOutbox, WaitingEvent } from "../../ports/event-outbox.ts";
import type { RefreshStates } from "../../ports/metadata-refresh.ts";
import { TESTS_KEPT, type TestSignIns } from "../../ports/test-sign-ins.ts";
import type { SettingsStore, SignInLedger, SingleUse } from "../../ports/unit-of-work.ts";
import { keyOf, type MemoryState } from "./memory-state.ts";

/** A state, and whether its store lives in a transaction. */
interface Bound {
  readonly state: MemoryState;
  readonly inTransaction: boolean;
}

/** A settings store over `state`. */
export function makeMemorySettings({ state }: Pick<Bound, "state">): SettingsStore {
  return {
    load: async (tenant) => state.settings.get(tenant),
    save: async (tenant, next) => {
      const current = state.settings.get(tenant)?.version ?? 0;
      if (current !== next.version - 1) return false;
      state.settings.set(tenant, next);
      return true;
    },
    list: async ({ after, limit }) =>
      [...state.settings.entries()]
        .flatMap(([id, stored]) => {
          const tenant = parseTenantId(id);
          return tenant === undefined || (after !== undefined && id <= after)
            ? []
            : [{ tenant, stored }];
        })
        .sort((one, other) => (one.tenant < other.tenant ? -1 : 1))
        .slice(0, limit),
  };
}

/** The state of refreshes over `state`. */
export function makeMemoryRefreshes({ state }: Pick<Bound, "state">): RefreshStates {
  return {
    load: async (tenant) =>
      [...state.refreshes.entries()]
        .filter(([, row]) => row.tenant === tenant)
        .map(([, row]) => row.refresh),
    save: async (tenant, refresh) => {
      const key = keyOf(tenant, refresh.connection);
      const current = state.refreshes.get(key)?.refresh.revision ?? 0;
      if (current !== refresh.revision - 1) return false;
      state.refreshes.set(key, { tenant, refresh });
      return true;
    },
    forget: async (tenant, connection) => state.refreshes.delete(keyOf(tenant, connection)),
  };
}

/** A ledger over `state`. */
export function makeMemoryLedger({ state, inTransaction }: Bound): SignInLedger {
  const take = (tenant: TenantId, { kind, key, expiresAt }: SingleUse): boolean => {
    const entry = keyOf(tenant, kind, key);
    if (state.ledger.get(entry) !== undefined) return false;
    state.ledger.set(entry, expiresAt);
    return true;
  };
  return {
    consume: async (tenant, key) => take(tenant, key),
    consumeAll: async (tenant, keys) => {
      if (!inTransaction) throw new Error("consumeAll requires a unit of work");
      return keys.find((key) => !take(tenant, key));
    },
    purgeExpired: async (now, limit) => {
      const expired = [...state.ledger.entries()]
        .filter(([, expiresAt]) => expiresAt < now)
        .slice(0, limit);
      for (const [entry] of expired) state.ledger.delete(entry);
      return expired.length;
    },
  };
}

/** An outbox over `state`. Its leases go by the clock of this computer. */
export function makeMemoryEvents({ state, inTransaction }: Bound): EventOutbox {
  const all = (): readonly (readonly [string, WaitingEvent])[] =>
    [...state.events.entries()].sort(([, one], [, other]) => one.position - other.position);
  const until = (leaseSeconds: number) => Date.now() + leaseSeconds * 1000;
  return {
    append: async (event) => {
      if (!inTransaction) throw new Error("append requires a unit of work");
      const { tenant } = event;
      const stream = state.eventStreams.get(tenant) ?? { events: 0, holder: "", heldUntil: 0 };
      const position = stream.events + 1;
      state.eventStreams.set(tenant, { ...stream, events: position });
      state.events.set(keyOf(tenant, String(position)), { position, event });
    },
    nextTenant: async (after) =>
      all()
        .map(([, { event }]) => event.tenant)
        .filter((tenant) => after === undefined || tenant > after)
        .sort()[0],
    claim: async (tenant, holder, leaseSeconds) => {
      const stream = state.eventStreams.get(tenant);
      if (stream === undefined || stream.heldUntil > Date.now()) return false;
      state.eventStreams.set(tenant, { ...stream, holder, heldUntil: until(leaseSeconds) });
      return true;
    },
    waiting: async (tenant, limit) =>
      all()
        .filter(([, { event }]) => event.tenant === tenant)
        .slice(0, limit)
        .map(([, waiting]) => waiting),
    delivered: async (tenant, holder, position, leaseSeconds) => {
      const stream = state.eventStreams.get(tenant);
      if (stream?.holder !== holder) return false;
      state.eventStreams.set(tenant, { ...stream, heldUntil: until(leaseSeconds) });
      state.events.delete(keyOf(tenant, String(position)));
      return true;
    },
    oldestAt: async () =>
      all()
        .map(([, { event }]) => event.at)
        .sort((one, other) => one - other)[0],
    release: async (tenant, holder) => {
      const stream = state.eventStreams.get(tenant);
      if (stream?.holder !== holder) return;
      state.eventStreams.set(tenant, { ...stream, holder: "", heldUntil: 0 });
    },
    purgeBefore: async (before, limit) => {
      const old = all()
        .filter(([, { event }]) => event.at < before)
        .slice(0, limit);
      for (const [key] of old) state.events.delete(key);
      return old.length;
    },
  };
}

/** Proven domains over `state`. */
export function makeMemoryDomainProofs({
  state: { domainProofs: table },
}: {
  readonly state: MemoryState;
}): DomainProofs {
  return {
    list: async (tenant) =>
      [...table.entries()]
        .map(([, row]) => row)
        .filter((row) => row.tenant === tenant)
        .map(({ proof }) => proof)
        .sort((one, other) => (one.domain < other.domain ? -1 : 1)),
    add: async (tenant, proof) => {
      const key = keyOf(tenant, proof.domain);
      if (table.get(key) !== undefined) return false;
      table.set(key, { tenant, proof });
      return true;
    },
    replace: async (tenant, proof) => {
      const key = keyOf(tenant, proof.domain);
      if (table.get(key)?.proof.token !== proof.token) return false;
      table.set(key, { tenant, proof });
      return true;
    },
    forget: async (tenant, domain) => {
      const key = keyOf(tenant, domain);
      const there = table.get(key) !== undefined;
      table.delete(key);
      return there;
    },
  };
}

/** Test sign-ins over `state`. */
export function makeMemoryTestSignIns({ state }: { readonly state: MemoryState }): TestSignIns {
  const { testSignIns: table } = state;
  const pendingOf = (tenant: TenantId, id: string) => {
    const test = table.get(keyOf(tenant, id))?.test;
    return test?.state === "pending" ? test : undefined;
  };
  const before = (time: number) =>
    [...table.entries()].filter(([, { test }]) => test.createdAt < time);
  return {
    add: async (tenant, test) => {
      table.set(keyOf(tenant, test.id), { tenant, test });
      for (const { id } of testsOf(state, tenant).slice(TESTS_KEPT)) {
        table.delete(keyOf(tenant, id));
      }
    },
    find: async (tenant, id) => table.get(keyOf(tenant, id))?.test,
    restart: async (tenant, id, requestId) => {
      const test = pendingOf(tenant, id);
      if (test === undefined) return false;
      table.set(keyOf(tenant, id), { tenant, test: { ...test, requestId } });
      return true;
    },
    finish: async (tenant, id, requestId, outcome) => {
      const test = pendingOf(tenant, id);
      if (test?.requestId !== requestId) return false;
      const { by, digest, createdAt } = test;
      table.set(keyOf(tenant, id), { tenant, test: { id, by, digest, createdAt, ...outcome } });
      return true;
    },
    succeeded: async (tenant, digest, since) => {
      for (const test of testsOf(state, tenant)) {
        const fits = test.digest === digest && test.createdAt >= since;
        if (fits && test.state === "succeeded") return test;
      }
      return undefined;
    },
    received: async (tenant, since, limit) =>
      testsOf(state, tenant)
        .filter((test) => test.state !== "pending")
        .filter((test) => test.createdAt >= since && withoutReceived(test) !== test)
        .slice(0, limit),
    forgetReceived: async (time, limit) => {
      const told = before(time)
        .flatMap(([key, { tenant, test }]) => {
          const forgotten = withoutReceived(test);
          return forgotten === test ? [] : [{ key, row: { tenant, test: forgotten } }];
        })
        .slice(0, limit);
      for (const { key, row } of told) table.set(key, row);
      return told.length;
    },
    purgeBefore: async (time, limit) => {
      const old = before(time).slice(0, limit);
      for (const [key] of old) table.delete(key);
      return old.length;
    },
  };
}

/** Newest first. */
function testsOf(state: MemoryState, tenant: TenantId): readonly TestSignIn[] {
  return [...state.testSignIns.entries()]
    .filter(([, row]) => row.tenant === tenant)
    .map(([, row]) => row.test)
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}
