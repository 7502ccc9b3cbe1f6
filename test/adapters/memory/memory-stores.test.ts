import { expect } from "chai";
import { describe, it } from "mocha";
import { makeMemoryStores } from "../../../src/adapters/memory/memory-stores.ts";
import { parseTenantId } from "../../../src/domain/tenant.ts";
import { email, sampleEntry } from "../../../src/testing/contracts/samples.ts";

const tenant = parseTenantId("acme")!;
const ada = email("ada@example.test");

describe("memory stores", () => {
  it("seed users in any state, with their access", async () => {
    const memory = makeMemoryStores();
    const id = memory.seedUser(tenant, {
      email: ada,
      state: "invited",
      role: "lite",
      groups: ["staff"],
      organizations: { kind: "all" },
    });
    expect(memory.userByEmail(tenant, ada)).to.deep.include({
      id,
      role: "lite",
      groups: ["staff"],
    });
    expect(await memory.stores.users.findByEmail(tenant, ada)).to.deep.equal({
      id,
      email: ada,
      state: "invited",
    });
    memory.changeUser(tenant, id, { state: "suspended" });
    expect((await memory.stores.users.findByEmail(tenant, ada))?.state).to.equal("suspended");
  });

  it("do not show uncommitted changes", async () => {
    const { stores, unitOfWork, auditEntries } = makeMemoryStores();
    await unitOfWork.run(tenant, async ({ audit }) => {
      await audit.append(tenant, sampleEntry(1));
      expect(auditEntries(tenant)).to.deep.equal([]);
      expect((await stores.audit.page(tenant, { filter: {}, limit: 5 })).entries).to.have.length(0);
    });
    expect(auditEntries(tenant)).to.have.length(1);
  });

  it("let a single write wait for the transaction that is running", async () => {
    const { stores, unitOfWork } = makeMemoryStores();
    const thing = { kind: "assertion", key: "k", expiresAt: 1 } as const;
    const order: string[] = [];
    const running = unitOfWork.run(tenant, async ({ ledger }) => {
      await Promise.resolve();
      order.push(`inside ${await ledger.consume(tenant, thing)}`);
    });
    const waiting = stores.ledger.consume(tenant, thing).then((first) => order.push(`${first}`));
    await Promise.all([running, waiting]);
    expect(order).to.deep.equal(["inside true", "false"]);
  });
});
