/**
 * The process of one contestant: serves it on a port of this computer and reports what it used.
 * Started by `contestant-process.ts` alone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";
import type { Given, MakeContestant } from "./contestant.ts";

/** How often the delay of the event loop is looked at, in milliseconds. */
const RESOLUTION_MS = 1;

const { module, ...given }: Omit<Given, "origin"> & { readonly module: string } = JSON.parse(
  process.argv[2] ?? "",
);
const { make }: { readonly make: MakeContestant } = await import(module);
const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const origin = `http://127.0.0.1:${port}`;
const { handler, acsUrl, audience, landing, countPeople } = await make({ ...given, origin });
server.on("request", handler);

const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
loop.enable();
let cpu = process.cpuUsage();

process.on("message", async (message) => {
  if (message === "begin") {
    loop.reset();
    cpu = process.cpuUsage();
    process.send?.({});
    return;
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({
    cpuMs: (user + system) / 1000,
    loopP99Ms: loop.percentile(99) / 1e6 - RESOLUTION_MS,
    loopMaxMs: loop.max / 1e6 - RESOLUTION_MS,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    people: (await countPeople()) ?? null,
  });
});
// Ends with whoever started it.
process.on("disconnect", () => process.exit(0));
process.send?.({ acsUrl, audience, landing });
