import type { BrowserContext, Page } from "playwright-core";

/** Answers that are meant to be seen: a refusal, what was changed meanwhile, what is not there. */
const REFUSED = /^Failed to load resource: the server responded with a status of (403|409|422)\b/;

/**
 * Notes whatever no page may cause, in the order in which it happens: complaints in the console
 * (content that the page's own policy blocks among them), errors of scripts, dialogs, and requests
 * to anywhere but `baseUrl`.
 */
export function watch(context: BrowserContext, baseUrl: string): readonly string[] {
  const faults: string[] = [];
  const { origin } = new URL(baseUrl);
  context.on("console", (message) => {
    const said = message.text();
    if (message.type() !== "error" || REFUSED.test(said)) return;
    faults.push(`console: ${said}`);
  });
  context.on("weberror", (error) => faults.push(`script: ${error.error().message}`));
  context.on("dialog", async (dialog) => {
    // Leaving with something typed: the question is the page's own.
    if (dialog.type() === "beforeunload") return dialog.accept();
    faults.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:") faults.push(`request: ${url.href}`);
  });
  return faults;
}

/** Notes the complaints in a page's console, content that its policy blocks among them, and errors of scripts. */
export function watchErrors(page: Page): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  return faults;
}
