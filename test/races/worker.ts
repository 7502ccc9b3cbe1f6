import { randomUUID } from "node:crypto";
import knexFactory, { type Knex } from "knex";
import { users } from "../../examples/users/knex.ts";
import { migrate, rollback } from "../../src/adapters/objection/migrations/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import {
  makeConsoleLogger,
  makeRandomIds,
  makeSystemClock,
} from "../../src/adapters/system/environment.ts";
import { makeDeliverEvents } from "../../src/application/events.ts";
import { firstSignIn, RACE_TENANT, raceSettings } from "./first-sign-in.ts";
import type { Job } from "./job.ts";
import { answer, serveJobs } from "./serve-jobs.ts";

// The stores in a process of their own.

let opened: Knex | undefined;
let prefix: string | undefined;

function database(): Knex {
  if (opened === undefined) throw new Error("open comes first");
  return opened;
}

function instance() {
  return prefix === undefined
    ? { knex: database() }
    : { knex: database(), tablePrefix: prefix, users };
}

async function carryOut(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "open":
      opened = knexFactory(job.config);
      prefix = job.sharedBy;
      return (await opened.raw("SELECT 1")) && "open";
    case "migrate":
      return migrate({ ...instance(), userTables: prefix === undefined });
    case "rollback":
      return rollback({ knex: database(), userTables: true });
    case "save-settings": {
      const { stores } = makeObjectionStores(instance());
      return stores.settings.save(RACE_TENANT, raceSettings(job.version, job.by));
    }
    case "sign-in": {
      const stores = makeObjectionStores(instance());
      return Promise.all(job.people.map((person) => firstSignIn(stores, person, job.limit)));
    }
    case "deliver": {
      const { stores } = makeObjectionStores({ knex: database() });
      const deliverEvents = makeDeliverEvents({
        events: stores.events,
        ids: makeRandomIds({ clock: makeSystemClock() }),
        logger: makeConsoleLogger(),
        limitHandler: (work) => work(),
      });
      return deliverEvents(async (event) => {
        await fetch(job.url, { method: "POST", body: JSON.stringify(event) });
      });
    }
    case "sign-in-forever": {
      const stores = makeObjectionStores(instance());
      for (let number = 0; ; number += 1) {
        const email = `${job.name}.${number}@example.test`;
        await firstSignIn(stores, { email, assertion: randomUUID() }, job.limit);
        if (number === 0) answer({ ok: true, result: "running" });
      }
    }
  }
}

await serveJobs(carryOut);
await opened?.destroy();
