import type { VNode } from "preact";
import type {
  ReadTestSignIn,
  TestSignInRead,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import { testIn, unknownTest } from "../test-sign-in/routes.ts";
import type { FindPageUrls } from "./assets.ts";
import { TestResult } from "./components/test-result.tsx";
import { renderDocument, sendDocument } from "./document.tsx";
import type { ChooseTexts, PageTexts } from "./texts.ts";
import type { PageUrls } from "./view.ts";

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

/** The page of the test's tab after the identity provider. */
export function TestResultPage(props: {
  readonly test: TestSignInRead;
  readonly texts: PageTexts;
  readonly urls: PageUrls;
}): VNode {
  const { test, texts, urls } = props;
  const t = texts.test;
  return (
    <main>
      <h1>{t.resultTitle}</h1>
      <section class="card" aria-label={t.resultTitle}>
        <TestResult test={test} texts={texts} heading="h2" />
      </section>
      <p>{t.nobodySignedIn}</p>
      <p>
        {t.goBack} <a href={urls.page}>{texts.title}</a>
      </p>
    </main>
  );
}
