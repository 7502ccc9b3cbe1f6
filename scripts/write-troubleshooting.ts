/**
 * Writes the table "Every code" of docs/TROUBLESHOOTING.md from the texts of the domain:
 *
 *     npm run docs:codes
 *
 * A test of the texts fails while the table differs from them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { explainedCodes } from "../test/domain/support/codes.ts";

const PAGE = new URL("../docs/TROUBLESHOOTING.md", import.meta.url);
const HEADING = "| code | what failed | what to do |\n| --- | --- | --- |\n";

const rows = explainedCodes().map(
  ({ title, explanation: { sentence, fix } }) => `| \`${title}\` | ${sentence} | ${fix} |\n`,
);
const page = readFileSync(PAGE, "utf8");
const end = page.indexOf(HEADING);
if (end === -1) throw new Error("docs/TROUBLESHOOTING.md has no table of codes");
writeFileSync(PAGE, page.slice(0, end) + HEADING + rows.join(""));
