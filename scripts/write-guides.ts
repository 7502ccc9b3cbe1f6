/**
 * Writes the steps of the guides in docs/identity-providers from the texts of the domain, which the
 * settings page shows, too:
 *
 *     npm run docs:guides
 *
 * A test of the guides fails while they differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { ATTRIBUTE_PRESETS } from "../src/domain/attribute-presets.ts";
import { IDENTITY_PROVIDER_GUIDES } from "../src/domain/texts/identity-provider-guides.ts";
import { guideMarkdown } from "../test/vendors/support/guide-markdown.ts";

const REST = "\n## Attributes\n";

for (const { vendor, name } of ATTRIBUTE_PRESETS) {
  const file = new URL(`../docs/identity-providers/${vendor}.md`, import.meta.url);
  const page = readFileSync(file, "utf8");
  const rest = page.indexOf(REST);
  if (rest === -1) throw new Error(`docs/identity-providers/${vendor}.md has no attributes`);
  const steps = guideMarkdown(IDENTITY_PROVIDER_GUIDES[vendor]);
  writeFileSync(file, `# ${name}\n\n${steps.trimEnd()}\n${page.slice(rest)}`);
}
