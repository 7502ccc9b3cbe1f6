import { randomUUID } from "node:crypto";
import process from "node:process";
import { createInterface } from "node:readline";
import knexFactory, { type Knex } from "knex";
import { migrate, rollback } from "../../src/adapters/objection/migrate.ts";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { firstSignIn, RACE_TENANT, raceSettings } from "./first-sign-in.ts";
import type { Answer, Job } from "./job.ts";

// A host process of its own: reads one job a line, answers each with a line.

let opened: Knex | undefined;

function database(): Knex {
  if (opened === undefined) throw new Error("open comes first");
  return opened;
}

async function carryOut(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "open":
      opened = knexFactory(job.config);
      return (await opened.raw("SELECT 1")) && "open";
    case "migrate":
      return migrate({ knex: database(), userTables: true });
    case "rollback":
      return rollback({ knex: database(), userTables: true });
    case "save-settings": {
      const { stores } = makeObjectionStores({ knex: database() });
      return stores.settings.save(RACE_TENANT, raceSettings(job.version, job.by));
    }
    case "sign-in": {
      const { unitOfWork } = makeObjectionStores({ knex: database() });
      return Promise.all(job.people.map((person) => firstSignIn(unitOfWork, person, job.limit)));
    }
    case "sign-in-forever": {
      const { unitOfWork } = makeObjectionStores({ knex: database() });
      for (let number = 0; ; number += 1) {
        const email = `${job.name}.${number}@example.test`;
        await firstSignIn(unitOfWork, { email, assertion: randomUUID() }, job.limit);
        if (number === 0) answer({ ok: true, result: "running" });
      }
    }
  }
}

function answer(line: Answer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer({ ok: true, result: (await carryOut(JSON.parse(line))) ?? null });
  } catch (error) {
    answer({ ok: false, error: error instanceof Error ? `${error.stack}` : String(error) });
  }
}
await opened?.destroy();
