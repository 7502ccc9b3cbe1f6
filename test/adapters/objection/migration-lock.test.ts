import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { DEFAULT_RETRY_POLICY } from "../../../src/adapters/objection/db/database-session.ts";
import { dialectOf } from "../../../src/adapters/objection/db/dialect.ts";
import { runExclusively } from "../../../src/adapters/objection/migrations/migration-lock.ts";
import { DATABASES, type TestDatabase } from "../../support/databases.ts";

const TOGETHER = 6;

for (const { name: database, create } of DATABASES) {
  for (const by of ["database", "lease"] as const) {
    describe(`the lock of migrations by ${by} on ${database}`, () => {
      let opened: TestDatabase;
      before(async () => {
        opened = await create();
      });
      after(() => opened.drop());

      /** Tests wait no longer than they must. */
      const retry = { ...DEFAULT_RETRY_POLICY, wait: () => DEFAULT_RETRY_POLICY.wait(1) };
      const exclusively = (name: string, work: () => Promise<void>) =>
        runExclusively(
          { knex: opened.knex, dialect: dialectOf(opened.knex), name, retry, by },
          work,
        );

      it("lets one run after the other", async () => {
        const running = new Set<number>();
        const ran: number[] = [];
        await Promise.all(
          Array.from({ length: TOGETHER }, (_, index) =>
            exclusively("one", async () => {
              running.add(index);
              expect([...running]).to.deep.equal([index]);
              await setImmediate();
              running.delete(index);
              ran.push(index);
            }),
          ),
        );
        expect(ran.sort()).to.deep.equal([0, 1, 2, 3, 4, 5]);
      });

      it("is free after work that failed", async () => {
        const failure = new Error("changed my mind");
        const failing = exclusively("two", () => Promise.reject(failure));
        expect(await failing.catch((error: unknown) => error)).to.equal(failure);
        let ran = false;
        await exclusively("two", async () => {
          ran = true;
        });
        expect(ran).to.equal(true);
      });

      if (by === "database") return;
      it("is not waited for once the lease of a process that died is over", async () => {
        const { knex } = opened;
        await exclusively("three", async () => undefined);
        // A minute from now by the database's clock would be too long for a test.
        await knex("three_lease").update({ holder: "a process that died", expires_at: 1 });
        await exclusively("three", async () => undefined);
        const [row] = await knex("three_lease").select("holder", "expires_at");
        expect(row.holder).to.not.equal("a process that died");
        expect(Number(row.expires_at)).to.equal(0);
      });

      it("is refused while another process holds it, after a minute", async () => {
        const { knex } = opened;
        await exclusively("four", async () => undefined);
        await knex("four_lease").update({ holder: "another", expires_at: 99_999_999_999 });
        let minutes = 0;
        const impatient = { ...retry, elapsed: () => (minutes++ > 20 ? 61_000 : 0) };
        const dialect = dialectOf(knex);
        const refused = runExclusively(
          { knex, dialect, name: "four", retry: impatient, by },
          async () => expect.fail("ran"),
        );
        const error = await refused.catch((caught: unknown) => caught);
        expect(error).to.have.property("retryAfterSeconds", 60);
      });
    });
  }
}
