import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { SCREENS } from "../../src/adapters/koa/page/screens.ts";
import { makeLoadAssets, type Theme } from "../../src/adapters/koa/page/style.ts";
import { PAGE_TEXTS } from "../../src/adapters/koa/page/texts/english.ts";
import { GERMAN_TEXTS } from "../../src/adapters/koa/page/texts/german.ts";
import { makeShowUserPage } from "../../src/adapters/koa/sign-in/pages.tsx";
import { makeMemoryLogger } from "../../src/adapters/memory/memory-environment.ts";
import type { PageTexts, SignInPage } from "../../src/mod.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings } from "../support/host.ts";
import { axeFindings } from "./axe.ts";
import { expectKeyboardReaches } from "./keyboard.ts";
import { screenshot } from "./screenshots.ts";
import { type Desk, startDesk } from "./settings-desk.ts";

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };
/** 1280 by 1024 pixels at 400 % (WCAG 2.2 section 1.4.10). */
const ZOOMED = { width: 320, height: 256 };

const PATHS: readonly string[] = [
  ...Object.keys(SCREENS).filter((screen) => screen !== "overview" && screen !== "all"),
  "",
  "setup?idp=entra-id",
  "activity",
  "users",
];

/** No page scrolls sideways, and nothing that stays in place covers more than a third of the screen. */
async function expectRoom(page: Page, state: string): Promise<void> {
  for (const size of [NARROW, ZOOMED]) {
    await page.setViewportSize(size);
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width, `${state}, ${size.width} by ${size.height}`).to.equal(size.width);
    const covered = await page.evaluate(`Math.max(0, ...[...document.querySelectorAll("body *")]
      .filter((e) => ["sticky", "fixed"].includes(getComputedStyle(e).position))
      .map((e) => e.getBoundingClientRect().height / innerHeight))`);
    expect(covered, `${state}, what stays in place`).to.be.below(1 / 3);
  }
  await page.setViewportSize(WIDE);
}

/** In forced colours, borders and text say what colours and shadows say elsewhere. */
async function expectSeenInForcedColours(page: Page, state: string): Promise<void> {
  await page.emulateMedia({ forcedColors: "active" });
  const unseen =
    await page.evaluate(`[...document.querySelectorAll("button, .ways > a, [aria-current], [aria-pressed=true], .badge, .notice, .warning")]
    .filter((e) => e.checkVisibility() && e.closest("[hidden]") === null)
    .filter((e) => {
      const { borderTopStyle, borderTopWidth, borderInlineStartWidth, outlineStyle } = getComputedStyle(e);
      const edged = borderTopStyle !== "none" && (borderTopWidth !== "0px" || borderInlineStartWidth !== "0px");
      return !edged && outlineStyle === "none" && e.tagName !== "STRONG" && e.closest(".contents li:not(:has([aria-current]))") === null;
    })
    .map((e) => e.outerHTML.slice(0, 100))`);
  expect(unseen, `${state}, in forced colours`).to.deep.equal([]);
  await page.emulateMedia({ forcedColors: "none" });
}

describe("every screen of the settings page", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk({ licenseLimit: () => 10 });
    const { host } = desk;
    const { autoProvisioning } = openSettings(host);
    const rules = [
      { when: { attribute: "department", anyOf: ["Kundendienst"] }, role: "lite", groups: ["g1"] },
      { when: { emailDomain: ["contractors.example"] }, refuse: true },
    ] as const;
    await host.saml.saveSettings(
      "default",
      openSettings(host, {
        email: { source: { kind: "automatic" }, allowedDomains: ["customer.example"] },
        autoProvisioning: { ...autoProvisioning, rules },
      }),
      "set-up",
    );
    await arrive(host, "ada@customer.example");
    await arrive(host, "eve@elsewhere.example");
  });
  after(() => desk.stop());
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  for (const path of PATHS) {
    const at = `/settings/page/${path}`.replace(/\/$/, "");

    it(`satisfies axe in German, with room at 320 pixels and 400 %, in forced colours: ${at}`, async () => {
      const page = await desk.sitDown({ locale: "de", viewport: WIDE, path: at });
      expect(await page.locator("html").getAttribute("lang")).to.equal("de");
      expect(await page.locator("style, [style], script:not([src])").count()).to.equal(0);
      expect(await axeFindings(page)).to.deep.equal([]);
      await expectRoom(page, path);
      await expectSeenInForcedColours(page, path);
      await screenshot(page, { name: `german-${path.replace(/\W/g, "-") || "overview"}` });
    });

    it(`has room in English, too, and says the same without scripts: ${at}`, async () => {
      const page = await desk.sitDown({ path: at });
      await expectRoom(page, path);
      const bare = await desk.sitDown({ path: at, javaScriptEnabled: false });
      const titles = (one: Page) => one.locator("h1, h2, legend, label").allTextContents();
      expect(await titles(bare)).to.include.members(
        (await titles(page)).filter((title) => title !== PAGE_TEXTS.identityProvider.metadataFile),
      );
    });

    it(`is reached by keyboard alone, with the focus in sight, also at 400 %: ${at}`, async () => {
      for (const viewport of [WIDE, ZOOMED]) {
        const page = await desk.sitDown({ locale: "de", viewport, path: at });
        await expectKeyboardReaches(page);
        await page.close();
      }
    });
  }
});

const WAYS = { signInUrl: "/saml/sign-in", homeUrl: "/" };

/** Each kind of page for users, with the longest words that it can have. */
const PAGES: readonly ((texts: PageTexts) => SignInPage)[] = [
  ({ people: t }) => ({ kind: "start", sentence: t.signIn, advice: "", loginUrl: "/saml/login" }),
  ({ people: t }) => ({
    kind: "choose",
    sentence: t.signIn,
    advice: t.checkAddress,
    action: "/saml/sign-in",
    returnTo: "/reports",
  }),
  ({ people: t }) => ({
    kind: "sign-out",
    sentence: t.signOutQuestion,
    advice: "",
    logoutUrl: "/saml/logout",
  }),
  ({ people: t }) => ({
    kind: "signed-out",
    sentence: t.sentences["signed-out-partly"],
    advice: t.advice["close-browser"],
    reference: "WXCN-8SH8-14X5",
    homeUrl: "/",
  }),
  ({ people: t }) => ({
    kind: "refused",
    what: "sign-in",
    sentence: t.sentences["defaults-invalid"],
    advice: t.advice["allow-cookies"],
    reference: "WXCN-8SH8-14X5",
    ...WAYS,
  }),
  ({ people: t }) => ({
    kind: "problem",
    code: "forbidden",
    sentence: t.problems.forbidden,
    advice: t.problemAdvice.forbidden,
    reference: "WXCN-8SH8-14X5",
    ...WAYS,
  }),
  ({ people: t }) => ({
    kind: "test-done",
    sentence: t.testOver,
    advice: t.testOverHint,
    homeUrl: "/",
  }),
];

describe("every page for users", () => {
  let desk: Desk;

  before(async () => {
    desk = await startDesk();
  });
  after(() => desk.stop());
  afterEach(async () => expect(await desk.leave()).to.deep.equal([]));

  /** Shows the plugin's own page with its own headers. */
  async function open(
    page: Page,
    { texts, theme, of }: { texts: PageTexts; theme?: Theme; of: (typeof PAGES)[number] },
  ): Promise<string> {
    const show = makeShowUserPage({
      renderPage: undefined,
      chooseTexts: async () => texts,
      loadAssets: makeLoadAssets(theme),
      logger: makeMemoryLogger(),
    });
    const headers: Record<string, string> = {};
    const ctx = {
      body: "",
      status: 0,
      type: "",
      set: (name: string | Record<string, string>, value = "") =>
        Object.assign(headers, typeof name === "string" ? { [name]: value } : name),
      remove: () => undefined,
    };
    await show(ctx as never, 200, of);
    await page.route("**/as-seen", (route) =>
      route.fulfill({ body: ctx.body, contentType: ctx.type, headers }),
    );
    await page.goto(`${desk.host.baseUrl}/as-seen`);
    return of(texts).kind;
  }

  for (const [language, texts] of Object.entries({ English: PAGE_TEXTS, German: GERMAN_TEXTS })) {
    it(`satisfies axe, with room, by keyboard, and in forced colours, in ${language}`, async () => {
      for (const of of PAGES) {
        const page = await desk.sitDown({ viewport: WIDE, path: "/sign-in" });
        const kind = await open(page, { texts, of });
        expect(await axeFindings(page), kind).to.deep.equal([]);
        await expectRoom(page, kind);
        await expectSeenInForcedColours(page, kind);
        await expectKeyboardReaches(page);
        await screenshot(page, { name: `${language}-${kind}`, screen: true });
        await page.close();
      }
    });
  }

  for (const accent of ["#ffe000", "#0a7d5a", "#000000", "#fff"]) {
    it(`can be read in the host's colour ${accent}, in the host's font`, async () => {
      const page = await desk.sitDown({ viewport: WIDE, path: "/sign-in" });
      const theme = { accent, font: '"Nimbus Sans", serif' };
      for (const of of PAGES) {
        await open(page, { texts: PAGE_TEXTS, theme, of });
        expect(await axeFindings(page)).to.deep.equal([]);
      }
      expect(await page.evaluate("getComputedStyle(document.body).fontFamily")).to.equal(
        '"Nimbus Sans", serif',
      );
    });
  }
});
