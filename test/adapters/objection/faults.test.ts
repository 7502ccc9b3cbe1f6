import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { describe, it } from "mocha";
import {
  DEFAULT_RETRY_POLICY,
  type RetryPolicy,
  retrying,
} from "../../../src/adapters/objection/db/database-session.ts";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { HostMistakeError, StorageUnavailableError } from "../../../src/ports/errors.ts";
import { DATABASES } from "../../support/databases.ts";

const tenant = parseTenantId("acme")!;
const nothing = () => undefined;
/** Knex reports what it cannot connect to on the console, too. */
const SILENT = { warn: nothing, error: nothing, debug: nothing, deprecate: nothing };

/** Waits for nothing, and remembers for how long it was asked to. */
function impatient(): { readonly policy: RetryPolicy; readonly pauses: number[] } {
  const pauses: number[] = [];
  const wait = async (ms: number) => {
    pauses.push(ms);
  };
  return { pauses, policy: { ...DEFAULT_RETRY_POLICY, wait, random: () => 0.5 } };
}

function failing(times: number, error: object): { calls: number; work(): Promise<string> } {
  const state = {
    calls: 0,
    work: async () => {
      state.calls += 1;
      if (state.calls <= times) throw Object.assign(new Error("no"), error);
      return "done";
    },
  };
  return state;
}

describe("retrying", () => {
  const transient = [
    { code: "SQLITE_BUSY" },
    { code: "40001" },
    { code: "40P01" },
    { code: "ER_LOCK_DEADLOCK" },
    { code: "ER_LOCK_WAIT_TIMEOUT" },
    { code: "ER_LOCK_NOWAIT" },
    { code: "UNKNOWN_CODE_3101", errno: 3101 },
    { nativeError: { code: "40001" } },
  ];
  for (const error of transient) {
    it(`runs work again after ${JSON.stringify(error)}`, async () => {
      const { policy, pauses } = impatient();
      const job = failing(3, error);
      expect(await retrying(policy, job.work)).to.equal("done");
      expect(job.calls).to.equal(4);
      expect(pauses).to.deep.equal([15, 30, 60]);
    });
  }

  it("gives up after its attempts, with pauses that stay short", async () => {
    const { policy, pauses } = impatient();
    const job = failing(1000, { code: "SQLITE_BUSY" });
    const error = await retrying(policy, job.work).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StorageUnavailableError).and.include({ retryAfterSeconds: 5 });
    expect(job.calls).to.equal(8);
    expect(Math.max(...pauses)).to.be.at.most(500);
  });

  it("does not run work again that has waited for a lock for too long", async () => {
    let now = 0;
    const policy = { ...impatient().policy, elapsed: () => now };
    const job = failing(1000, { code: "ER_LOCK_WAIT_TIMEOUT" });
    const work = () => {
      now += 2000; // a third attempt would end after the budget of five seconds
      return job.work();
    };
    const error = await retrying(policy, work).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StorageUnavailableError);
    expect(job.calls).to.equal(2);
  });

  const unavailable = [
    { code: "ECONNREFUSED" },
    { code: "ECONNRESET" },
    { code: "57P01" },
    { code: "53300" },
    { code: "08006" },
    { code: "SQLITE_FULL" },
    { code: "PROTOCOL_CONNECTION_LOST" },
    { name: "KnexTimeoutError" },
    ...["57014", "25P03", "25P04", "57P04", "57P05", "53400", "58030", "28P01", "3D000"].map(
      (code) => ({ code }),
    ),
    ...[1969, 3024, 1317, 1030, 1036, 1792, 1836, 1226, 1129, 1045].map((errno) => ({ errno })),
    ...[1037, 1038, 1041, 1044, 1135, 1152, 1160, 1161, 1184, 1206, 1637].map((errno) => ({
      errno,
    })),
    ...[1698, 1820, 1862, 3118, 4151].map((errno) => ({ errno })),
    ...["EADDRNOTAVAIL", "EMFILE", "ENFILE", "ENOBUFS"].map((code) => ({ code })),
    { code: "ENOENT", message: "connect ENOENT /var/run/postgresql/.s.PGSQL.5432" },
    { code: "ER_ACCESS_DENIED_ERROR" },
    { code: "PROTOCOL_SEQUENCE_TIMEOUT" },
    { code: "SQLITE_NOMEM" },
    { code: "SQLITE_PROTOCOL" },
    { code: "SQLITE_IOERR_WRITE" },
    { message: "select 1 - Query read timeout" },
    { message: "Connection terminated unexpectedly" },
    { message: "select 1 - Client has encountered a connection error and is not queryable" },
    { message: "BEGIN; - Can't add new command when connection is in closed state" },
  ];
  for (const fault of unavailable) {
    it(`does not run work again after ${JSON.stringify(fault)}: it may have been done`, async () => {
      const { policy } = impatient();
      const job = failing(1000, fault);
      const error = await retrying(policy, job.work).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(StorageUnavailableError);
      expect(job.calls).to.equal(1);
    });
  }

  for (const code of [
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "42P01",
    "22001",
    "ER_NO_SUCH_TABLE",
    "ENOENT",
  ]) {
    it(`lets ${code} through: no one can retry it away`, async () => {
      const error = Object.assign(new Error("no"), { code });
      const thrown = await retrying(impatient().policy, () => Promise.reject(error)).catch(
        (caught: unknown) => caught,
      );
      expect(thrown).to.equal(error);
    });
  }

  it("lets every other error through as it is", async () => {
    const bug = new TypeError("a bug");
    const error = await retrying(impatient().policy, () => Promise.reject(bug)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.equal(bug);
  });
});

describe("a database that is not there", () => {
  const NO_FOLDER = join(tmpdir(), "no-server");
  const SOCKETS: readonly Knex.Config[] = [
    { client: "pg", connection: { host: NO_FOLDER, user: "nobody", database: "none" } },
    {
      client: "mysql2",
      connection: { socketPath: `${NO_FOLDER}/mysql.sock`, user: "nobody" },
    },
  ];
  const nowhere: readonly Knex.Config[] = [
    // Tests on Deno may speak to loopback addresses only.
    ...("Deno" in globalThis ? [] : SOCKETS),
    { client: "pg", connection: "postgres://nobody@127.0.0.1:1/none" },
    { client: "mysql2", connection: "mysql://nobody@127.0.0.1:1/none" },
    {
      client: "sqlite3",
      connection: { filename: "/nonexistent/folder/file.sqlite" },
      useNullAsDefault: true,
    },
  ];
  for (const [where, config] of nowhere.entries()) {
    it(`is unavailable storage, in and out of transactions: ${config.client} ${where}`, async () => {
      const knex = knexFactory({ ...config, pool: { min: 0, max: 1 }, log: SILENT });
      try {
        const { stores, unitOfWork } = makeObjectionStores({ knex });
        const failures = [
          await stores.settings.load(tenant).catch((error: unknown) => error),
          await unitOfWork.run(tenant, async () => "fine").catch((error: unknown) => error),
          await migrate({ knex }).catch((error: unknown) => error),
        ];
        for (const failure of failures) {
          expect(failure).to.be.instanceOf(StorageUnavailableError);
          expect(failure).to.have.nested.property("cause.message");
        }
      } finally {
        await knex.destroy();
      }
    });
  }
});

for (const { name, create } of DATABASES) {
  it(`a pool that has run dry on ${name} is unavailable storage, and recovers`, async () => {
    const database = await create();
    const knex = knexFactory({
      ...database.config,
      pool: { min: 0, max: 1 },
      acquireConnectionTimeout: 1000,
      log: SILENT,
    });
    try {
      await migrate({ knex });
      const { stores } = makeObjectionStores({ knex });
      const held = await knex.transaction();
      const failure = await stores.settings.load(tenant).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(StorageUnavailableError);
      await held.rollback();
      expect(await stores.settings.load(tenant)).to.equal(undefined);
    } finally {
      await knex.destroy();
      await database.drop();
    }
  });

  it(`work that swallows a failed statement on ${name} is not taken for done`, async () => {
    const database = await create();
    try {
      const { knex } = database;
      await migrate({ knex });
      const { stores, unitOfWork } = makeObjectionStores({ knex });
      const entry = { id: "1", reference: "r", at: 1, outcome: "denied", detail: {} } as const;
      await unitOfWork
        .run(tenant, async ({ audit, ledger }) => {
          await ledger.consume(tenant, { kind: "request", key: "k", expiresAt: 1 });
          await audit.append(tenant, entry);
          await audit.append(tenant, entry).catch(() => undefined);
        })
        .then(
          async () => {
            expect(await consumeAgain()).to.equal(false);
          },
          async () => {
            expect(await consumeAgain()).to.equal(true);
          },
        );
      function consumeAgain(): Promise<boolean> {
        return stores.ledger.consume(tenant, { kind: "request", key: "k", expiresAt: 1 });
      }
    } finally {
      await database.drop();
    }
  });
}

for (const { name, create } of DATABASES) {
  it(`names the table or column that is missing, and the remedy, on ${name}`, async () => {
    const { knex, drop } = await create();
    try {
      const { stores } = makeObjectionStores({ knex });
      const mistake = async (call: Promise<unknown>) => {
        const error = await call.catch((thrown: unknown) => thrown);
        return error instanceof HostMistakeError ? error.message : `not named: ${error}`;
      };
      expect(await mistake(stores.settings.load(tenant))).to.match(
        /^table [\w.]*saml_jit_settings does not exist: call migrate\(\)/,
      );
      await migrate({ knex, userTables: true });
      await knex.schema.alterTable("saml_jit_users", (table) => table.renameColumn("role", "rank"));
      expect(await mistake(stores.users.countSeats(tenant, ["member"]))).to.match(
        /^column [\w.]*role does not exist: correct hostUsers/,
      );
    } finally {
      await drop();
    }
  });
}
