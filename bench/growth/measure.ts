import { formFor } from "../../test/support/arrivals.ts";
import { makeBrowser } from "../../test/support/browser.ts";
import type { TestHost } from "../../test/support/host.ts";
import { type Amounts, generatedAddress } from "./generate.ts";

/** Medians in milliseconds: sign-in, first sign-in, the same under a limit, audit page, license usage. */
export async function measure(
  host: TestHost,
  amounts: Amounts,
  calls: number,
): Promise<readonly number[]> {
  const browser = makeBrowser();
  const settings = `${host.baseUrl}/saml/settings`;
  const arrive = (email: string) => {
    const form = formFor(host, email); // made before the clock runs
    return () => browser.post(`${host.baseUrl}/saml/acs`, form);
  };
  const underLimit = (limit: number | undefined, email: string) => {
    const post = arrive(email);
    return async () => {
      host.licenseLimit = limit;
      return post();
    };
  };
  const kinds: readonly ((call: number) => () => Promise<Response>)[] = [
    (call) => arrive(generatedAddress(amounts, call * 7919)),
    (call) => underLimit(undefined, `new${call}@customer.example`),
    (call) => underLimit(10 * amounts.users, `newer${call}@customer.example`),
    (call) => {
      const email = generatedAddress(amounts, call * 7919);
      return () => browser.get(`${settings}/audit?email=${email}`);
    },
    () => () => browser.get(`${settings}/license-usage`),
  ];
  const times = kinds.map((): number[] => []);
  for (let call = 0; call < calls; call += 1) {
    for (const [index, kind] of kinds.entries()) {
      const run = kind(call);
      const start = performance.now();
      const response = await run();
      await response.arrayBuffer();
      times[index]?.push(performance.now() - start);
      if (response.status >= 400) throw new Error(`answered with ${response.status}`);
    }
  }
  return times.map(median);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
