/**
 * Writes src/domain/label-characters.ts: the letters, marks and decimal digits of Unicode 15.0,
 * from its own data. Every supported runtime knows this version or a newer one, and Unicode never
 * changes the normalization of an assigned character, so an address means the same on all of them.
 *
 *     npm install --no-save @unicode/unicode-15.0.0
 *     node --import tsx scripts/write-label-characters.ts
 */
import { writeFileSync } from "node:fs";

const DATA = "@unicode/unicode-15.0.0/General_Category";
const CATEGORIES = ["Letter", "Mark", "Decimal_Number"];

const lists = await Promise.all(
  CATEGORIES.map(async (name): Promise<readonly number[]> => {
    const { default: points } = await import(`${DATA}/${name}/code-points.mjs`);
    return points;
  }),
);
const points = lists
  .flat()
  .filter((point) => point > 0x7f)
  .sort((a, b) => a - b);
const ranges: [first: number, last: number][] = [];
for (const point of points) {
  const range = ranges.at(-1);
  if (range !== undefined && range[1] === point - 1) range[1] = point;
  else ranges.push([point, point]);
}
const pairs = ranges.map(([first, last], index) => {
  const end = ranges[index - 1]?.[1] ?? 0;
  return `${(first - end).toString(36)}:${(last - first).toString(36)}`;
});
const lines = pairs.join(" ").match(/.{1,85}(?: |$)/g) ?? [];
writeFileSync(
  new URL("../src/domain/label-characters.ts", import.meta.url),
  `// Written by scripts/write-label-characters.ts from the data of Unicode 15.0.

/**
 * Letters, marks and decimal digits of Unicode 15.0 beyond ASCII: ranges as pairs in base 36, the
 * distance of the first code point from the end of the range before, and the length less one.
 */
export const LABEL_CHARACTERS: string =
${lines.map((line) => `  ${JSON.stringify(line)}`).join(" +\n")};
`,
);
