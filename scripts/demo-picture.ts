/**
 * Takes the README's picture, the overview of the settings page after some sign-ins, and that of the
 * demo's guide, of somebody new who has just clicked through from the identity provider:
 *
 *     npx tsx scripts/demo-picture.ts
 *
 * Run it after these pages have changed.
 */
import { answerIdp, launchBrowser } from "../test/browser/support.ts";
import { makeFolder, startDemo } from "../test/examples/support/demo-process.ts";

const SHOWN = { width: 1120, height: 700 };

const folder = makeFolder();
const demo = await startDemo({
  DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
  LICENSE_LIMIT: "25",
});
const browser = await launchBrowser();
try {
  for (const name of ["ada.lovelace", "katherine.johnson", "suspended", "grace.hopper"]) {
    const context = await browser.newContext({
      viewport: { width: 960, height: 640 },
      colorScheme: "light",
    });
    const page = await context.newPage();
    await page.goto(`${demo.baseUrl}/demo-idp`);
    const domain = name === "suspended" ? "demo.example" : "customer.example";
    await answerIdp(page, `${name}@${domain}`);
    if (name === "grace.hopper") {
      await page.waitForURL(`${demo.baseUrl}/`);
      await page.screenshot({ path: "docs/images/demo.png" });
    }
    await context.close();
  }
  const page = await browser.newPage({ viewport: SHOWN, colorScheme: "light" });
  await page.goto(demo.baseUrl);
  await page.getByRole("button", { name: "Sign in as administrator" }).click();
  await page.goto(`${demo.baseUrl}/saml/settings/page`);
  await page.screenshot({ path: "docs/images/overview.png" });
} finally {
  await browser.close();
  await demo.stop();
  folder.remove();
}
