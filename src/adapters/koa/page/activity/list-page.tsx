import type { ComponentChildren, VNode } from "preact";
import { SideNavigation } from "../components/side-navigation.tsx";
import type { PageView } from "../view.ts";

/** A list with filters, page by page, and the same as a file. */
export function ListPage(props: {
  readonly view: Pick<PageView, "texts" | "urls" | "stored">;
  readonly current: "activity" | "users";
  /** What the list is about. */
  readonly about?: ComponentChildren;
  readonly filters: ComponentChildren;
  readonly items: readonly VNode[];
  /** Said instead of an empty list. */
  readonly nothing: string;
  /** The parameters of the shown page that have a value. */
  readonly query: Readonly<Record<string, string>>;
  /** Key of the next page. */
  readonly next: string | undefined;
  /** The same list as a file, with its parameters; absent if it cannot be one. */
  readonly file: ((format: "csv" | "jsonl") => string) | undefined;
}): VNode {
  const { view, current, about, filters, items, nothing, query, next, file } = props;
  const { texts, urls } = view;
  const t = texts[current];
  const url = urls[current];
  return (
    <>
      <SideNavigation view={view} current={current} />
      <main>
        <h1>{t.title}</h1>
        <form method="get" class="card" aria-label={texts.activity.filter}>
          <div class="filter">{filters}</div>
          <div class="row">
            <button type="submit" class="first">
              {texts.activity.apply}
            </button>
            <a href={url}>{texts.activity.clear}</a>
          </div>
        </form>
        <section class="card" aria-label={t.title}>
          {about}
          {items.length === 0 ? <p>{nothing}</p> : <ol class="plain entries">{items}</ol>}
          <p class="row">
            {query["after"] !== "" && (
              <a href={addressWith(url, { ...query, after: "" })}>{t.newest}</a>
            )}
            {next !== undefined && (
              <a href={addressWith(url, { ...query, after: next })} rel="next">
                {texts.activity.older}
              </a>
            )}
          </p>
          {file !== undefined && (
            <p class="row">
              {t.export}
              <a href={file("csv")}>CSV</a>
              <a href={file("jsonl")}>JSON Lines</a>
            </p>
          )}
        </section>
      </main>
    </>
  );
}

/** A URL with the parameters that are not empty. */
export function addressWith(url: string, parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return query === "" ? url : `${url}?${query}`;
}
