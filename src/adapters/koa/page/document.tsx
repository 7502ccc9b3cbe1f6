import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Handler } from "../error-boundary.ts";
import type { HostContext } from "../host-callbacks.ts";
import { problem } from "../problems.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ThisPage } from "./components/form-controls.tsx";
import type { LoadAssets } from "./style.ts";
import type { PageTexts } from "./texts.ts";
import type { PageUrls } from "./view.ts";

/** A page to send. */
interface PageDocument {
  readonly status?: number;
  readonly title: string;
  readonly texts: PageTexts;
  readonly urls: PageUrls;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where its forms lead. Default: it has none. */
  readonly postsTo?: readonly string[];
  readonly children: ComponentChildren;
}

function Document({ title, texts, urls, now, children }: PageDocument): VNode {
  return (
    <html lang={texts.lang} dir={texts.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={urls.css} />
        <script type="module" src={urls.js} />
      </head>
      <body>
        <ThisPage.Provider value={{ texts, now }}>{children}</ThisPage.Provider>
      </body>
    </html>
  );
}

/**
 * Responds with a page that can only run our script and only submit its form to the page.
 */
export function sendDocument(ctx: HostContext, page: PageDocument): void {
  const { status = 200, urls, postsTo } = page;
  ctx.status = status;
  ctx.set({
    "Cache-Control": "no-store",
    "Content-Security-Policy": [
      "default-src 'none'",
      `script-src ${source(urls.js)}`,
      `style-src ${source(urls.css)}`,
      "img-src data:",
      "connect-src 'self'",
      `form-action ${postsTo === undefined ? "'none'" : postsTo.map(source).join(" ")}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    // Not no-referrer: browsers would then send `Origin: null` with the page's own form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  });
  ctx.body = `<!doctype html>\n${renderToString(<Document {...page} />)}\n`;
  ctx.type = "text/html; charset=utf-8";
}

/** These two characters separate sources and directives (CSP3 section 2.3.1). */
function source(url: string): string {
  return url.replaceAll(";", "%3B").replaceAll(",", "%2C");
}

/** `GET /settings/assets/:file`: public style and script, cached indefinitely. */
export function makeAssetRoute({ loadAssets }: { readonly loadAssets: LoadAssets }): Handler {
  return async (ctx) => {
    const { css, js } = await loadAssets();
    const asset = [css, js].find(({ name }) => name === ctx.params["file"]);
    if (asset === undefined) {
      throw problem("not-found");
    }
    ctx.body = asset.text;
    ctx.type = `${asset.type}; charset=utf-8`;
    ctx.set({
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
    });
  };
}

/** Where the pages of a tenant are. */
export type FindPageUrls = (
  tenantContext: Pick<TenantContext, "root" | "metadataUrl">,
) => Promise<PageUrls>;

export function makeFindPageUrls({
  loadAssets,
}: {
  readonly loadAssets: LoadAssets;
}): FindPageUrls {
  return async ({ root, metadataUrl }) => {
    const { css, js } = await loadAssets();
    return {
      page: `${root}/settings/page`,
      activity: `${root}/settings/page/activity`,
      export: `${root}/settings/audit/export`,
      users: `${root}/settings/page/users`,
      receiptsExport: `${root}/settings/receipts/export`,
      licensesExport: `${root}/settings/license-report/export`,
      tests: `${root}/settings/test-sign-ins`,
      login: `${root}/login`,
      signIn: `${root}/sign-in`,
      metadata: metadataUrl,
      css: `${root}/settings/assets/${css.name}`,
      js: `${root}/settings/assets/${js.name}`,
    };
  };
}
