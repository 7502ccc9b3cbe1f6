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

/** How many are sent at once in the table that the README shows. */
const SUMMARY_CONNECTIONS = 32;

/** Everybody beside the first, on all databases: the table of the README, between its markers. */
export function summary(measured: ReadonlyMap<string, readonly Sample[]>): string {
  const columns = [...measured].flatMap(([database, samples]) =>
    [...grouped(samples, ({ arrival }) => arrival)].map(([arrival, ofArrival]) => ({
      title: `${database}, ${arrival} sign-in`,
      contestants: grouped(
        ofArrival.filter(({ connections }) => connections === SUMMARY_CONNECTIONS),
        ({ contestant }) => contestant,
      ),
    })),
  );
  const names = new Set(columns.flatMap(({ contestants }) => [...contestants.keys()]));
  const rows = [...names].map((name) => [
    name,
    ...columns.map(({ contestants }) => {
      const [base = []] = contestants.values();
      return median(timesOf(contestants.get(name) ?? [], base)).toFixed(2);
    }),
  ]);
  return `\n### In one table

Sign-ins a second with ${SUMMARY_CONNECTIONS} at once, as times passport-saml's.

${SUMMARY_BEGIN}
${table(["", ...columns.map(({ title }) => title)], rows).trim()}
${SUMMARY_END}
`;
}

/** What the table stands between, here and in the README. */
export const SUMMARY_BEGIN = "<!-- figures -->";
export const SUMMARY_END = "<!-- /figures -->";

function timesOf(own: readonly Sample[], base: readonly Sample[]): readonly number[] {
  return own.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN));
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
      const ratios = timesOf(own, base);
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
