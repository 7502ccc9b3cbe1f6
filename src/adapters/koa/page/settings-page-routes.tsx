import type { VNode } from "preact";
import type { LoadSettings } from "../../../application/settings/read-settings.ts";
import type {
  ReadTestSignIn,
  TestSignInRead,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { Actor } from "../../../domain/audit.ts";
import { defined } from "../../../domain/defined.ts";
import type { VersionedSettings } from "../../../domain/settings.ts";
import type { Clock, IdSource, Logger } from "../../../ports/environment.ts";
import { StorageUnavailableError } from "../../../ports/errors.ts";
import { type Handler, reportFailure } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { HttpProblem, problem } from "../problems.ts";
import { queryOf, type RequestBodies } from "../request.ts";
import { sendRedirect } from "../send.ts";
import type { TenantContext } from "../tenant-context.ts";
import { testIn, unknownTest } from "../test-sign-in/routes.ts";
import { type ActivityPageRouteDeps, makeActivityPageRoute } from "./activity/activity-page.tsx";
import { makeReceiptsPageRoute } from "./activity/receipts-page.tsx";
import { useTexts } from "./components/form-controls.tsx";
import { TestResult } from "./components/test-result.tsx";
import { type FindPageUrls, makeAssetRoute, sendDocument } from "./document.tsx";
import { formStateOf } from "./form/form-state.ts";
import { NO_INPUTS, postedFields, readForm } from "./form/read-form.ts";
import type { LoadView } from "./load-view.ts";
import type { PageActions } from "./page-actions.ts";
import { type ScreenId, screenNamed, screenUrl } from "./screens.ts";
import { SettingsPage } from "./settings-page.tsx";
import type { ChooseTexts, PageTexts } from "./texts.ts";
import type { ActionRequest, ActionResult, Notice, PageState, PageUrls } from "./view.ts";

/** The routes of the settings page and what belongs to it. */
export interface PageRoutes {
  readonly settings: SettingsPageRoutes;
  readonly activity: Handler;
  readonly users: Handler;
  readonly testResult: Handler;
  readonly asset: Handler;
}

/** Every route of pages; `undefined` if the host has turned the settings page off. */
export function makePageRoutes(
  parts: SettingsPageRoutesDeps &
    ActivityPageRouteDeps &
    Parameters<typeof makeReceiptsPageRoute>[0] &
    TestResultRouteDeps &
    Parameters<typeof makeAssetRoute>[0] & { readonly settingsPage: boolean },
): PageRoutes | undefined {
  return parts.settingsPage
    ? {
        settings: makeSettingsPageRoutes(parts),
        activity: makeActivityPageRoute(parts),
        users: makeReceiptsPageRoute(parts),
        testResult: makeTestResultRoute(parts),
        asset: makeAssetRoute(parts),
      }
    : undefined;
}

export interface SettingsPageRoutesDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly loadSettings: LoadSettings;
  readonly pageActions: PageActions;
  readonly loadView: LoadView;
  readonly pageUrls: FindPageUrls;
  readonly chooseTexts: ChooseTexts;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** `GET` and `POST /settings/page`: the settings page. */
export interface SettingsPageRoutes {
  readonly show: Handler;
  readonly act: Handler;
}

function makeSettingsPageRoutes(deps: SettingsPageRoutesDeps): SettingsPageRoutes {
  const { adminGuard, bodies, loadSettings, pageActions, loadView, pageUrls, chooseTexts } = deps;
  const { clock, ids, logger } = deps;

  async function send(
    ctx: HostContext,
    tenantContext: TenantContext,
    state: PageState,
    { texts, administrator }: Pick<ActionRequest, "texts" | "administrator">,
  ): Promise<void> {
    const urls = await pageUrls(tenantContext);
    const view = await loadView({ tenantContext, urls, texts, state, administrator });
    const name = `${texts.screens[state.screen]}: ${texts.title}`;
    const title = state.faults.length > 0 ? `${texts.problems.problem} ${name}` : name;
    const children = <SettingsPage view={view} />;
    const { now } = view;
    const postsTo = postsOf(urls);
    sendDocument(ctx, { status: state.status, title, texts, urls, now, postsTo, children });
  }

  /** Keeps the typed values after any failure. */
  function failed(ctx: HostContext, request: ActionRequest, error: unknown): ActionResult {
    if (error instanceof HttpProblem) throw error;
    const { screen, stored, posted, texts } = request;
    const reference = ids.reference();
    reportFailure(ctx, { reference, error, logger });
    const status = error instanceof StorageUnavailableError ? 503 : 500;
    const notice = { kind: "failed", text: texts.notices.broken(reference) } as const;
    return { kind: "page", state: { screen, status, stored, faults: [], notice, ...posted } };
  }

  /**
   * Answers a post of somebody who is no administrator (any more) with a page that holds what they
   * typed, to go on when they have signed in again elsewhere. Nothing of ours is on it.
   *
   * @throws the refusal where there is nothing to hold.
   */
  async function keepTyped(
    ctx: HostContext,
    tenantContext: TenantContext,
    refused: unknown,
  ): Promise<void> {
    if (!(refused instanceof HttpProblem) || refused.code !== "forbidden") throw refused;
    const fields = postedFields(await bodies.refusedPage(ctx).catch(() => undefined));
    if (fields === undefined) throw refused;
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const title = texts.ended.title;
    const children = <EndedPage urls={urls} fields={fields} />;
    const postsTo = postsOf(urls);
    sendDocument(ctx, { status: 403, title, texts, urls, now: clock.now(), postsTo, children });
  }

  return {
    show: async (ctx, tenantContext) => {
      const administrator = await adminGuard.reading(ctx, tenantContext);
      // The page's buttons are relative to it.
      if (ctx.path.endsWith("/"))
        return sendRedirect(
          ctx,
          302,
          screenUrl(`${tenantContext.root}/settings/page`, nameIn(ctx)),
        );
      const texts = await chooseTexts(ctx);
      const stored = await loadSettings(tenantContext.tenant);
      const notice = noticeOf(ctx, stored, administrator, texts);
      const state: PageState = {
        screen: screenIn(ctx, stored),
        status: 200,
        stored,
        draft: formStateOf(stored, [ctx.query["connection"]].flat()[0]),
        inputs: { ...NO_INPUTS, preset: [ctx.query["idp"]].flat()[0] ?? "" },
        action: { name: "open", argument: "" },
        faults: [],
        ...defined({ notice }),
      };
      await send(ctx, tenantContext, state, { texts, administrator });
    },
    act: async (ctx, tenantContext) => {
      let administrator: Actor;
      try {
        administrator = await adminGuard.writing(ctx, tenantContext);
      } catch (refused) {
        return keepTyped(ctx, tenantContext, refused);
      }
      const posted = readForm(await bodies.page(ctx));
      const texts = await chooseTexts(ctx);
      const stored = await loadSettings(tenantContext.tenant);
      const screen = screenIn(ctx, stored);
      const request = { tenantContext, administrator, screen, stored, posted, texts };
      const result = await pageActions(request).catch((error) => failed(ctx, request, error));
      if (result.kind === "page") return send(ctx, tenantContext, result.state, request);
      // Reloading the page must not save again.
      const { done, shown } = result;
      const { preset } = posted.inputs;
      const url = screenUrl(`${tenantContext.root}/settings/page`, nameIn(ctx));
      sendRedirect(
        ctx,
        303,
        `${url}${queryOf({ done, connection: shown, idp: screen === "setup" && preset !== "" ? preset : undefined })}`,
      );
    },
  };
}

/** The page, and its screens. */
function postsOf({ page }: PageUrls): readonly string[] {
  return [page, `${page}/`];
}

/** What was typed, in hidden fields; the button saves nothing. */
function EndedPage(props: {
  readonly urls: PageUrls;
  readonly fields: readonly (readonly [name: string, value: string])[];
}): VNode {
  const { urls, fields } = props;
  const texts = useTexts();
  const t = texts.ended;
  return (
    <main>
      <h1>{t.title}</h1>
      <form method="post" class="card">
        <p>{t.kept}</p>
        <p>
          <a href={urls.signIn} target="_blank" rel="noopener">
            {t.signIn}
          </a>
        </p>
        {fields
          .filter(([name]) => name !== "action" && name !== "live")
          .map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
        <button type="submit" class="first" name="action" value="refresh">
          {t.resume}
        </button>
      </form>
    </main>
  );
}

/** The part of the path behind the page's; `undefined` at the page itself. */
function nameIn(ctx: HostContext): string | undefined {
  return ctx.params["screen"];
}

/** @throws HttpProblem 404 for a screen that there is not. */
function screenIn(ctx: HostContext, { settings }: VersionedSettings): ScreenId {
  const screen = screenNamed(nameIn(ctx), settings);
  if (screen === undefined) throw problem("not-found");
  return screen;
}

/** Anyone can create a link that says "saved": shown only to the administrator who saved last. */
function noticeOf(
  ctx: HostContext,
  { savedBy, version, settings }: VersionedSettings,
  { id }: Actor,
  { notices }: PageTexts,
): Notice | undefined {
  if (version === 0 || savedBy !== id) return undefined;
  const done = ctx.query["done"];
  if (done === "saved") return { kind: "done", text: notices.saved };
  if (done === "switched-off" && !settings.enabled) {
    return { kind: "done", text: notices.switchedOff };
  }
  return undefined;
}

export interface TestResultRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly readTestSignIn: ReadTestSignIn;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
  readonly clock: Clock;
}

/** `GET /settings/test-sign-ins/:id/result`: the result of a test sign-in as a page. */
function makeTestResultRoute(deps: TestResultRouteDeps): Handler {
  const { adminGuard, readTestSignIn, chooseTexts, pageUrls, clock } = deps;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const test = await readTestSignIn(tenantContext.tenant, testIn(ctx));
    if (test === undefined) throw unknownTest();
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    sendDocument(ctx, {
      title: texts.test.resultTitle,
      texts,
      urls,
      now: clock.now(),
      children: <TestResultPage test={test} urls={urls} />,
    });
  };
}

/** The page of the test's tab after the identity provider. */
function TestResultPage(props: { readonly test: TestSignInRead; readonly urls: PageUrls }): VNode {
  const { test, urls } = props;
  const texts = useTexts();
  const t = texts.test;
  return (
    <main>
      <h1>{t.resultTitle}</h1>
      <section class="card" aria-label={t.resultTitle}>
        <TestResult test={test} heading="h2" />
      </section>
      <p>{t.nobodySignedIn}</p>
      <p>
        {t.goBack} <a href={urls.page}>{texts.title}</a>
      </p>
    </main>
  );
}
