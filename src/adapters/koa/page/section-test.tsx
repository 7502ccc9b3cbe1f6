import type { VNode } from "preact";
import type { Previewed } from "../../../application/preview-decision.ts";
import type { NamedAccess } from "../../../domain/access.ts";
import type { Excerpt } from "../../../domain/preview.ts";
import { ActionButton, Section, TextField } from "./parts.tsx";
import type { PageTexts } from "./texts.ts";
import type { PageView } from "./view.ts";

/** What would happen to somebody, before anybody tries. */
export function TestSection({ view }: { readonly view: PageView }): VNode {
  const { texts, inputs, preview } = view;
  const t = texts.test;
  return (
    <Section id="test" title={t.title}>
      <h3>{t.preview}</h3>
      <div class="row end">
        <TextField
          name="preview-email"
          label={t.email}
          hint={t.previewHint}
          value={inputs.previewEmail}
          type="email"
          faults={[]}
          texts={texts}
        />
        <ActionButton action="preview" section="test" live="preview">
          {t.run}
        </ActionButton>
      </div>
      <div id="preview" role="status">
        {preview !== undefined && <PreviewResult view={preview} texts={texts} />}
      </div>
    </Section>
  );
}

function PreviewResult(props: { readonly view: Previewed; readonly texts: PageTexts }): VNode {
  const { view, texts } = props;
  const t = texts.test;
  if (view.kind === "invalid") return <p class="fault">{t.faulty}</p>;
  const { preview } = view;
  switch (preview.decision) {
    case "sign-in":
      return <p>{t.signsIn(preview.email)}</p>;
    case "accept-invitation":
      return <p>{t.acceptsInvitation(preview.email)}</p>;
    case "deny":
      return (
        <>
          <p>
            <strong>{t.denies}</strong> {preview.detail}
          </p>
          <p class="soft">
            {t.personSees} {preview.sentence}
          </p>
        </>
      );
    case "provision":
      return (
        <>
          <p>{t.provisions(preview.email)}</p>
          <dl>
            <div>
              <dt>{t.role}</dt>
              <dd>{preview.role.name}</dd>
            </div>
            <div>
              <dt>{t.groups}</dt>
              <dd>
                <Names list={preview.groups} texts={texts} />
              </dd>
            </div>
            <div>
              <dt>{t.organizations}</dt>
              <dd>
                {preview.organizations.kind === "all" ? (
                  t.allOrganizations
                ) : (
                  <Names list={preview.organizations} texts={texts} />
                )}
              </dd>
            </div>
            {preview.seats !== undefined && (
              <div>
                <dt>{t.licenses}</dt>
                <dd>{t.before(String(preview.seats.before), String(preview.seats.after))}</dd>
              </div>
            )}
          </dl>
          {preview.warnings.first.map(({ text }) => (
            <p class="warning">
              <strong>{texts.problems.warning}</strong> {text}
            </p>
          ))}
        </>
      );
  }
}

function Names(props: { readonly list: Excerpt<NamedAccess>; readonly texts: PageTexts }): VNode {
  const { list, texts } = props;
  if (list.count === 0) return <>{texts.none}</>;
  const more = list.count - list.first.length;
  const number = new Intl.NumberFormat(texts.lang).format(more);
  return (
    <>
      {list.first.map(({ name }) => name).join(", ")}
      {more > 0 && ` ${texts.test.andMore(number)}`}
    </>
  );
}
