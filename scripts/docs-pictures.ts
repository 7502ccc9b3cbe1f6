/**
 * Takes the pictures of docs/images: of the demo, every section of its settings page and the pages for
 * users, in light and in dark. Run it with `npm run docs:pictures` after pages have changed, and look
 * at what it wrote before you commit it.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { press } from "../test/browser/settings-desk.ts";
import { answerIdp, launchBrowser } from "../test/browser/support.ts";
import { makeFolder, NOTHING_SET_UP, startDemo } from "../test/examples/support/demo-process.ts";
import { palettePng } from "./palette-png.ts";

const FOLDER = "docs/images";
/** Narrow, so that the pictures are legible in a page of documentation. */
const VIEWPORT = { width: 1000, height: 620 };
/** Of a picture; what is below it, others show. */
const MOST_PIXELS = 1250;
/** The first setup, down to the import of metadata. */
const SETUP_PIXELS = 2100;
const SCHEMES = ["light", "dark"] as const;
type Scheme = (typeof SCHEMES)[number];

/** Who has just clicked through from the identity provider, in each scheme. */
const NEWCOMERS: Readonly<Record<Scheme, string>> = {
  light: "grace.hopper",
  dark: "katherine.johnson",
};

const RULES = [
  { when: { attribute: "groups", anyOf: ["managers"] }, role: "Manager", groups: ["Reviewers"] },
  { when: { attribute: "groups", anyOf: ["contractors"] }, refuse: true },
  { when: { emailDomain: ["partner.example"] }, role: "Creator" },
];

/** Where an element is on the whole page; of the page's own margins, all. */
const AREA = `(e) => {
  const { left, top, width, height } = e.getBoundingClientRect();
  const { scrollWidth, scrollHeight } = document.documentElement;
  return e === document.body
    ? { x: 0, y: 0, width: scrollWidth, height: scrollHeight }
    : { x: left + scrollX, y: top + scrollY, width, height };
}`;
const Area = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const folder = makeFolder();
const demo = await startDemo({
  DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
  LICENSE_LIMIT: "25",
  ALLOWED_EMAIL_DOMAINS: "customer.example,partner.example,demo.example",
  JIT_RULES: JSON.stringify(RULES),
});
const browser = await launchBrowser();
mkdirSync(FOLDER, { recursive: true });
for (const name of readdirSync(FOLDER)) rmSync(`${FOLDER}/${name}`);
try {
  await visitors(browser);
  for (const scheme of SCHEMES) await takeAll(browser, scheme);
  // Last: it clears the settings.
  for (const scheme of SCHEMES) await firstSetup(browser, scheme);
} finally {
  await browser.close();
  await demo.stop();
  folder.remove();
}

/** What an identity provider and its users have done before. */
async function visitors(browser: Browser): Promise<void> {
  for (const name of ["ada.lovelace", "barbara.liskov", "edsger.dijkstra", "radia.perlman"]) {
    await signIn(browser, `${name}@customer.example`);
  }
  await signIn(browser, "alan.turing@partner.example");
  await signIn(browser, "suspended@demo.example");
}

async function signIn(browser: Browser, email: string, scheme: Scheme = "light"): Promise<Page> {
  const page = await (await newContext(browser, scheme)).newPage();
  await page.goto(`${demo.baseUrl}/saml/login`);
  await answerIdp(page, email);
  await page.waitForLoadState();
  return page;
}

function newContext(browser: Browser, colorScheme: Scheme) {
  return browser.newContext({ viewport: VIEWPORT, colorScheme, locale: "en-GB" });
}

async function administrator(browser: Browser, scheme: Scheme): Promise<Page> {
  const page = await (await newContext(browser, scheme)).newPage();
  await page.goto(demo.baseUrl);
  await page.getByRole("button", { name: "Sign in as administrator" }).click();
  await page.waitForLoadState();
  return page;
}

type Take = (name: string, page: Page, part?: string, pixels?: number) => Promise<void>;

function takeIn(scheme: Scheme): Take {
  return async (name, page, part = "body", pixels = MOST_PIXELS) => {
    // What stays in place would lie over the rest.
    await page.evaluate(
      "scrollTo(0, 0); document.querySelectorAll('.side, #save').forEach((e) => { e.style.position = 'static'; })",
    );
    const area = await page.evaluate(`(${AREA})(document.querySelector("${part}"))`);
    const { height, ...from } = Area.parse(area);
    const picture = await page.screenshot({
      animations: "disabled",
      fullPage: true,
      clip: { ...from, height: Math.min(height, pixels) },
    });
    writeFileSync(`${FOLDER}/${name}-${scheme}.png`, palettePng(picture));
  };
}

async function firstSetup(browser: Browser, scheme: Scheme): Promise<void> {
  const page = await administrator(browser, scheme);
  const url = `${demo.baseUrl}/saml/settings`;
  const { etag = "" } = (await page.request.get(url)).headers();
  const headers = { "If-Match": etag, Origin: demo.baseUrl };
  const cleared = await page.request.put(url, { data: NOTHING_SET_UP, headers });
  if (!cleared.ok()) throw new Error(await cleared.text());
  await page.goto(`${url}/page/setup?idp=entra-id`);
  await page.getByText("Import metadata").first().waitFor();
  await takeIn(scheme)("setup", page, "body", SETUP_PIXELS);
}

async function takeAll(browser: Browser, scheme: Scheme): Promise<void> {
  const take = takeIn(scheme);
  await take("demo", await signIn(browser, `${NEWCOMERS[scheme]}@customer.example`, scheme));
  const page = await administrator(browser, scheme);
  const open = (screen: string) => page.goto(`${demo.baseUrl}/saml/settings/page/${screen}`);

  for (const screen of ["attributes", "domains", "new-users", "service", "users"]) {
    await open(screen);
    await take(screen, page);
  }
  await page.goto(`${demo.baseUrl}/saml/settings/page`);
  await take("overview", page);
  await open("connections");
  await take("connections", page);
  await open("licenses");
  await press(page, "Show the report");
  await page.locator("caption", { hasText: "By role" }).waitFor();
  await take("licenses", page);

  await open("new-users");
  await page.getByLabel("Email address", { exact: true }).fill("new@customer.example");
  await page.getByLabel("Attributes", { exact: true }).fill("groups=managers");
  await press(page, "Show");
  await page.getByText("A user would be created for new@customer.example:").waitFor();
  await take("preview", page, "#test");

  await open("connections");
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Start a test sign-in" }).first().click(),
  ]);
  await answerIdp(tab, "tester@customer.example");
  await page.getByText("The test sign-in succeeded.").waitFor();
  await take("test", page, "#test");

  await open("connections");
  await page.getByLabel("Single sign-on URL").fill("ftp://idp.example");
  await page.getByLabel("Issuer (entity ID)").fill("");
  await press(page, "Save");
  await page.getByText("Nothing was saved:").waitFor();
  await take("problems", page, "#problems");

  const refused = await signIn(browser, "mallory@elsewhere.example", scheme);
  await refused.getByText("Reference:").waitFor();
  await take("refused", refused);
  const reference = (await refused.locator("code").textContent()) ?? "";
  await open(`activity?reference=${reference}`);
  await take("refusal", page, "main");
  await open("activity");
  await take("activity", page);

  await refused.goto(`${demo.baseUrl}/saml/sign-in`);
  await take("sign-in", refused);
  const german = await browser.newContext({
    viewport: VIEWPORT,
    colorScheme: scheme,
    locale: "de",
  });
  await german.addCookies(await page.context().cookies());
  const deutsch = await german.newPage();
  await deutsch.goto(`${demo.baseUrl}/saml/settings/page`);
  await take("german", deutsch);

  await merged(browser, scheme, take);
}

/** Two administrators change different fields. */
async function merged(browser: Browser, scheme: Scheme, take: Take): Promise<void> {
  const [ada, bob] = [await administrator(browser, scheme), await administrator(browser, scheme)];
  const url = `${demo.baseUrl}/saml/settings/page/attributes`;
  await Promise.all([ada.goto(url), bob.goto(url)]);
  const before = await ada.getByLabel("First name attribute").inputValue();
  await ada.getByLabel("First name attribute").fill(`${before}givenName`);
  await press(ada, "Save");
  await ada.getByText("Saved.").waitFor();
  await bob.getByLabel("Last name attribute").fill("sn");
  await press(bob, "Save");
  await bob.getByText("Another administrator saved changes").waitFor();
  await take("merged", bob, "#conflict");
  await ada.goto(url);
  await ada.getByLabel("First name attribute").fill(before);
  await press(ada, "Save");
}
