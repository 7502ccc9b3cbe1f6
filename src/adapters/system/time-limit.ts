/** Runs work with a timeout; the work itself is not cancelled. */
export type TimeLimit = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a {@link TimeLimit} of `limitMs` milliseconds. */
export function makeTimeLimit(limitMs: number): TimeLimit {
  return async (work) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${limitMs} ms`)), limitMs);
    });
    try {
      return await Promise.race([work(), over]);
    } finally {
      clearTimeout(timer);
    }
  };
}
