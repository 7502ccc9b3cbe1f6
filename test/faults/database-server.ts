import process from "node:process";
import { startMariaDb } from "../../scripts/services/mariadb.ts";
import { startPostgres } from "../../scripts/services/postgres.ts";
import type { Service } from "../../scripts/services/service.ts";
import { serveJobs } from "../races/serve-jobs.ts";
import type { ServerJob } from "./server-process.ts";

// A throw-away database server that a test may crash; ends with our standard input.

let server: Service | undefined;

async function carryOut(job: ServerJob): Promise<unknown> {
  switch (job.kind) {
    case "open":
      server = await (process.argv[2] === "PostgreSQL" ? startPostgres() : startMariaDb());
      return server.url;
    case "crash":
      return server?.crash();
    case "shut-down":
      return server?.shutDown();
    case "restart":
      return server?.restart();
  }
}

await serveJobs(carryOut);
await server?.stop();
