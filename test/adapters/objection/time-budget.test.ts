import { expect } from "chai";
import { describe, it } from "mocha";
import { spending, withinBudget } from "../../../src/adapters/objection/db/bound-statements.ts";
import { migrate } from "../../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { StorageUnavailableError } from "../../../src/ports/errors.ts";
import { email } from "../../../src/testing/contracts/samples.ts";
import { DATABASES } from "../../support/databases.ts";
import { tenant } from "../../support/host.ts";

describe("the time budget of a sign-in", () => {
  it("is what its transactions leave to each other; what the host takes between them is free", async () => {
    const given: number[] = [];
    const transaction = async (ms: number) => {
      given.push(ms);
      pass(20);
    };
    await withinBudget(1000, async () => {
      await spending(700, transaction);
      pass(300);
      await spending(700, transaction);
      await spending(5000, transaction);
    });
    expect(given.slice(0, 2)).to.deep.equal([700, 700]);
    expect(given[2]).to.be.within(700, 960);
  });

  it("does not exist outside of one", async () => {
    expect(await spending(700, async (ms) => ms)).to.equal(700);
  });

  for (const { name, create } of DATABASES) {
    if (name === "SQLite") continue; // its statements are bounded by the file's own limit
    it(`begins no statement on ${name} once it is used up, and gives the connection back`, async () => {
      const { knex, drop } = await create();
      try {
        await migrate({ knex, userTables: true });
        const { stores, unitOfWork } = makeObjectionStores({ knex });
        const look = () => stores.users.findByEmail(tenant("acme"), email("ada@example.test"));
        const late = await withinBudget(-1, look).catch((error: unknown) => error);
        expect(late).to.be.instanceOf(StorageUnavailableError);
        const interrupted = withinBudget(50, () =>
          unitOfWork.run(tenant("acme"), async ({ users }) => {
            pass(100);
            return users.findByEmail(tenant("acme"), email("ada@example.test"));
          }),
        ).catch((error: unknown) => error);
        expect(await interrupted).to.be.instanceOf(StorageUnavailableError);
        expect(knex.client.pool.numUsed()).to.equal(0);
        expect(await look()).to.equal(undefined);
      } finally {
        await drop();
      }
    });
  }
});

/** Lets time pass without giving it to anybody else. */
function pass(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
