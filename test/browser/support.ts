import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's Chromium, which phones nobody; `more` are further command-line options. */
export function launchBrowser(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...more,
    ],
  });
}

/** Says who one is at the demo's IdP, and clicks on. */
export async function answerIdp(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByRole("button", { name: /^(Sign in|Open the demo application)$/ }).click();
}

/** What the home page says of whoever is signed in. */
export async function shownUser(page: Page): Promise<Readonly<Record<string, string>>> {
  const text = async (selector: string) =>
    ((await page.locator(selector).textContent()) ?? "").replace(/\s+/g, " ").trim();
  return {
    title: await text("h1"),
    role: await text("#role"),
    groups: await text("#groups"),
    organizations: await text("#organizations"),
    createdBy: await text("#created-by"),
  };
}
