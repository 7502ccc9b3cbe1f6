import { freshEmails, signedBodies } from "../support/corpus.ts";
import type { ContestantProcess, Usage } from "./contestant-process.ts";
import { drive } from "./drive.ts";

/** Whether people come for the first time. */
export type Arrival = "first" | "repeat";

/** What is measured. */
export interface Situation {
  readonly arrival: Arrival;
  readonly connections: number;
}

/** What one contestant did in one round. */
export interface Sample extends Situation {
  readonly contestant: string;
  readonly perSecond: number;
  readonly latencies: readonly number[];
  readonly cpuMsPerPost: number;
  readonly usage: Usage;
}

/** How many people come again and again. */
const REGULARS = 50;

/** Posts of each kind that a contestant is warmed up with. */
const WARM_UP = 200;

/** Its regulars come for the first time; then both kinds, until the code of both is compiled. */
export async function warmUp(one: ContestantProcess): Promise<void> {
  const again = Array.from({ length: WARM_UP }, (_, index) => regular(index));
  await drive(one, signedBodies(one, again.slice(0, REGULARS)), 4);
  await drive(one, signedBodies(one, freshEmails("warm-up", WARM_UP)), 4);
  await drive(one, signedBodies(one, again), 4);
}

/** How many posts take it about so many milliseconds. */
export async function postsWithin(
  one: ContestantProcess,
  connections: number,
  ms: number,
): Promise<number> {
  const emails = Array.from({ length: 2 * connections + 10 }, (_, index) => regular(index));
  const { perSecond } = await drive(one, signedBodies(one, emails), connections);
  return Math.max(Math.round((perSecond * ms) / 1000), 2 * connections, 20);
}

/**
 * One run of so many posts.
 *
 * @throws Error when it did not store whom it should have stored.
 */
export async function measure(
  one: ContestantProcess,
  { arrival, connections }: Situation,
  { round, posts }: { readonly round: number; readonly posts: number },
): Promise<Sample> {
  const emails =
    arrival === "first"
      ? freshEmails(`new-${connections}-${round}`, posts)
      : Array.from({ length: posts }, (_, index) => regular(index));
  const bodies = signedBodies(one, emails);
  const { people: before } = await one.end();
  await one.begin();
  const { latencies, perSecond } = await drive(one, bodies, connections);
  const usage = await one.end();
  if (before !== null && usage.people !== null) {
    const expected = arrival === "first" ? posts : 0;
    const stored = usage.people - before;
    if (stored !== expected) throw new Error(`${one.name}: ${stored} people, not ${expected}`);
  }
  const cpuMsPerPost = usage.cpuMs / posts;
  return {
    contestant: one.name,
    arrival,
    connections,
    perSecond,
    latencies,
    cpuMsPerPost,
    usage,
  };
}

function regular(index: number): string {
  return `regular-${index % REGULARS}@customer.example`;
}
