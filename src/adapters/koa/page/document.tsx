import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { PageTexts } from "./texts.ts";
import type { PageUrls } from "./view.ts";

/** A whole HTML document around a page's content. */
export function renderDocument(props: {
  readonly title: string;
  readonly texts: Pick<PageTexts, "lang" | "dir">;
  readonly urls: Pick<PageUrls, "css" | "js">;
  readonly children: ComponentChildren;
}): string {
  return `<!doctype html>\n${renderToString(<Document {...props} />)}\n`;
}

function Document(props: Parameters<typeof renderDocument>[0]): VNode {
  const { title, texts, urls, children } = props;
  return (
    <html lang={texts.lang} dir={texts.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={urls.css} />
        <script type="module" src={urls.js} />
      </head>
      <body>{children}</body>
    </html>
  );
}
