import type { VNode } from "preact";
import type { TestSignInRead } from "../../../application/test-sign-in/read-test-sign-in.ts";
import { TestResult } from "./components/test-result.tsx";
import type { PageTexts } from "./texts.ts";
import type { PageUrls } from "./view.ts";

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
