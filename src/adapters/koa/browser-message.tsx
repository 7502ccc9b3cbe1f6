import { createHash } from "node:crypto";
import { renderToString } from "preact-render-to-string";
import type { BrowserMessage } from "../../ports/identity-port.ts";
import type { HostContext } from "./host-callbacks.ts";
import { sendRedirect } from "./send.ts";

const SUBMIT = "document.forms[0].submit()";

/**
 * Lets the browser carry a message to the identity provider: by a redirect, or by a form that sends
 * itself, and has a button for browsers without scripts.
 *
 * @param framed whether it may happen in a frame: identity providers ask there for logout.
 * @param status of a redirect. Default: 303.
 */
export function sendBrowserMessage(
  ctx: HostContext,
  message: BrowserMessage,
  { framed, status = 303 }: { readonly framed: boolean; readonly status?: 302 | 303 },
): void {
  if (message.binding === "redirect") {
    sendRedirect(ctx, status, message.url);
    return;
  }
  ctx.status = 200;
  ctx.set({
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": formPolicy(framed),
  });
  if (framed) ctx.remove("X-Frame-Options");
  ctx.body = `<!doctype html>\n${renderToString(<FormPage {...message} />)}\n`;
  ctx.type = "text/html; charset=utf-8";
}

/**
 * `form-action` is open: browsers apply it to redirects as well, and only the identity provider
 * knows where it leads on.
 */
function formPolicy(framed: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(SUBMIT).digest("base64")}'`,
    "base-uri 'none'",
    ...(framed ? [] : ["frame-ancestors 'none'"]),
  ].join("; ");
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
