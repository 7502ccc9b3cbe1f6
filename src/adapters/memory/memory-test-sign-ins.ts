import type { TenantId } from "../../domain/tenant.ts";
import { type TestSignIn, withoutReceived } from "../../domain/test-sign-in.ts";
import { TESTS_KEPT, type TestSignIns } from "../../ports/test-sign-ins.ts";
import { keyOf, type MemoryState } from "./memory-state.ts";

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
