import type { VNode } from "preact";
import type { PageView } from "../view.ts";

/** Notice about the last action. */
export function Notice({ view }: { readonly view: PageView }): VNode | null {
  const { notice } = view;
  if (notice === undefined) return null;
  const { kind, text } = notice;
  return (
    <p id="notice" class={`notice ${kind === "done" ? "good" : "bad"}`} role={ROLE[kind]}>
      {text}
    </p>
  );
}

const ROLE = { done: "status", failed: "alert" } as const;

/** The same within a section, beside what it is about. */
export function SectionNotice(props: {
  readonly view: PageView;
  readonly section: string;
}): VNode | null {
  const { view, section } = props;
  if (view.notice?.at !== section) return null;
  return (
    <div id="outcome" tabindex={-1}>
      <Notice view={view} />
    </div>
  );
}
