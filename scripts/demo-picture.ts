/**
 * Takes the README's picture of the demo: somebody new has just clicked through from the IdP.
 * Run it with `npx tsx scripts/demo-picture.ts` after the demo's pages have changed.
 */
import { answerIdp, launchBrowser } from "../test/browser/support.ts";
import { makeFolder, startDemo } from "../test/examples/support/demo-process.ts";

const folder = makeFolder();
const demo = await startDemo({
  DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
  LICENSE_LIMIT: "25",
});
const browser = await launchBrowser();
try {
  const page = await browser.newPage({
    viewport: { width: 960, height: 640 },
    colorScheme: "light",
  });
  await page.goto(`${demo.baseUrl}/demo-idp`);
  await answerIdp(page, "grace.hopper@customer.example");
  await page.waitForURL(`${demo.baseUrl}/`);
  await page.screenshot({ path: "docs/images/demo.png" });
} finally {
  await browser.close();
  await demo.stop();
  folder.remove();
}
