import type { Comparison } from "../../domain/rejection.ts";

/** The compared values as details of an audit entry. */
export function comparisonDetail(
  comparison: Comparison | undefined,
): Readonly<Record<string, string | undefined>> {
  if (comparison === undefined) return {};
  const { sent, expected, clockDifferenceMs } = comparison;
  return {
    sent,
    expected,
    clockDifference:
      clockDifferenceMs === undefined ? undefined : clockDifferenceText(clockDifferenceMs),
  };
}

/** Such as `4 min 58 s ahead of ours`, from the difference in milliseconds. */
export function clockDifferenceText(differenceMs: number): string {
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  if (seconds === 0) return "none";
  return `${durationText(seconds)} ${differenceMs > 0 ? "ahead of" : "behind"} ours`;
}

/** The two largest non-zero units. */
function durationText(seconds: number): string {
  const counts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const largest = counts.findIndex(([count]) => count > 0);
  return counts
    .slice(largest, largest + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
