import { createHash } from "node:crypto";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { SignInPage } from "./sign-in-page.ts";

const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:light-dark(#f5f6f9,#13151b);color:light-dark(#1c2130,#e8eaf1);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:34rem;margin:12vh auto;padding:2rem;box-sizing:border-box;background:light-dark(#fff,#1c1f28);border:1px solid light-dark(#d9dde6,#353a48);border-radius:.625rem}
h1{margin:0 0 1rem;font-size:1.375rem;line-height:1.3}
p{margin:0 0 1rem}
p:last-child{margin:0}
code{font-size:1.125rem;font-weight:600}
a{display:inline-block;padding:.625rem 1.25rem;border-radius:.375rem;background:light-dark(#2444bd,#a3b6ff);color:light-dark(#fff,#10131c);font-weight:600;text-decoration:none}
:focus-visible{outline:3px solid light-dark(#2444bd,#a3b6ff);outline-offset:2px}
@media(max-width:36rem){main{margin:0;min-height:100vh;border:0;border-radius:0;padding:1.5rem 1rem}}`;

/** Content security policy of {@link renderPersonPage}: only its own style, by digest. */
export const PERSON_PAGE_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * A plain page for users. It needs no other file, so it can be shown whatever has failed.
 */
export function renderPersonPage(page: SignInPage): string {
  return `<!doctype html>\n${renderToString(<PersonPage page={page} />)}\n`;
}

function PersonPage({ page }: { readonly page: SignInPage }): VNode {
  const { sentence, advice } = page;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{sentence}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <h1>{sentence}</h1>
          {advice !== "" && <p>{advice}</p>}
          {page.kind === "start" && (
            <p>
              <a href={page.loginUrl}>Sign in with SSO</a>
            </p>
          )}
          {page.reference !== undefined && (
            <p>
              Reference: <code>{page.reference}</code>
            </p>
          )}
        </main>
      </body>
    </html>
  );
}
