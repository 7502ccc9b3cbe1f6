import { createHash } from "node:crypto";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { BrowserMessage } from "../../ports/identity-port.ts";
import type { HostContext } from "./host-callbacks.ts";
import type { ChooseTexts, PageTexts } from "./page/texts.ts";
import { sendRedirect } from "./send.ts";

const SUBMIT = "document.forms[0].submit()";

/** Lets the browser carry a message to the identity provider. */
export type SendBrowserMessage = (
  ctx: HostContext,
  message: BrowserMessage,
  how: {
    /** Whether it may happen in a frame: identity providers ask there for logout. */
    readonly framed: boolean;
    /** Of a redirect. Default: 303. */
    readonly status?: 302 | 303;
  },
) => Promise<void>;

/**
 * Makes {@link SendBrowserMessage}: by a redirect, or by a form that sends itself, and has a button
 * for browsers without scripts. Where a form of the platform led here, a page leads on instead of a
 * redirect: Chromium applies the `form-action` of the form's page to redirects, too, and that is often
 * `'self'` (koa-helmet's default).
 */
export function makeSendBrowserMessage({
  chooseTexts,
}: {
  readonly chooseTexts: ChooseTexts;
}): SendBrowserMessage {
  return async (ctx, message, { framed, status = 303 }) => {
    if (message.binding === "post") {
      const texts = await chooseTexts(ctx);
      sendPage(ctx, <FormPage {...message} texts={texts} />, { framed, policy: FORM_POLICY });
    } else if (!framed && ctx.method === "POST" && ctx.get("Sec-Fetch-Dest") === "document") {
      const texts = await chooseTexts(ctx);
      const policy = ["form-action 'none'"];
      sendPage(ctx, <RefreshPage {...message} texts={texts} />, { framed, policy });
    } else {
      sendRedirect(ctx, status, message.url);
    }
  };
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

interface Props {
  readonly texts: PageTexts;
}

function Document(
  props: Props & { readonly head?: ComponentChildren; readonly children: ComponentChildren },
): VNode {
  const { texts, head, children } = props;
  return (
    <html lang={texts.lang} dir={texts.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {head}
        <title>{texts.people.toProvider}</title>
      </head>
      <body>{children}</body>
    </html>
  );
}

/** Needs no script; a refresh of no delay takes the page's place in the history. */
function RefreshPage(props: Props & Extract<BrowserMessage, { binding: "redirect" }>): VNode {
  const { url, texts } = props;
  return (
    <Document texts={texts} head={<meta http-equiv="refresh" content={`0;url=${url}`} />}>
      <a href={url}>{texts.people.toProvider}</a>
    </Document>
  );
}

function FormPage(props: Props & Extract<BrowserMessage, { binding: "post" }>): VNode {
  const { url, fields, texts } = props;
  return (
    <Document texts={texts}>
      <form method="post" action={url}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <noscript>
          <button type="submit">{texts.people.toProvider}</button>
        </noscript>
      </form>
      <script dangerouslySetInnerHTML={{ __html: SUBMIT }} />
    </Document>
  );
}
