import type { ReadTestSignIn } from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { AdminGuard } from "../guards.ts";
import type { Handler } from "../route.ts";
import { testIn, unknownTest } from "../test-sign-in/routes.ts";
import type { ChooseTexts } from "./choose-texts.ts";
import { renderDocument } from "./document.tsx";
import type { FindPageUrls } from "./page-urls.ts";
import { sendDocument } from "./send-document.ts";
import { TestResultPage } from "./test-result-page.tsx";

export interface TestResultRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly readTestSignIn: ReadTestSignIn;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
}

/** `GET /settings/test-sign-ins/:id/result`: the result of a test sign-in as a page. */
export function makeTestResultRoute(deps: TestResultRouteDeps): Handler {
  const { adminGuard, readTestSignIn, chooseTexts, pageUrls } = deps;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const test = await readTestSignIn(tenantContext.tenant, testIn(ctx));
    if (test === undefined) throw unknownTest();
    const [texts, urls] = await Promise.all([chooseTexts(ctx), pageUrls(tenantContext)]);
    const html = renderDocument({
      title: texts.test.resultTitle,
      texts,
      urls,
      children: <TestResultPage test={test} texts={texts} urls={urls} />,
    });
    sendDocument(ctx, { status: 200, html, urls });
  };
}
