import { Pool } from "undici";

/** What came of a run of posts. */
export interface Run {
  /** Milliseconds from the post to the answer, one for each. */
  readonly latencies: readonly number[];
  readonly perSecond: number;
}

/**
 * Posts every body once, over so many connections, each of which posts again as soon as it has its
 * answer.
 *
 * @throws Error at the first answer that is not a redirect to `landing`: what is refused is no
 * sign-in, however fast.
 */
export async function drive(
  { acsUrl, landing }: { readonly acsUrl: string; readonly landing: string },
  bodies: readonly string[],
  connections: number,
): Promise<Run> {
  const { origin, pathname } = new URL(acsUrl);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
  const latencies: number[] = [];
  const waiting = bodies.values();
  const post = async () => {
    // An iterator that is shared: each takes the next.
    for (const body of waiting) {
      const start = performance.now();
      const answer = await pool.request({ path: pathname, method: "POST", headers, body });
      const text = await answer.body.text();
      latencies.push(performance.now() - start);
      const { location } = answer.headers;
      if (![302, 303].includes(answer.statusCode) || !String(location).startsWith(landing)) {
        throw new Error(`${acsUrl}: ${answer.statusCode} ${location} ${text.slice(0, 300)}`);
      }
    }
  };
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, post));
  } finally {
    await pool.close();
  }
  const seconds = (performance.now() - start) / 1000;
  return { latencies, perSecond: latencies.length / seconds };
}
