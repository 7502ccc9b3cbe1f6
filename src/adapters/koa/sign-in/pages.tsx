import { createHash } from "node:crypto";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Refusal } from "../../../application/sign-in/sign-in-outcome.ts";
import type { DenyReason } from "../../../domain/sign-in-decision.ts";
import { isDenyReason } from "../../../domain/texts/user-explanations.ts";
import type { Logger } from "../../../ports/environment.ts";
import { callHost, partFailed } from "../../../ports/errors.ts";
import type { HostContext } from "../host-callbacks.ts";
import { queryOf } from "../request.ts";
import { sendProblem, wantsPage } from "../send.ts";
import type { PublicUrls } from "../tenant-context.ts";

/** Texts of every page for users. */
export interface PageWords {
  /** Message: one sentence. */
  readonly sentence: string;
  /** What to do. */
  readonly advice: string;
  /** Reference by which administrators find the reason. */
  readonly reference?: string;
}

/** The sign-in page. */
export interface StartPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "start";
  /** URL of a link that starts the sign-in; not for requests of scripts. */
  readonly loginUrl: string;
}

/** Asks before a logout that another site may have requested. */
export interface SignOutPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "sign-out";
  /** URL of a form post that signs out. Its page must send its origin: the `Referrer-Policy` is set. */
  readonly logoutUrl: string;
}

/** The sign-in page of a tenant with several connections: it asks for the email address. */
export interface ChoosePage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "choose";
  /** URL of a form with method GET and a field `email`. */
  readonly action: string;
  /** Value of a hidden field `returnTo`, if there is one. */
  readonly returnTo?: string;
}

/** A refused sign-in or logout. */
export interface RefusedPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "refused";
  /** What was refused. */
  readonly what: "sign-in" | "logout";
  /** Deny reason of an authenticated user; absent for rejections, which must not be explained. */
  readonly reason?: DenyReason;
  /** URL at which the user can sign in again; absent if single sign-on is off, and for logouts. */
  readonly signInUrl?: string;
  /** Path of the platform's start page. */
  readonly homeUrl: string;
}

/** A logout that has ended here, and perhaps not at the identity provider or at other services. */
export interface SignedOutPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "signed-out";
  /** Path of the platform's start page. */
  readonly homeUrl: string;
}

/** A failed or refused request. */
export interface ProblemPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "problem";
  /** Stable code. */
  readonly code: string;
  /** URL at which the user can sign in; absent if that cannot help. */
  readonly signInUrl?: string;
  /** URL of the settings page, for administrators; absent if that cannot help. */
  readonly settingsUrl?: string;
  /** Path of the platform's start page. */
  readonly homeUrl: string;
}

/** A completed test sign-in, if the settings page is turned off. */
export interface TestDonePage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "test-done";
  /** Path of the platform's start page. */
  readonly homeUrl: string;
}

/** A page for users who sign in or out. */
export type SignInPage =
  | StartPage
  | ChoosePage
  | SignOutPage
  | SignedOutPage
  | RefusedPage
  | ProblemPage
  | TestDonePage;

/**
 * Renders a page in the host's style by setting `ctx.body`; the status is already set. What it returns
 * is awaited. If it sets no body or throws, the plugin's own page is shown.
 */
export type RenderPage = (ctx: HostContext, page: SignInPage) => unknown;

/** Responds with a page for users, the host's or ours. Never fails. */
export type ShowPersonPage = (ctx: HostContext, status: number, page: SignInPage) => Promise<void>;

export interface ShowPersonPageDeps {
  /** Absent if the plugin's own pages are used. */
  readonly renderPage: RenderPage | undefined;
  readonly logger: Logger;
}

export function makeShowPersonPage({ renderPage, logger }: ShowPersonPageDeps): ShowPersonPage {
  async function byHost(ctx: HostContext, page: SignInPage): Promise<boolean> {
    if (renderPage === undefined) return false;
    try {
      ctx.body = "";
      await callHost("renderPage", () => renderPage(ctx, page));
      return ctx.body !== "" && ctx.body !== undefined && ctx.body !== null;
    } catch (error) {
      logger.error(partFailed(`renderPage ${page.kind}`, error));
      return false;
    }
  }

  return async (ctx, status, page) => {
    ctx.status = status;
    ctx.set({
      "Cache-Control": "no-store",
      // Without a referrer, browsers post forms with `Origin: null`.
      "Referrer-Policy": page.kind === "sign-out" ? "same-origin" : "no-referrer",
      "X-Content-Type-Options": "nosniff",
    });
    if (await byHost(ctx, page)) return;
    for (const header of LEFT_BEHIND) ctx.remove(header);
    ctx.status = status;
    ctx.set("Content-Security-Policy", personPagePolicy(page));
    ctx.body = renderPersonPage(page);
    ctx.type = "text/html; charset=utf-8";
  };
}

/** Headers of a failed host page that must not remain on ours. */
const LEFT_BEHIND = ["Content-Encoding", "Content-Language", "ETag", "Last-Modified", "Location"];

/** Status codes of unreadable messages; all others are 403. */
const STATUS_OF: ReadonlyMap<Refusal["code"], number> = new Map<Refusal["code"], number>([
  ["message-missing", 400],
  ["message-ambiguous", 400],
  ["message-not-base64", 400],
  ["message-not-deflate", 400],
  ["message-not-utf8", 400],
  ["message-too-large", 413],
]);

/** Where a refused user can go on. */
export interface WayOn {
  /** Base URL of the routes. */
  readonly root: string;
  /** Where the user wanted to go. */
  readonly returnTo?: string | undefined;
}

/** Responds to a refused sign-in or logout with a message, advice, a reference and a way on. */
export type SendRefusal = (ctx: HostContext, refused: Refusal, way: WayOn) => Promise<void>;

export function makeSendRefusal({
  showPersonPage,
  publicUrls,
}: {
  readonly showPersonPage: ShowPersonPage;
  readonly publicUrls: PublicUrls;
}): SendRefusal {
  return async (ctx, { what, code, reference, sentence, advice }, { root, returnTo }) => {
    const status = STATUS_OF.get(code) ?? 403;
    if (!wantsPage(ctx)) {
      // Only administrators may see which check failed: they find it under the reference.
      return sendProblem(ctx, status, `${what}-refused`, {
        detail: sentence,
        advice,
        reference,
      });
    }
    const words = { sentence, advice, reference };
    const reason = isDenyReason(code) ? { reason: code } : {};
    const again = what === "sign-in" && code !== "sso-disabled";
    return showPersonPage(ctx, status, {
      kind: "refused",
      what,
      ...words,
      ...reason,
      ...(again ? { signInUrl: `${root}/sign-in${queryOf({ returnTo })}` } : {}),
      homeUrl: publicUrls.landing,
    });
  };
}

const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:light-dark(#f5f6f9,#13151b);color:light-dark(#1c2130,#e8eaf1);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:34rem;margin:12vh auto;padding:2rem;box-sizing:border-box;background:light-dark(#fff,#1c1f28);border:1px solid light-dark(#d9dde6,#353a48);border-radius:.625rem}
h1{margin:0 0 1rem;font-size:1.375rem;line-height:1.3}
p{margin:0 0 1rem}
p:last-child{margin:0}
code{font-size:1.125rem;font-weight:600}
a,button{display:inline-block;padding:.625rem 1.25rem;border:0;border-radius:.375rem;background:light-dark(#2444bd,#a3b6ff);color:light-dark(#fff,#10131c);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
label{display:block;margin:0 0 .25rem;font-weight:600}
input{width:100%;padding:.625rem;box-sizing:border-box;border:1px solid light-dark(#6b7280,#8b93a7);border-radius:.375rem;background:light-dark(#fff,#13151b);color:inherit;font:inherit}
a.plain{margin-left:.5rem;background:none;color:inherit;text-decoration:underline}
:focus-visible{outline:3px solid light-dark(#2444bd,#a3b6ff);outline-offset:2px}
@media(max-width:36rem){main{margin:0;min-height:100vh;border:0;border-radius:0;padding:1.5rem 1rem}}`;

/**
 * Content security policy of {@link renderPersonPage}: only its own style, by digest. The form that
 * signs out may end at the identity provider: `form-action` covers redirects as well.
 */
export function personPagePolicy({ kind }: Pick<SignInPage, "kind">): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_DIGEST}'`,
    "base-uri 'none'",
    ...FORM_ACTION[kind],
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where forms lead: the sign-in page's to itself; signing out is redirected to another origin. */
const FORM_ACTION: Readonly<Record<SignInPage["kind"], readonly string[]>> = {
  start: ["form-action 'none'"],
  choose: ["form-action 'self'"],
  "sign-out": [],
  "signed-out": ["form-action 'none'"],
  refused: ["form-action 'none'"],
  problem: ["form-action 'none'"],
  "test-done": ["form-action 'none'"],
};

const STYLE_DIGEST = createHash("sha256").update(STYLE).digest("base64");

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
          {page.kind === "sign-out" && (
            <form method="post" action={page.logoutUrl}>
              <button type="submit">Sign out</button>
            </form>
          )}
          {(page.kind === "signed-out" || page.kind === "test-done") && (
            <p>
              <a href={page.homeUrl}>Back to the start page</a>
            </p>
          )}
          {page.kind === "choose" && (
            <form method="get" action={page.action}>
              <p>
                <label for="email">Email address</label>
                <input id="email" name="email" type="email" autocomplete="username" required />
              </p>
              {page.returnTo !== undefined && (
                <input type="hidden" name="returnTo" value={page.returnTo} />
              )}
              <p>
                <button type="submit">Continue</button>
              </p>
            </form>
          )}
          {(page.kind === "refused" || page.kind === "problem") && (
            <p>
              {page.signInUrl !== undefined && <a href={page.signInUrl}>Sign in again</a>}
              {page.kind === "problem" && page.settingsUrl !== undefined && (
                <a href={page.settingsUrl}>Back to the settings</a>
              )}
              <a class="plain" href={page.homeUrl}>
                Back to the start page
              </a>
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
