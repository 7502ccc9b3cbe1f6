import { createHash } from "node:crypto";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { BrowserMessage } from "../../ports/identity-port.ts";
import type { HostContext } from "./host-callbacks.ts";
import { sendRedirect } from "./send.ts";

const SUBMIT = "document.forms[0].submit()";

/**
 * Lets the browser carry a message to the identity provider: by a redirect, or by a form that sends
 * itself, and has a button for browsers without scripts. Where a form of the platform led here, a page
 * leads on instead of a redirect: Chromium applies the `form-action` of the form's page to redirects,
 * too, and that is often `'self'` (koa-helmet's default).
 *
 * @param framed whether it may happen in a frame: identity providers ask there for logout.
 * @param status of a redirect. Default: 303.
 */
export function sendBrowserMessage(
  ctx: HostContext,
  message: BrowserMessage,
  { framed, status = 303 }: { readonly framed: boolean; readonly status?: 302 | 303 },
): void {
  if (message.binding === "post") {
    sendPage(ctx, <FormPage {...message} />, { framed, policy: FORM_POLICY });
  } else if (!framed && ctx.method === "POST" && ctx.get("Sec-Fetch-Dest") === "document") {
    sendPage(ctx, <RefreshPage {...message} />, { framed, policy: ["form-action 'none'"] });
  } else {
    sendRedirect(ctx, status, message.url);
  }
}

function sendPage(
  ctx: HostContext,
  page: VNode,
  { framed, policy }: { readonly framed: boolean; readonly policy: readonly string[] },
): void {
  ctx.status = 200;
  ctx.set({
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": [
      "default-src 'none'",
      ...policy,
      "base-uri 'none'",
      ...(framed ? [] : ["frame-ancestors 'none'"]),
    ].join("; "),
  });
  if (framed) ctx.remove("X-Frame-Options");
  ctx.body = `<!doctype html>\n${renderToString(page)}\n`;
  ctx.type = "text/html; charset=utf-8";
}

/**
 * `form-action` is open: browsers apply it to redirects as well, and only the identity provider
 * knows where it leads on.
 */
const FORM_POLICY: readonly string[] = [
  `script-src 'sha256-${createHash("sha256").update(SUBMIT).digest("base64")}'`,
];

/** Needs no script; a refresh of no delay takes the page's place in the history. */
function RefreshPage({ url }: Extract<BrowserMessage, { binding: "redirect" }>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content={`0;url=${url}`} />
        <title>Continue to your identity provider</title>
      </head>
      <body>
        <a href={url}>Continue to your identity provider</a>
      </body>
    </html>
  );
}

function FormPage({ url, fields }: Extract<BrowserMessage, { binding: "post" }>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Continue to your identity provider</title>
      </head>
      <body>
        <form method="post" action={url}>
          {Object.entries(fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <noscript>
            <button type="submit">Continue to your identity provider</button>
          </noscript>
        </form>
        <script dangerouslySetInnerHTML={{ __html: SUBMIT }} />
      </body>
    </html>
  );
}
