import { z } from "zod";

/** A profile as V8 writes it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[] | undefined;
  }[];
  /** IDs of nodes, in the order of time. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const Profile: z.ZodType<CpuProfile> = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Reads a `.cpuprofile`. */
export function parseProfile(text: string): CpuProfile {
  return Profile.parse(JSON.parse(text));
}

/** What no frame of JavaScript stands for. */
const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ["(garbage collector)", "garbage collection"],
  ["(program)", "native code outside of JavaScript"],
]);

/** Of modules: before the first post. */
const LOADING = "loading";

/**
 * The share of each area in what is not idle, largest first. Time counts for the area of the
 * innermost frame whose address fits one, else for `rest`. The loading of modules is left out.
 */
export function sharesOf(
  { nodes, samples, timeDeltas }: CpuProfile,
  areas: readonly (readonly [name: string, address: RegExp])[],
  rest: string,
): readonly (readonly [string, number])[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const known = new Map<number, string | undefined>();
  const areaOf = (id: number): string | undefined => {
    const node = byId.get(id);
    if (node === undefined) return undefined;
    if (!known.has(id)) {
      const { functionName, url } = node.callFrame;
      const parent = parents.get(id);
      const outer = parent === undefined ? undefined : areaOf(parent);
      const own = OUTSIDE.get(functionName) ?? areas.find(([, address]) => address.test(url))?.[0];
      const loading = url.startsWith("node:internal/modules/") || outer === LOADING;
      known.set(id, loading ? LOADING : (own ?? outer ?? (url === "" ? undefined : rest)));
    }
    return known.get(id);
  };
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const area = areaOf(id);
    if (area !== undefined && area !== LOADING)
      spent.set(area, (spent.get(area) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...spent.values()].reduce((sum, one) => sum + one, 0);
  return [...spent]
    .map(([area, time]) => [area, time / total] as const)
    .toSorted(([, a], [, b]) => b - a);
}
