import { formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import type { TestHost } from "../support/host.ts";

/** What became of somebody's first sign-in. */
export interface Arrival {
  readonly email: string;
  readonly status: number;
  /** In seconds, where the host said when to come again. */
  readonly retryAfter: number | undefined;
}

/** New people who keep coming, in a few browsers at once. */
export interface Arrivals {
  /** Everybody who was answered so far. */
  readonly answered: readonly Arrival[];
  /** Waits until so many more were answered so. */
  until(status: number, more: number): Promise<void>;
  /** Lets nobody else come, and waits for those under way. */
  stop(): Promise<void>;
}

/** Sends one new person to the host. */
export async function newcomer(host: TestHost, email: string): Promise<Arrival> {
  const response = await makeBrowser().post(`${host.baseUrl}/saml/acs`, formFor(host, email));
  await response.arrayBuffer();
  const header = response.headers.get("retry-after");
  return { email, status: response.status, retryAfter: header === null ? undefined : +header };
}

/** Sends new people until told to stop; any answer but 303 and 503 is a failure. */
export function keepArriving(host: TestHost, browsers: number): Arrivals {
  const answered: Arrival[] = [];
  const count = (status: number) => answered.filter((one) => one.status === status).length;
  let open = true;
  let noticed = () => {};
  const browse = async (browser: number) => {
    for (let number = 0; open; number += 1) {
      const arrival = await newcomer(host, `p${browser}.${number}@customer.example`);
      answered.push(arrival);
      noticed();
      if (arrival.status !== 303 && arrival.status !== 503) {
        const cause = host.logger.events.map((line) => JSON.stringify(line)).at(-1);
        throw new Error(`answered with ${arrival.status}`, { cause });
      }
    }
  };
  const browsing = Promise.all(Array.from({ length: browsers }, (_, index) => browse(index)));
  return {
    answered,
    until: async (status, more) => {
      const enough = count(status) + more;
      const reached = new Promise<void>((resolve) => {
        noticed = () => {
          if (count(status) >= enough) resolve();
        };
      });
      await Promise.race([reached, browsing]);
    },
    stop: async () => {
      open = false;
      await browsing;
    },
  };
}

/**
 * Bounds of docs/OPERATIONS.md, five and six to nine seconds, times three: the machine may run other
 * suites beside this one. What they hold against has no bound, or one of minutes.
 */
export const RETURN_WITHIN_MS = 15_000;
export const ANSWER_WITHIN_MS = 27_000;
