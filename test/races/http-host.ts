import knexFactory, { type Knex } from "knex";
import { SILENT } from "../faults/silent.ts";
import { startHost, type TestHost } from "../support/host.ts";
import { PUBLIC_URL } from "./http-load.ts";
import type { HttpJob } from "./job.ts";
import { serveJobs } from "./serve-jobs.ts";

// A whole host in a process of its own, behind the same public URL as its siblings.

let opened: { readonly knex: Knex; readonly host: TestHost } | undefined;

function running(): TestHost {
  if (opened === undefined) throw new Error("open comes first");
  return opened.host;
}

async function carryOut(job: HttpJob): Promise<unknown> {
  switch (job.kind) {
    case "open": {
      const knex = knexFactory({ ...job.config, log: SILENT });
      const host = await startHost({
        knex,
        public: PUBLIC_URL,
        clock: { now: Date.now },
        // From a server of the test's, which speaks plain http.
        fetchMetadata: async ({ url }) => ({
          kind: "metadata",
          xml: await (await fetch(url.replace("https:", "http:"))).text(),
        }),
        requireAdmin: (ctx) => ({ id: ctx.get("X-Admin") || "admin" }),
      });
      opened = { knex, host };
      return host.baseUrl;
    }
    case "migrate":
      return running().saml.migrate();
    case "refresh":
      return running().saml.refreshConnections();
    case "license-limit":
      running().licenseLimit = job.limit ?? undefined;
      return job.limit;
  }
}

await serveJobs(carryOut);
await opened?.host.stop();
await opened?.knex.destroy();
