import { randomUUID } from "node:crypto";
import { expect } from "chai";
import knexFactory, { type Knex } from "knex";
import { after, before, describe, it } from "mocha";
import { Model, type QueryContext } from "objection";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import type { HostUsers } from "../../../src/adapters/objection/users/host-users.ts";
import { hostUsersFaults } from "../../../src/adapters/objection/users/host-users-faults.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { EmailTakenError } from "../../../src/ports/errors.ts";
import {
  email,
  sampleAssertion,
  sampleReceipt,
  sampleUser,
} from "../../../src/testing/contracts/samples.ts";
import { seeOwnUsers } from "../../contracts/own-users-subject.ts";
import { runStoreContracts } from "../../contracts/run-contract.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";
import { createIntegerHost, integerHost, Member } from "./hosts.ts";

const tenant = parseTenantId("default")!;
const vocabulary = {
  licensedRole: "1",
  liteRole: "2",
  groups: ["7", "8"],
  organizations: ["3", "4"],
} as const;

class SortedMember extends Member {
  static override query(...args: Parameters<typeof Model.query>) {
    return Member.query.apply(SortedMember, args).orderBy("fullName") as never;
  }
}

class TryingMember extends Model {
  static override tableName = "Members";
  static override idColumn = "memberNo";
  override async $beforeInsert({ transaction }: QueryContext): Promise<void> {
    await transaction
      .transaction((inner) => inner("Members").insert({ roleNo: null }))
      .catch(() => undefined);
  }
}

function create(knex: Knex, hostUsers: HostUsers, address: string) {
  const user = sampleUser(email(address), vocabulary);
  const { stores, unitOfWork } = makeObjectionStores({ knex, hostUsers });
  const made = unitOfWork.run(tenant, ({ users }) =>
    users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user)),
  );
  return { made, stores };
}

it("a model may be of another copy of Objection", () => {
  const foreign = Object.assign(() => undefined, {
    isObjectionModelClass: true,
    idColumn: "memberNo",
  });
  expect(hostUsersFaults({ ...integerHost, model: foreign })).to.deep.equal([]);
});

for (const { name, create: createDatabase } of DATABASES) {
  describe(`hosts of all kinds on ${name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await createDatabase();
      await migrate({ knex: database.knex });
      await createIntegerHost(database.knex);
    });
    after(() => database.drop());

    it("count seats of a model that orders its users", async () => {
      const hostUsers = { ...integerHost, model: SortedMember };
      const { made, stores } = create(database.knex, hostUsers, "sorted@example.test");
      await made;
      expect(await stores.users.countSeats(tenant, ["1" as never])).to.be.greaterThan(0);
    });

    it("sign no one in with a misnamed state column", async () => {
      const state = { kind: "column", column: "leftAt", values: { active: [null] } } as const;
      const misnamed = { ...integerHost, state };
      const row = { mailAddress: "left@example.test", roleNo: 1, status: 9 };
      await database.knex("Members").insert(row);
      const { stores } = makeObjectionStores({ knex: database.knex, hostUsers: misnamed });
      const user = await stores.users.findByEmail(tenant, email(row.mailAddress));
      expect(user?.state).to.equal("suspended");
    });

    it("have states that their driver gives as text", async () => {
      const state = { kind: "column", column: "fullName", values: { active: [1] } } as const;
      const row = { mailAddress: "text@example.test", roleNo: 1, fullName: "1" };
      await database.knex("Members").insert(row);
      const hostUsers = { ...integerHost, state };
      const { stores } = makeObjectionStores({ knex: database.knex, hostUsers });
      const user = await stores.users.findByEmail(tenant, email(row.mailAddress));
      expect(user?.state).to.equal("active");
    });

    it("let a hook fail and undo that by a savepoint", async () => {
      const hostUsers = { ...integerHost, model: TryingMember };
      expect(await create(database.knex, hostUsers, "trying@example.test").made).to.be.a("string");
    });

    if (name !== "PostgreSQL") {
      it("are required to generate IDs that the database does not return", async () => {
        const id = { name: "memberNo", type: "text" } as const;
        const hostUsers = { ...integerHost, columns: { ...integerHost.columns, id } };
        const { made } = create(database.knex, hostUsers, "untold@example.test");
        const failed = await made.catch((error: unknown) => error);
        expect(String(failed)).to.contain("hostUsers.newId is required");
      });
    }

    if (name === "MariaDB") {
      it("keep their users in another database", async () => {
        const other = `koa_saml_jit_${randomUUID().replaceAll("-", "")}`;
        await database.knex.raw("CREATE DATABASE ??", [other]);
        try {
          await database.knex.raw("CREATE TABLE ?? LIKE ??", [`${other}.Distant`, "Members"]);
          await database.knex.raw("ALTER TABLE ?? AUTO_INCREMENT = 1000", [`${other}.Distant`]);
          class Elsewhere extends Member {
            static override tableName = `${other}.Distant`;
          }
          const noGrants = { ...sampleUser(email("far@example.test"), vocabulary), groups: [] };
          const user = { ...noGrants, organizations: { kind: "all" } } as const;
          const { stores } = makeObjectionStores({
            knex: database.knex,
            hostUsers: { ...integerHost, model: Elsewhere },
          });
          const add = () =>
            stores.users.create(tenant, user, sampleReceipt(user), {}, sampleAssertion(user));
          await add();
          expect(await add().catch((error: unknown) => error)).to.be.instanceOf(EmailTakenError);
        } finally {
          await database.knex.raw("DROP DATABASE ??", [other]);
        }
      });
    }
  });

  describe(`a host that converts rows, on ${name}`, () => {
    let database: TestDatabase;
    let converting: Knex;
    before(async () => {
      database = await createDatabase();
      converting = knexFactory({ ...database.config, ...converted(name, database.config) });
      await migrate({ knex: converting, userTables: true });
    });
    after(async () => {
      await converting.destroy();
      await database.drop();
    });
    runStoreContracts(async () => ({
      ...makeObjectionStores({ knex: converting }),
      ...seeOwnUsers(database.knex),
      tenant: parseTenantId(randomUUID())!,
      otherTenant: parseTenantId(randomUUID())!,
    }));
  });
}

/** NULL as `undefined`; on MariaDB also every number as text. */
function converted(name: string, { connection }: Knex.Config): Knex.Config {
  const withoutNulls = (row: unknown) =>
    typeof row === "object" && row !== null && !Array.isArray(row) && !("affectedRows" in row)
      ? Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined]))
      : row;
  const postProcessResponse = (result: unknown) =>
    Array.isArray(result) ? result.map(withoutNulls) : result;
  if (name !== "MariaDB") return { postProcessResponse };
  const typeCast = (field: { string(): string | null }) => field.string();
  return { postProcessResponse, connection: { uri: String(connection), typeCast } };
}
