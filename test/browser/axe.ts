import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { z } from "zod";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const Results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/**
 * What axe finds wrong with the page as it is now, each as a line: WCAG A and AA and best practices,
 * all of them in light colours, and the contrast in dark ones. It comes in by the debugging protocol,
 * past the page's policy, which stays in force.
 */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(source);
  const light = await run(page, {
    rules: { "target-size": { enabled: true }, "label-content-name-mismatch": { enabled: true } },
  });
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await run(page, { runOnly: ["color-contrast"] });
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((finding) => `dark: ${finding}`)];
}

async function run(page: Page, options: object): Promise<readonly string[]> {
  const results = Results.parse(
    await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`),
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html} ${node.failureSummary ?? ""}`),
  );
}
