import knexFactory, { type Knex } from "knex";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/signing-idp.ts";
import { SILENT } from "../faults/silent.ts";
import { serveJobs } from "../races/serve-jobs.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import type { ReleaseJob } from "./release-job.ts";

// A host of one release in a process of its own, with settings and sign-ins as that release has
// them. `npm run pack:release` keeps it for the tests of the next release.

let opened: { readonly knex: Knex; readonly host: TestHost; readonly idp: SigningIdp } | undefined;

async function carryOut(job: ReleaseJob): Promise<unknown> {
  if (job.kind === "open") {
    const knex = knexFactory({ ...job.config, log: SILENT });
    const clock = { now: Date.now };
    const host = await startHost({ knex, clock });
    host.licenseLimit = 1000;
    opened = { knex, host, idp: makeSigningIdp({ clock, key: job.key }) };
    return null;
  }
  if (opened === undefined) throw new Error("open comes first");
  const { host, idp } = opened;
  switch (job.kind) {
    case "migrate":
      return host.saml.migrate();
    case "health":
      return (await host.saml.health()).status;
    case "save-settings":
      return host.saml.saveSettings("default", openSettings({ idp }), "set-up");
    case "sign-in": {
      const response = await arrive({ ...host, idp }, job.email);
      await response.arrayBuffer();
      const { status } = response;
      return status === 303 ? status : `${status} ${JSON.stringify(host.logger.events.slice(-1))}`;
    }
  }
}

await serveJobs(carryOut);
await opened?.host.stop();
await opened?.knex.destroy();
