import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { SamlJitOptions } from "../../src/mod.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { startHost, type TestHost } from "../support/host.ts";
import { launchBrowser } from "./support.ts";
import { watch } from "./watch.ts";

const { privateKey, certificate } = makeTestKey();

/** A host in this process, and a browser at its settings page. */
export interface Desk {
  readonly host: TestHost;
  readonly browser: Browser;
  /** The address of the settings page's screen with all settings. */
  readonly url: string;
  /** Somebody sits down in a browser of their own, at the settings page unless told otherwise. */
  sitDown(visitor?: Visitor): Promise<Page>;
  /** Closes every window; what happened in them that must not, in order. */
  leave(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Who sits down, and how their browser is. */
export interface Visitor extends BrowserContextOptions {
  /** The administrator's ID. */
  readonly id?: string;
  /** Below the plugin's prefix. */
  readonly path?: string;
}

/** Starts a host for which everybody is the administrator that their browser says they are. */
export async function startDesk(options: Partial<SamlJitOptions> = {}): Promise<Desk> {
  const [host, browser] = await Promise.all([
    startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: { currentSamlSession: () => undefined, signOut: () => undefined },
      requireAdmin: (ctx) => ({ id: decodeURIComponent(ctx.get("x-administrator")) }),
      ...options,
    }),
    launchBrowser(),
  ]);
  const url = `${host.baseUrl}/saml/settings/page/all`;
  let faults: (readonly string[])[] = [];
  return {
    host,
    browser,
    url,
    async sitDown({ id = "ada", path, ...how } = {}) {
      const context = await browser.newContext({
        extraHTTPHeaders: { "x-administrator": encodeURIComponent(id) },
        ...how,
      });
      context.setDefaultTimeout(10_000);
      faults.push(watch(context, host.baseUrl));
      const page = await context.newPage();
      await page.goto(path === undefined ? url : `${host.baseUrl}/saml${path}`);
      return page;
    },
    async leave() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      const seen = faults.flat();
      faults = [];
      return seen;
    },
    async stop() {
      await browser.close();
      await host.stop();
    },
  };
}

/** Presses the button with this name, and waits for the page that it leads to. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState();
}
