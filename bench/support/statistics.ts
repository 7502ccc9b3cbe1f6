/** The middle one. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 50);
}

/** What so many per cent of them are not greater than. */
export function percentile(numbers: readonly number[], percent: number): number {
  const rank = Math.min(Math.floor((numbers.length * percent) / 100), numbers.length - 1);
  return numbers.toSorted((a, b) => a - b)[rank] ?? Number.NaN;
}

/** Median, best and worst as one cell of a table; a dash for nothing. */
export function spread(numbers: readonly number[], digits = 2): string {
  if (numbers.length === 0) return "-";
  const [middle, low, high] = [median(numbers), Math.min(...numbers), Math.max(...numbers)].map(
    (one) => one.toFixed(digits),
  );
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`;
}

/** The list, begun at another place: who is first in a round should not be first in the next. */
export function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
