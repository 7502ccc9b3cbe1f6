import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Refusal } from "../../../application/sign-in/sign-in-outcome.ts";
import type { DenyReason } from "../../../domain/sign-in-decision.ts";
import { isDenyReason, isOfTheAccount } from "../../../domain/texts/user-explanations.ts";
import type { Logger } from "../../../ports/environment.ts";
import { callHost, partFailed } from "../../../ports/errors.ts";
import type { HostContext } from "../host-callbacks.ts";
import type { InlineStyle, LoadAssets } from "../page/style.ts";
import { PAGE_TEXTS } from "../page/texts/english.ts";
import { type ChooseTexts, type PageTexts, userWords } from "../page/texts.ts";
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
 * Renders a page in the host's style by setting `ctx.body`; the status is already set. `texts` are
 * those of the language that the page is in (`texts.lang`), for what the host adds. What it returns is
 * awaited. If it sets no body or throws, the plugin's own page is shown.
 */
export type RenderPage = (ctx: HostContext, page: SignInPage, texts: PageTexts) => unknown;

/**
 * Responds with a page for users, the host's or ours, in the language of the request. Never fails.
 */
export type ShowUserPage = (
  ctx: HostContext,
  status: number,
  page: (texts: PageTexts) => SignInPage,
) => Promise<void>;

export interface ShowPersonPageDeps {
  /** Absent if the plugin's own pages are used. */
  readonly renderPage: RenderPage | undefined;
  readonly chooseTexts: ChooseTexts;
  readonly loadAssets: LoadAssets;
  readonly logger: Logger;
}

export function makeShowUserPage({
  renderPage,
  chooseTexts,
  loadAssets,
  logger,
}: ShowPersonPageDeps): ShowUserPage {
  async function byHost(ctx: HostContext, page: SignInPage, texts: PageTexts): Promise<boolean> {
    if (renderPage === undefined) return false;
    try {
      ctx.body = "";
      await callHost("renderPage", () => renderPage(ctx, page, texts));
      return ctx.body !== "" && ctx.body !== undefined && ctx.body !== null;
    } catch (error) {
      logger.error(partFailed(`renderPage ${page.kind}`, error));
      return false;
    }
  }

  /** Without its style, the page still says what it has to say. */
  async function style(): Promise<InlineStyle | undefined> {
    try {
      return (await loadAssets()).inline;
    } catch (error) {
      logger.error(partFailed("style", error));
      return undefined;
    }
  }

  return async (ctx, status, pageIn) => {
    const texts = await chooseTexts(ctx);
    const page = pageIn(texts);
    ctx.status = status;
    ctx.set({
      "Cache-Control": "no-store",
      // Without a referrer, browsers post forms with `Origin: null`.
      "Referrer-Policy": page.kind === "sign-out" ? "same-origin" : "no-referrer",
      "X-Content-Type-Options": "nosniff",
    });
    if (await byHost(ctx, page, texts)) return;
    for (const header of LEFT_BEHIND) ctx.remove(header);
    const inline = await style();
    ctx.status = status;
    ctx.set("Content-Security-Policy", policyOf(page, inline));
    const html = renderToString(<PersonPage page={page} texts={texts} style={inline} />);
    ctx.body = `<!doctype html>\n${html}\n`;
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
  showUserPage,
  publicUrls,
}: {
  readonly showUserPage: ShowUserPage;
  readonly publicUrls: PublicUrls;
}): SendRefusal {
  return async (ctx, { what, code, reference, message }, { root, returnTo }) => {
    const status = STATUS_OF.get(code) ?? 403;
    if (!wantsPage(ctx)) {
      // Only administrators may see which check failed: they find it under the reference.
      const { sentence: detail, advice } = userWords(message, PAGE_TEXTS);
      return sendProblem(ctx, status, `${what}-refused`, { detail, advice, reference });
    }
    const again = what === "sign-in" && code !== "sso-disabled";
    return showUserPage(ctx, status, (texts) => ({
      kind: "refused",
      what,
      ...userWords(message, texts),
      reference,
      ...(isDenyReason(code) ? { reason: code } : {}),
      ...(again ? { signInUrl: `${root}/sign-in${queryOf({ returnTo })}` } : {}),
      homeUrl: publicUrls.landing,
    }));
  };
}

/** Our page needs no other file, so that it can be shown whatever has failed: only its own style. */
function policyOf({ kind }: SignInPage, style: InlineStyle | undefined): string {
  return [
    "default-src 'none'",
    ...(style === undefined ? [] : [`style-src 'sha256-${style.digest}'`]),
    "base-uri 'none'",
    ...FORM_ACTION[kind],
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * Where forms lead: the sign-in page's to itself. Signing out may end at the identity provider, and
 * `form-action` covers redirects as well.
 */
const FORM_ACTION: Readonly<Record<SignInPage["kind"], readonly string[]>> = {
  start: ["form-action 'none'"],
  choose: ["form-action 'self'"],
  "sign-out": [],
  "signed-out": ["form-action 'none'"],
  refused: ["form-action 'none'"],
  problem: ["form-action 'none'"],
  "test-done": ["form-action 'none'"],
};

/** What each page is about, at a glance. */
const EMBLEMS: Readonly<Record<SignInPage["kind"], keyof typeof PATHS>> = {
  start: "key",
  choose: "key",
  "sign-out": "key",
  "signed-out": "done",
  "test-done": "done",
  refused: "refused",
  problem: "refused",
};

/** On a field of 24 by 24. */
const PATHS = {
  key: "M14 3a7 7 0 0 0-6.7 9L3 16.3V21h4.7l.3-2h2v-2h2l1.3-1.3A7 7 0 1 0 14 3Zm2.5 4a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z",
  done: "m9.5 17.6-5.6-5.6 1.7-1.7 3.9 3.9 8.9-8.9 1.7 1.7Z",
  refused: "M10.7 4h2.6l-.4 10h-1.8ZM12 16.2a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2Z",
};

function PersonPage(props: {
  readonly page: SignInPage;
  readonly texts: PageTexts;
  readonly style: InlineStyle | undefined;
}): VNode {
  const { page, texts, style } = props;
  const { sentence, advice, reference } = page;
  const emblem = EMBLEMS[page.kind];
  return (
    <html lang={texts.lang} dir={texts.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{sentence}</title>
        {style !== undefined && <style dangerouslySetInnerHTML={{ __html: style.css }} />}
      </head>
      <body class="person">
        <main class="card">
          <svg class={`emblem ${emblem}`} viewBox="0 0 24 24" aria-hidden="true">
            <path d={PATHS[emblem]} />
          </svg>
          <h1>{sentence}</h1>
          {advice !== "" && <p>{advice}</p>}
          <WayOn page={page} texts={texts} />
          {reference !== undefined && (
            <p class="reference">
              {texts.people.reference}: <code>{reference}</code>
            </p>
          )}
        </main>
      </body>
    </html>
  );
}

/** What the user can do next. */
function WayOn(props: { readonly page: SignInPage; readonly texts: PageTexts }): VNode {
  const { page, texts } = props;
  const t = texts.people;
  switch (page.kind) {
    case "start":
      return (
        <p class="ways">
          <a href={page.loginUrl}>{t.withSso}</a>
        </p>
      );
    case "choose":
      return (
        <form method="get" action={page.action}>
          <p>
            <label for="email">{t.email}</label>
            <input id="email" name="email" type="email" autocomplete="username" required />
          </p>
          {page.returnTo !== undefined && (
            <input type="hidden" name="returnTo" value={page.returnTo} />
          )}
          <p class="ways">
            <button type="submit">{t.proceed}</button>
          </p>
        </form>
      );
    case "sign-out":
      return (
        <form method="post" action={page.logoutUrl}>
          <p class="ways">
            <button type="submit">{t.signOut}</button>
          </p>
        </form>
      );
    case "signed-out":
    case "test-done":
      return (
        <p class="ways">
          <a href={page.homeUrl}>{t.home}</a>
        </p>
      );
    case "refused":
      return page.reason !== undefined && isOfTheAccount(page.reason) ? (
        <p class="ways">
          <a href={page.homeUrl}>{t.home}</a>
          {page.signInUrl !== undefined && <a href={page.signInUrl}>{t.anotherAccount}</a>}
        </p>
      ) : (
        <p class="ways">
          {page.signInUrl !== undefined && <a href={page.signInUrl}>{t.again}</a>}
          <a href={page.homeUrl}>{t.home}</a>
        </p>
      );
    case "problem":
      return (
        <p class="ways">
          {page.signInUrl !== undefined && <a href={page.signInUrl}>{t.again}</a>}
          {page.settingsUrl !== undefined && <a href={page.settingsUrl}>{t.toSettings}</a>}
          <a href={page.homeUrl}>{t.home}</a>
        </p>
      );
  }
}
