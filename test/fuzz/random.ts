/** A source of numbers that a seed determines (mulberry32). */
export interface Random {
  /** From 0 to `below`, without it. */
  integer(below: number): number;
  /** One of `list`, which must hold something. */
  pick<T>(list: readonly T[]): T;
  /** True this often, of one. */
  chance(probability: number): boolean;
}

/** Makes {@link Random}. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    integer,
    chance: (probability) => next() < probability,
    pick: (list) => {
      const index = integer(list.length);
      for (const [position, one] of list.entries()) if (position === index) return one;
      throw new RangeError("nothing to pick from");
    },
  };
}
