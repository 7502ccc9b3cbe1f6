import type { Knex } from "knex";
import { toOneConnection } from "../../../domain/one-connection.ts";
import { DEFAULT_CONNECTION_ID } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type {
  FinishedTestSignIn,
  PendingTestSignIn,
  ReceivedUser,
  TestResult,
  TestSignIn,
} from "../../../domain/test-sign-in.ts";
import { TESTS_KEPT, type TestOutcome, type TestSignIns } from "../../../ports/test-sign-ins.ts";
import { deleteBatch } from "../db/batches.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import type { Tables } from "../migrations/table-names.ts";
import { TEST_SIGN_IN_COLUMNS, type TestSignInRow } from "./rows.ts";
import { storedSettings } from "./settings-store.ts";

/** Test sign-ins, each a row that statements change only while it is pending. */
export function makeTestSignIns({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): TestSignIns {
  const table = tables.testSignIns;
  const key = ["tenant", "id"];

  async function dropOldest(db: Knex, tenant: TenantId): Promise<void> {
    const tooMany: readonly { readonly id: string }[] = await db(table)
      .where({ tenant })
      .orderBy([
        { column: "created_at", order: "desc" },
        { column: "id", order: "desc" },
      ])
      .limit(TESTS_KEPT) // not every database has an offset without one
      .offset(TESTS_KEPT)
      .select("id");
    if (tooMany.length === 0) return;
    const ids = tooMany.map(({ id }) => id);
    await db(table).where({ tenant }).whereIn("id", ids).delete();
  }

  return {
    add: async (tenant, test) => {
      await session.run(async (db) => {
        await db(table).insert(pendingRow(tenant, test));
      });
      // A separate statement: the last of several concurrent calls sees the rows of all.
      await session.run((db) => dropOldest(db, tenant));
    },
    find: (tenant, id) =>
      session.run(async (db) => {
        const row: TestSignInRow | undefined = await db(table)
          .where({ tenant, id })
          .first(TEST_SIGN_IN_COLUMNS);
        return row && testOf(row);
      }),
    restart: (tenant, id, requestId) =>
      session.run(async (db) => {
        const changed = await db(table)
          .where({ tenant, id, state: "pending" })
          .update({ request_id: requestId });
        return changed === 1;
      }),
    finish: (tenant, id, requestId, outcome) =>
      session.run(async (db) => {
        const changed = await db(table)
          .where({ tenant, id, state: "pending", request_id: requestId })
          .update(outcomeRow(outcome));
        return changed === 1;
      }),
    succeeded: (tenant, digest, since) =>
      session.run(async (db) => {
        const row: TestSignInRow | undefined = await db(table)
          .where({ tenant, digest, state: "succeeded" })
          .where("created_at", ">=", since)
          .orderBy("created_at", "desc")
          .first(TEST_SIGN_IN_COLUMNS);
        return row && finishedOf(row);
      }),
    received: (tenant, since, limit) =>
      session.run(async (db) => {
        const rows: readonly TestSignInRow[] = await db(table)
          .where({ tenant })
          .where("created_at", ">=", since)
          .whereNotNull("received")
          .orderBy([
            { column: "created_at", order: "desc" },
            { column: "id", order: "desc" },
          ])
          .limit(limit)
          .select(TEST_SIGN_IN_COLUMNS);
        return rows.map(finishedOf);
      }),
    forgetReceived: (before, limit) =>
      session.run((db) => {
        const told = db(table)
          .where("created_at", "<", before)
          .whereNotNull("received")
          .orderBy("created_at")
          .limit(limit);
        // MySQL updates by LIMIT but cannot select from the table it updates; the others, vice
        // versa.
        return session.dialect === "mysql"
          ? told.update({ received: null })
          : db(table)
              .whereIn(key, told.select(...key))
              .update({ received: null });
      }),
    purgeBefore: (before, limit) =>
      session.runLong((db) =>
        deleteBatch(db, session.dialect, { table, key, column: "created_at", before, limit }),
      ),
  };
}

function pendingRow(tenant: TenantId, test: PendingTestSignIn) {
  return {
    tenant,
    id: test.id,
    administrator: test.by,
    digest: test.digest,
    created_at: test.createdAt,
    state: test.state,
    // One connection in the form that versions which know one only can read.
    settings: JSON.stringify(
      toOneConnection(test.settings) ?? { ...test.settings, tested: test.connection },
    ),
    request_id: test.requestId ?? null,
    finished_at: null,
    result: null,
    received: null,
  };
}

/** Received personal data has its own column, so that one statement deletes it. */
function outcomeRow({ state, finishedAt, result }: TestOutcome) {
  const { received, ...lasting } =
    result.kind === "verified" ? result : { ...result, received: undefined };
  return {
    state,
    settings: null,
    request_id: null,
    finished_at: finishedAt,
    result: JSON.stringify(lasting),
    received: received === undefined ? null : JSON.stringify(received),
  };
}

function testOf(row: TestSignInRow): TestSignIn {
  if (row.settings == null) return finishedOf(row);
  // Written by `pendingRow` only.
  const { tested = DEFAULT_CONNECTION_ID, ...settings } = JSON.parse(row.settings);
  return {
    ...headOf(row),
    state: "pending",
    settings: storedSettings(settings),
    connection: tested,
    ...(row.request == null ? {} : { requestId: row.request }),
  };
}

function finishedOf(row: TestSignInRow): FinishedTestSignIn {
  // Written by `outcomeRow` only.
  const result: TestResult = JSON.parse(row.result ?? "{}");
  const received: ReceivedUser | undefined =
    row.received == null ? undefined : JSON.parse(row.received);
  return {
    ...headOf(row),
    state: row.state === "succeeded" ? "succeeded" : "failed",
    finishedAt: Number(row.finished),
    result: received === undefined || result.kind === "rejected" ? result : { ...result, received },
  };
}

function headOf({ id, administrator, digest, created }: TestSignInRow) {
  return { id, by: administrator, digest, createdAt: Number(created) };
}
