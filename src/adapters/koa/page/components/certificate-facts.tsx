import type { VNode } from "preact";
import type { CertificateFacts } from "../../../../domain/certificate-rules.ts";
import type { PageTexts } from "../texts.ts";
import { Time } from "./form-controls.tsx";

const DAY_MS = 24 * 3600 * 1000;

/** Facts about a certificate and its expiry. */
export function CertificateFactsList(props: {
  readonly facts: CertificateFacts;
  /** Whether it causes a warning. */
  readonly warned: boolean;
  readonly now: number;
  readonly texts: PageTexts;
}): VNode {
  const { facts, texts } = props;
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
    </dl>
  );
}

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

function Validity(props: {
  readonly facts: CertificateFacts;
  /** Whether it causes a warning. */
  readonly warned: boolean;
  readonly now: number;
  readonly texts: PageTexts;
}): VNode {
  const { facts, warned, now } = props;
  const t = props.texts.certificate;
  const left = facts.notAfter - now;
  if (left < 0) return <span class="badge bad">{t.expired(Math.floor(-left / DAY_MS))}</span>;
  if (facts.notBefore > now) return <span class="badge bad">{t.notYet}</span>;
  if (warned) return <span class="badge warn">{t.expiring(Math.floor(left / DAY_MS))}</span>;
  return <span class="badge good">{t.good}</span>;
}
