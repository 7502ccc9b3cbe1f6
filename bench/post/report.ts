import { median, percentile, spread } from "../support/statistics.ts";
import { table } from "../support/table.ts";
import type { Entry } from "./contestants.ts";
import type { Sample } from "./measure.ts";

/** What each contestant does for its figures. */
export function workTable(entries: readonly Entry[]): string {
  return `\n${table(
    ["contestant", "what it does between the post and the redirect"],
    entries.map(({ name, work }) => [name, work]),
  ).replace("---:", "---")}`;
}

/** The figures on one database, a table for each situation. */
export function report(database: string, samples: readonly Sample[]): string {
  const situations = grouped(
    samples,
    ({ connections, arrival }) => `${arrival} sign-in, ${connections} at once`,
  );
  const parts = [...situations].map(
    ([title, within]) => `\n**${database}, ${title}**\n\n${situationTable(within)}`,
  );
  return `\n### ${database}\n${parts.join("")}`;
}

const COLUMNS = [
  "contestant",
  "a second",
  "times passport-saml",
  "p50, ms",
  "p99, ms",
  "p99 / p50",
  "processor, ms a post",
  "of passport-saml's",
  "event loop p99, ms",
  "memory, MB",
];

function situationTable(samples: readonly Sample[]): string {
  const contestants = grouped(samples, ({ contestant }) => contestant);
  const [base = []] = contestants.values();
  return table(
    COLUMNS,
    [...contestants].map(([name, own]) => {
      const ratios = own.map(
        ({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN),
      );
      const costs = own.map(
        ({ cpuMsPerPost }, round) => cpuMsPerPost / (base[round]?.cpuMsPerPost ?? Number.NaN),
      );
      const p50 = own.map(({ latencies }) => percentile(latencies, 50));
      const p99 = own.map(({ latencies }) => percentile(latencies, 99));
      return [
        name,
        median(own.map(({ perSecond }) => perSecond)).toFixed(0),
        spread(ratios),
        median(p50).toFixed(1),
        spread(p99, 1),
        median(p99.map((one, round) => one / (p50[round] ?? Number.NaN))).toFixed(1),
        median(own.map(({ cpuMsPerPost }) => cpuMsPerPost)).toFixed(1),
        spread(costs),
        median(own.map(({ usage }) => usage.loopP99Ms)).toFixed(1),
        median(own.map(({ usage }) => usage.rssMb)).toFixed(0),
      ];
    }),
  );
}

function grouped<T>(list: readonly T[], by: (one: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}
