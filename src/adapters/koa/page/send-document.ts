import type { HostContext } from "../host-callbacks.ts";
import type { PageUrls } from "./view.ts";

/**
 * Responds with a page that can only run our script and only submit its form to one URL.
 */
export function sendDocument(
  ctx: HostContext,
  answer: {
    readonly status: number;
    readonly html: string;
    readonly urls: PageUrls;
    readonly postsTo?: string;
  },
): void {
  const { status, html, urls, postsTo } = answer;
  ctx.status = status;
  ctx.set({
    "Cache-Control": "no-store",
    "Content-Security-Policy": [
      "default-src 'none'",
      `script-src ${source(urls.js)}`,
      `style-src ${source(urls.css)}`,
      "img-src data:",
      "connect-src 'self'",
      `form-action ${postsTo === undefined ? "'none'" : source(postsTo)}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    // Not no-referrer: browsers would then send `Origin: null` with the page's own form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  });
  ctx.body = html;
  ctx.type = "text/html; charset=utf-8";
}

/** These two characters separate sources and directives (CSP3 section 2.3.1). */
function source(url: string): string {
  return url.replaceAll(";", "%3B").replaceAll(",", "%2C");
}
