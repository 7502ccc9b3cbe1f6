/**
 * What starting costs a host: milliseconds to import, to mount, and until the first person is signed
 * in, memory afterwards, and what is installed. Fresh processes, the runtimes and the bare host in
 * turn; on Node the build is loaded, as it is published. Prints Markdown.
 *
 *     npm run bench -- --only start -- [--rounds 9]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { median, spread } from "../support/statistics.ts";
import { table } from "../support/table.ts";
import { installedPackages } from "./installed.ts";
import { type Mark, probe, RUNTIMES } from "./probe.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });

const marks = new Map<string, Mark[]>();
// The first round fills the caches of files.
for (let round = 0; round <= Number(values.rounds); round += 1) {
  for (const runtime of RUNTIMES) {
    const started = await probe(runtime);
    for (const mark of [...started, withUs(started)]) {
      const key = `${runtime.name}: ${mark.step}`;
      if (round > 0) marks.set(key, [...(marks.get(key) ?? []), mark]);
    }
  }
}

/** From the import to the first sign-in. */
function withUs([, ...steps]: readonly Mark[]): Mark {
  const sum = (of: (mark: Mark) => number) => steps.reduce((all, mark) => all + of(mark), 0);
  return {
    step: "all of it but the first step",
    ms: sum(({ ms }) => ms),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    heapMb: steps.at(-1)?.heapMb ?? Number.NaN,
    residentMb: steps.at(-1)?.residentMb ?? Number.NaN,
  };
}

const middle = (samples: readonly Mark[], of: (mark: Mark) => number) => median(samples.map(of));
process.stdout.write(
  `\n${table(
    ["step", "ms", "processor, ms", "heap afterwards, MB", "resident afterwards, MB"],
    [...marks].map(([step, samples]) => [
      step,
      spread(
        samples.map(({ ms }) => ms),
        0,
      ),
      middle(samples, ({ cpuMs }) => cpuMs).toFixed(0),
      middle(samples, ({ heapMb }) => heapMb).toFixed(1),
      middle(samples, ({ residentMb }) => residentMb).toFixed(0),
    ]),
  )}`,
);
const { packages, megabytes } = await installedPackages();
process.stdout.write(
  `\nInstalled with the plugin: ${packages} packages, ${megabytes.toFixed(1)} MB, without koa, knex and the database's driver themselves, but with what those need.\n`,
);
