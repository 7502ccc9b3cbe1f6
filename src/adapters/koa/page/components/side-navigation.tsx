import type { VNode } from "preact";
import { type ScreenId, screenUrl } from "../screens.ts";
import type { PageTexts } from "../texts.ts";
import type { PageUrls, PageView } from "../view.ts";

/** The screens; `all` and the setup are not always among them. */
type Entry = ScreenId | "users" | "activity";

/** The order of the entries. */
const ENTRIES: readonly Entry[] = [
  "overview",
  "setup",
  "connections",
  "attributes",
  "new-users",
  "domains",
  "licenses",
  "users",
  "activity",
  "service",
  "all",
];

/**
 * Leads to the screens. Within the form these are buttons: what was typed goes along, with or
 * without scripts.
 */
export function SideNavigation(props: {
  readonly view: Pick<PageView, "texts" | "urls" | "stored">;
  readonly current: Entry;
}): VNode {
  const { view, current } = props;
  const { texts, urls, stored } = view;
  const on = stored.settings.enabled;
  const inForm = current !== "activity" && current !== "users";
  return (
    <header class="side">
      <p class="product">
        <a href={urls.page}>{texts.title}</a>{" "}
        <span class={`badge ${on ? "good" : "off"}`}>
          {on ? texts.status.on : texts.status.off}
        </span>
      </p>
      <nav aria-label={texts.contents}>
        <ul class="contents">
          {ENTRIES.filter((entry) => entry !== "setup" || !on || current === entry).map((entry) => (
            <li>
              <Item {...{ entry, inForm, current, texts, urls }} />
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Item(props: {
  readonly entry: Entry;
  readonly current: Entry;
  readonly inForm: boolean;
  readonly texts: PageTexts;
  readonly urls: PageUrls;
}): VNode {
  const { entry, current, inForm, texts, urls } = props;
  const here = entry === current ? ({ "aria-current": "page" } as const) : {};
  if (entry === "activity" || entry === "users") {
    return (
      <a href={urls[entry]} {...here}>
        {texts[entry].title}
      </a>
    );
  }
  const url = screenUrl(urls.page, entry);
  return inForm ? (
    <button type="submit" form="settings" name="action" value="open" formaction={url} {...here}>
      {texts.screens[entry]}
    </button>
  ) : (
    <a href={url} {...here}>
      {texts.screens[entry]}
    </a>
  );
}
