import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import knexFactory, { type Knex } from "knex";
import { serveJobs } from "../races/serve-jobs.ts";
import { startHost, type TestHost } from "../support/host.ts";

/** What the host of the soak does, as one line of JSON. */
export type SoakJob =
  /** Answers with the host's URL. */
  | { readonly kind: "open"; readonly config: Knex.Config; readonly publicUrl: string }
  /** Forgets what a day of purging would, in batches, as docs/OPERATIONS.md has it. */
  | { readonly kind: "purge"; readonly now: number; readonly auditBefore: number }
  /** Answers with {@link Memory}. */
  | { readonly kind: "memory" }
  | { readonly kind: "integrity" };

/** Megabytes. */
export interface Memory {
  readonly rss: number;
  /** After a full garbage collection. */
  readonly heap: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
let opened: { readonly knex: Knex; readonly host: TestHost } | undefined;

async function carryOut(job: SoakJob): Promise<unknown> {
  if (job.kind === "open") {
    const knex = knexFactory(job.config);
    const clock = { now: Date.now };
    // Its own log would be what grows.
    const logger = { info: ignore, warn: ignore, error: ignore };
    const host = await startHost({ knex, public: job.publicUrl, clock, logger, signIn: ignore });
    host.licenseLimit = 1_000_000;
    await host.saml.migrate();
    opened = { knex, host };
    return host.baseUrl;
  }
  if (opened === undefined) throw new Error("open comes first");
  const { saml } = opened.host;
  switch (job.kind) {
    case "purge": {
      const { now, auditBefore } = job;
      for (;;) {
        const { ledger, audit } = await saml.purge({ now, auditBefore, limit: 1000 });
        if (ledger + audit === 0) return null;
      }
    }
    case "memory": {
      collectGarbage();
      const { rss, heapUsed } = process.memoryUsage();
      return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 } satisfies Memory;
    }
    case "integrity":
      return saml.checkIntegrity();
  }
}

function ignore(): void {
  // nothing to remember
}

await serveJobs(carryOut);
await opened?.host.stop();
await opened?.knex.destroy();
