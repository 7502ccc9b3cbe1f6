import { z } from "zod";
import type { ReadTestSignIn } from "../../../application/test-sign-in/read-test-sign-in.ts";
import type {
  BeginTestSignIn,
  StartTestSignIn,
} from "../../../application/test-sign-in/start-test-sign-in.ts";
import { faultsIn } from "../../settings-document/parse.ts";
import { formOf, SettingsDraft } from "../../settings-document/schema.ts";
import type { Answers } from "../api-answers.ts";
import type { SendBrowserMessage } from "../browser-message.tsx";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import { refuseUnlessNavigation } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import type { PendingTests } from "../pending-cookies.ts";
import { type HttpProblem, problem } from "../problems.ts";
import type { RequestBodies } from "../request.ts";
import { parseBody } from "../request.ts";
import { sendJson, sendRedirect, wantsPage } from "../send.ts";
import { type ReadDraft, settingsInvalid } from "../settings/read-draft.ts";
import type { ShowUserPage } from "../sign-in/pages.tsx";
import type { PublicUrls, TenantContext } from "../tenant-context.ts";

export interface TestSignInDoneDeps {
  /** Whether there is a page that shows the result of a test. */
  readonly settingsPage: boolean;
  readonly showUserPage: ShowUserPage;
  readonly publicUrls: PublicUrls;
}

/** Leads on after a test sign-in: to its result, or to a page which says that it is over. */
export type TestSignInDone = (
  ctx: HostContext,
  tenantContext: TenantContext,
  testId: string,
) => Promise<void>;

export function makeTestSignInDone(deps: TestSignInDoneDeps): TestSignInDone {
  const { settingsPage, showUserPage, publicUrls } = deps;
  return async (ctx, tenantContext, testId) => {
    if (settingsPage)
      return sendRedirect(ctx, 303, `${testSignInUrl(tenantContext, testId)}/result`);
    await showUserPage(ctx, 200, ({ people: t }) => ({
      kind: "test-done",
      sentence: t.testOver,
      advice: t.testOverHint,
      homeUrl: publicUrls.landing,
    }));
  };
}

/** Body of `POST /settings/test-sign-ins`: a draft as `PUT /settings` takes it. */
export const TestSignInRequest: z.ZodType<{
  readonly settings?: unknown;
  readonly connection?: string;
}> = z.strictObject({
  connection: z.string().exactOptional().meta({
    description: "ID of the connection to test. Default: the first that is enabled.",
  }),
  settings: SettingsDraft,
});

export interface TestSignInRoutesDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly readDraft: ReadDraft;
  readonly beginTestSignIn: BeginTestSignIn;
  readonly startTestSignIn: StartTestSignIn;
  readonly readTestSignIn: ReadTestSignIn;
  readonly pendingTests: PendingTests;
  readonly testSignInDone: TestSignInDone;
  readonly sendBrowserMessage: SendBrowserMessage;
}

/** The routes of test sign-ins. */
export interface TestSignInRoutes {
  /** `POST /settings/test-sign-ins`: keeps a draft, to be tested. */
  readonly begin: Handler;
  /**
   * `GET /settings/test-sign-ins/:id/start`: redirects its administrator to the identity provider.
   */
  readonly start: Handler;
  /** `GET /settings/test-sign-ins/:id`: its result. */
  readonly read: Handler;
}

export function makeTestSignInRoutes(deps: TestSignInRoutesDeps): TestSignInRoutes {
  const { adminGuard, bodies, readDraft, pendingTests, testSignInDone } = deps;
  const { beginTestSignIn, startTestSignIn, readTestSignIn, sendBrowserMessage } = deps;
  return {
    begin: async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      const { id: by } = await adminGuard.writing(ctx, tenantContext);
      const { settings, connection } = parseBody(TestSignInRequest, await bodies.json(ctx));
      const draft = await readDraft(tenant, settings);
      const begun = await beginTestSignIn({ tenant, draft, connection, by });
      if (begun.kind === "invalid") {
        throw settingsInvalid(faultsIn(formOf(settings), begun.faults), ["settings"]);
      }
      const { id, expiresAt } = begun;
      ctx.status = 201;
      const url = testSignInUrl(tenantContext, id);
      ctx.set("Location", url);
      sendJson<Answers["beginTestSignIn"]>(ctx, { id, url: `${url}/start`, expiresAt });
    },
    start: async (ctx, tenantContext) => {
      const { tenant, serviceProvider: sp } = tenantContext;
      const { id: by } = await adminGuard.writing(ctx, tenantContext);
      refuseUnlessNavigation(ctx);
      const started = await startTestSignIn({ tenant, sp, id: testIn(ctx), by });
      if (started.kind === "unknown") throw unknownTest();
      if (started.kind === "over") {
        if (wantsPage(ctx)) return testSignInDone(ctx, tenantContext, testIn(ctx));
        throw problem("test-over");
      }
      pendingTests.add(ctx, started.pending);
      return sendBrowserMessage(ctx, started.message, { framed: false, status: 302 });
    },
    read: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const test = await readTestSignIn(tenantContext.tenant, testIn(ctx));
      if (test === undefined) throw unknownTest();
      sendJson<Answers["getTestSignIn"]>(ctx, test);
    },
  };
}

/** Where a test is. */
export function testSignInUrl({ root }: Pick<TenantContext, "root">, id: string): string {
  return `${root}/settings/test-sign-ins/${id}`;
}

/** What could be a test's ID: other texts are not for every database to look up. */
export const TestId: z.ZodString = z.string().regex(/^[A-Za-z0-9-]{1,36}$/);

/**
 * The ID of the test in the path of a request.
 *
 * @throws HttpProblem 404 for what could be none.
 */
export function testIn(ctx: HostContext): string {
  const parsed = TestId.safeParse(ctx.params["id"]);
  if (!parsed.success) throw unknownTest();
  return parsed.data;
}

/** The test does not exist or has been deleted. */
export function unknownTest(): HttpProblem {
  return problem("test-unknown");
}
