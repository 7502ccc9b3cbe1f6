import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { migrate } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { SamlEvent } from "../../src/mod.ts";
import { sampleEvent } from "../../src/testing/contracts/samples.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { tenant } from "../support/host.ts";
import { startProcess, startProcesses } from "./processes.ts";

const TENANTS = ["amber", "birch", "cedar", "dune"].map(tenant);
const EVENTS = 5;

for (const { name, create } of DATABASES) {
  describe(`events that several processes deliver on ${name}`, () => {
    let database: TestDatabase;
    let consumer: Consumer;
    before(async () => {
      database = await create();
      await migrate({ knex: database.knex, userTables: true });
      consumer = await startConsumer();
    });
    after(async () => {
      consumer.server.closeAllConnections();
      consumer.server.close();
      await database.drop();
    });

    async function append(of: TenantId, number: number): Promise<void> {
      const { unitOfWork } = makeObjectionStores({ knex: database.knex });
      const event = { ...sampleEvent(of, number), id: `${of}-${number}` };
      await unitOfWork.run(of, ({ events }) => events.append(event));
    }

    it("come once and in order, and again from where a killed process was", async () => {
      const { url, received } = consumer;
      for (const of of TENANTS) for (let n = 1; n <= EVENTS; n += 1) await append(of, n);

      const held = consumer.holdNext();
      const dying = await startProcess(database.config);
      const cut = dying.run({ kind: "deliver", url }).catch((error: unknown) => error);
      const first = await held;
      await dying.kill();
      expect(await cut).to.be.instanceOf(Error);

      const others = await startProcesses(3, () => startProcess(database.config));
      const deliver = () => Promise.all(others.map((one) => one.run({ kind: "deliver", url })));
      // While the dead process's claim lasts, its tenant waits and the others do not.
      await deliver();
      expect(received).to.have.length(1 + (TENANTS.length - 1) * EVENTS);
      expect(received.filter((event) => event.tenant === first.tenant)).to.deep.equal([first]);

      await database.knex("saml_jit_event_streams").update({ held_until: 0 });
      const later = TENANTS.map((of) => append(of, EVENTS + 1));
      await Promise.all([deliver(), ...later]);
      await deliver();
      await Promise.all(others.map((one) => one.end()));

      for (const of of TENANTS) {
        const ids = received.filter((event) => event.tenant === of).map(({ id }) => id);
        const once = Array.from({ length: EVENTS + 1 }, (_, index) => `${of}-${index + 1}`);
        expect(ids).to.deep.equal(of === first.tenant ? [first.id, ...once] : once);
      }
    });
  });
}

/** Where the processes post events. */
interface Consumer {
  readonly server: Server;
  readonly url: string;
  /** Every event that arrived, in order. */
  readonly received: readonly SamlEvent[];
  /** Lets the next event arrive and never answers it; resolves to the event. */
  holdNext(): Promise<SamlEvent>;
}

async function startConsumer(): Promise<Consumer> {
  const received: SamlEvent[] = [];
  let holding: ((event: SamlEvent) => void) | undefined;
  const take = async (body: Promise<string>, response: ServerResponse) => {
    const event: SamlEvent = JSON.parse(await body);
    received.push(event);
    if (holding === undefined) response.end();
    else holding(event);
    holding = undefined;
  };
  const server = createServer((request, response) => void take(text(request), response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    url: `http://127.0.0.1:${port}/`,
    received,
    holdNext: () =>
      new Promise((resolve) => {
        holding = resolve;
      }),
  };
}
