/** The middle one. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}

/** What so many per cent of them are not greater than, by the nearest rank. */
export function percentile(numbers: readonly number[], percent: number): number {
  const rank = Math.ceil((numbers.length * percent) / 100);
  return numbers.toSorted((a, b) => a - b)[Math.max(rank, 1) - 1] ?? Number.NaN;
}

/** Median, best and worst as one cell of a table; a dash for nothing. */
export function spread(numbers: readonly number[], digits = 2): string {
  if (numbers.length === 0) return "-";
  const [middle, low, high] = [median(numbers), Math.min(...numbers), Math.max(...numbers)].map(
    (one) => one.toFixed(digits),
  );
  return low === high ? String(middle) : `${middle} (${low} to ${high})`;
}

/** The list, begun at another place: who is first in a round should not be first in the next. */
export function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
