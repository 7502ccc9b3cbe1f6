import type { VNode } from "preact";
import type { TestSignInRead } from "../../../../application/test-sign-in/read-test-sign-in.ts";
import type { EmailIdentity } from "../../../../domain/email-identity.ts";
import type {
  ReceivedUser,
  RejectedTest,
  TestResult as TestResultData,
  VerifiedTest,
} from "../../../../domain/test-sign-in.ts";
import { explanationIn, type PageTexts, warningIn } from "../texts.ts";
import { Fingerprint } from "./certificates.tsx";
import { Decision } from "./decision.tsx";
import { Breakable, FactRows, Time, useTexts } from "./form-controls.tsx";

interface Props {
  readonly test: TestSignInRead;
  /** Of the headings within: one below the last heading before. */
  readonly heading: Heading;
}

type Heading = "h2" | "h3";

/** The result of a test sign-in: received data, and what a real one would do. */
export function TestResult({ test, heading }: Props): VNode {
  const texts = useTexts();
  const t = texts.test;
  const { state, result } = test;
  if (state === "pending") return <p>{t.pending}</p>;
  if (state === "expired" || result === undefined) return <p>{t.expired}</p>;
  const explanation =
    result.code === undefined ? undefined : explanationIn(texts, result.code, result.cause);
  return (
    <>
      <p class={`notice ${state === "succeeded" ? "good" : "bad"}`}>
        <strong>{state === "succeeded" ? t.succeeded : t.failed}</strong>
      </p>
      {!isExplained(result) && explanation !== undefined && (
        <dl>
          <div>
            <dt>{texts.activity.failed}</dt>
            <dd>{explanation.sentence}</dd>
          </div>
          <div>
            <dt>{texts.activity.fix}</dt>
            <dd>{explanation.fix}</dd>
          </div>
        </dl>
      )}
      {result.kind === "rejected" ? (
        <Rejected result={result} />
      ) : (
        <Verified result={result} heading={heading} />
      )}
    </>
  );
}

/** Whether the decision below says what failed; it is deleted after an hour. */
function isExplained(result: TestResultData): boolean {
  return result.kind === "verified" && result.received !== undefined;
}

function Rejected(props: { readonly result: RejectedTest }): VNode {
  const { result } = props;
  const texts = useTexts();
  const t = texts.activity;
  const rows = [
    [t.reason, result.detail, "en"],
    [t.sent, result.comparison?.sent],
    [t.expected, result.comparison?.expected],
    [t.reference, result.reference],
  ] as const;
  return (
    <dl>
      <FactRows rows={rows} />
    </dl>
  );
}

function Verified(props: { readonly result: VerifiedTest; readonly heading: Heading }): VNode {
  const { result, heading: Heading } = props;
  const texts = useTexts();
  const t = texts.test;
  const { received, issuer, signedBy, warnings } = result;
  return (
    <>
      {received === undefined ? (
        <p>{t.forgotten}</p>
      ) : (
        <>
          <Heading>{t.wouldHappen}</Heading>
          <Decision preview={received.decision} />
          <Received received={received} heading={Heading} />
        </>
      )}
      <dl>
        <div>
          <dt>{t.issuer}</dt>
          <dd>
            <Breakable text={issuer} />
          </dd>
        </div>
        <div>
          <dt>{t.signedBy}</dt>
          <dd>
            <Fingerprint value={signedBy} />
          </dd>
        </div>
      </dl>
      {warnings.map((warning) => (
        <p class="warning">
          <strong>{texts.problems.warning}</strong> {warningIn(warning, texts)}
        </p>
      ))}
    </>
  );
}

function Received(props: { readonly received: ReceivedUser; readonly heading: Heading }): VNode {
  const { received, heading: Heading } = props;
  const texts = useTexts();
  const t = texts.test;
  const { nameId, session, attributes, profile } = received;
  const more = attributes.count - attributes.first.length;
  const rows = [
    [t.email, emailText(received.email, texts)],
    [t.nameId, nameId.value === "" ? undefined : `${nameId.value} (${nameId.format})`],
    [texts.fields.displayName, profile.displayName],
    [texts.fields.firstName, profile.firstName],
    [texts.fields.lastName, profile.lastName],
  ] as const;
  return (
    <>
      <Heading>{t.received}</Heading>
      <dl>
        <FactRows rows={rows} />
        <Authentication session={session} />
      </dl>
      {attributes.count === 0 ? (
        <p>{t.noAttributes}</p>
      ) : (
        <table>
          <caption>{t.attributes}</caption>
          <thead>
            <tr>
              <th scope="col">{t.attributeName}</th>
              <th scope="col">{t.attributeValues}</th>
            </tr>
          </thead>
          <tbody>
            {attributes.first.map(({ name, friendlyName, values }) => (
              <tr>
                <td data-label={t.attributeName}>
                  <code>
                    <Breakable text={name} />
                  </code>
                  {friendlyName !== undefined && <span class="hint">{friendlyName}</span>}
                </td>
                <td data-label={t.attributeValues}>
                  {values.first.slice(0, MOST_SHOWN).join(", ")}
                  {values.count > MOST_SHOWN && ` ${t.andMore(String(values.count - MOST_SHOWN))}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p>{t.andMore(String(more))}</p>}
    </>
  );
}

/** When and how the user was authenticated, which connections can demand. */
function Authentication(props: { readonly session: ReceivedUser["session"] }): VNode | null {
  const { session } = props;
  const texts = useTexts();
  const t = texts.test;
  const { authnInstant, authnContextClassRef } = session;
  if (authnInstant === undefined) return null;
  return (
    <>
      <div>
        <dt>{t.authenticatedAt}</dt>
        <dd>
          <Time at={authnInstant} />
        </dd>
      </div>
      <FactRows rows={[[t.authenticatedBy, authnContextClassRef ?? t.noClass]]} />
    </>
  );
}

const MOST_SHOWN = 10;

function emailText(email: EmailIdentity, { test: t }: PageTexts): string {
  switch (email.kind) {
    case "email":
      return `${email.address} (${email.from.join(", ")})`;
    case "missing":
      return t.emailMissing(email.looked.join(", "));
    case "invalid":
      return t.emailInvalid(email.from);
    case "ambiguous":
      return t.emailAmbiguous(email.from.join(", "));
  }
}
