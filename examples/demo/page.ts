import type { Context } from "koa";
import { type Html, html } from "./html.ts";

/** Responds with a page that runs no script and cannot be framed. */
export function showPage(
  ctx: Context,
  page: {
    readonly title: string;
    readonly main: Html;
    readonly status?: number;
    readonly nonce?: string;
  },
): void {
  const script = page.nonce === undefined ? "" : `script-src 'nonce-${page.nonce}'; `;
  ctx.status = page.status ?? 200;
  ctx.type = "html";
  ctx.set("Cache-Control", "no-store");
  ctx.set("X-Content-Type-Options", "nosniff");
  // Not no-referrer: with that, browsers say `Origin: null` of our own forms.
  ctx.set("Referrer-Policy", "same-origin");
  ctx.set(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'self'; img-src data:; ${script}base-uri 'none'; frame-ancestors 'none'`,
  );
  ctx.body = layout(page.title, page.main).html;
}

function layout(title: string, main: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo.css">
</head>
<body>
<header><a class="brand" href="/">koa-saml-jit <small>demo</small></a>
<nav><a href="/">Home</a> <a href="/users">Users</a></nav></header>
<main>
${main}
</main>
</body>
</html>
`;
}

/** The style of every page. */
export const STYLESHEET = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f2a, #e8eaf0); --soft: light-dark(#5b6273, #a4abbc);
  --paper: light-dark(#f4f5f8, #14161c); --card: light-dark(#fff, #1e212a); --line: light-dark(#dde0e8, #343946);
  --accent: light-dark(#2447c8, #9db2ff); --on-accent: light-dark(#fff, #14161c); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: baseline; max-width: 68rem; margin: 0 auto; padding: 1.2rem 1.5rem 0; }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; }
.brand small, .soft { color: var(--soft); font-weight: 400; }
nav a { margin-left: 1rem; }
a { color: var(--accent); }
main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.6rem; margin: .6rem 0 1rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
.card > h2:first-child { margin-top: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1.2rem 1.4rem; margin-bottom: 1.2rem; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.4rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .7rem; align-items: center; }
form { margin: 0; }
button, .button { display: inline-block; font: inherit; padding: .5rem 1rem; border-radius: .5rem; border: 1px solid var(--line);
  background: var(--card); color: var(--ink); cursor: pointer; text-decoration: none; }
button.first, .button.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input[type=email], input[type=text] { font: inherit; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: var(--ink); min-width: 18rem; }
label { display: block; margin-bottom: .3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; margin: 0 .25rem .25rem 0; }
`;
