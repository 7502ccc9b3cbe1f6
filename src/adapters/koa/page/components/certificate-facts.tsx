import type { VNode } from "preact";
import type { CertificateFacts, CertificateFinding } from "../../../../domain/certificate-rules.ts";
import { inWords, type PageTexts } from "../texts.ts";
import { Time } from "./form-controls.tsx";

const DAY_MS = 24 * 3600 * 1000;

interface Props {
  readonly facts: CertificateFacts;
  readonly warnings: readonly CertificateFinding[];
  readonly now: number;
  readonly texts: PageTexts;
}

/** Facts about a certificate and its expiry, and warnings of anything else. */
export function CertificateFactsList(props: Props): VNode {
  const { facts, warnings, texts } = props;
  const t = texts.certificate;
  return (
    <dl class="facts">
      <div>
        <dt>{t.subject}</dt>
        <dd>{facts.subject.replaceAll("\n", ", ")}</dd>
      </div>
      <div>
        <dt>{t.fingerprint}</dt>
        <dd>
          <Fingerprint value={facts.fingerprint} />
        </dd>
      </div>
      <div>
        <dt>{t.expires}</dt>
        <dd>
          <Time at={facts.notAfter} texts={texts} /> <Validity {...props} />
        </dd>
      </div>
      <div>
        <dt>{t.key}</dt>
        <dd>
          {facts.keyType.toUpperCase()}
          {facts.keyBits === undefined ? "" : ` ${facts.keyBits}`}
          {facts.curve === undefined ? "" : ` ${facts.curve}`}
        </dd>
      </div>
      {warnings
        .filter(({ code }) => !SHOWN_BY_BADGE.has(code))
        .map((warning) => (
          <div>
            <dt>{texts.problems.warning}</dt>
            <dd>{inWords(warning, texts)}</dd>
          </div>
        ))}
    </dl>
  );
}

const EXPIRING = "certificate-expiring";
const SHOWN_BY_BADGE: ReadonlySet<string> = new Set([
  EXPIRING,
  "certificate-expired",
  "certificate-not-yet-valid",
]);

/** A fingerprint in two halves, so that it wraps readably. */
export function Fingerprint({ value }: { readonly value: string }): VNode {
  const middle = Math.ceil(value.length / 2);
  return (
    <code class="fingerprint">
      <span>{value.slice(0, middle)}</span>
      <span>{value.slice(middle)}</span>
    </code>
  );
}

function Validity(props: Props): VNode {
  const { facts, warnings, now } = props;
  const t = props.texts.certificate;
  const left = facts.notAfter - now;
  if (left < 0) return <span class="badge bad">{t.expired(Math.floor(-left / DAY_MS))}</span>;
  if (facts.notBefore > now) return <span class="badge bad">{t.notYet}</span>;
  if (warnings.some(({ code }) => code === EXPIRING))
    return <span class="badge warn">{t.expiring(Math.floor(left / DAY_MS))}</span>;
  return <span class="badge good">{t.good}</span>;
}
