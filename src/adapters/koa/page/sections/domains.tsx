import type { VNode } from "preact";
import { Section, TextArea } from "../components/form-controls.tsx";
import { FIELDS } from "../form/fields.ts";
import type { PageView } from "../view.ts";

/** Whose addresses may sign in through the shown connection. */
export function DomainsSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults } = view;
  const t = texts.domains;
  return (
    <Section id="domains" title={t.title}>
      <TextArea
        name={FIELDS.allowedDomains}
        label={t.allowedDomains}
        hint={t.allowedDomainsHint}
        value={draft.values.allowedDomains.join("\n")}
        rows={3}
        faults={faults.filter(({ field }) => field === FIELDS.allowedDomains)}
        texts={texts}
      />
    </Section>
  );
}
