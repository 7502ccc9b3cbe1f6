import type { VNode } from "preact";
import { faultsAt } from "../form/faults.ts";
import { CHOICES, type Choice } from "../form/fields.ts";
import type { ListView } from "../load-list.ts";
import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";
import { ActionButton, Faults } from "./form-controls.tsx";

/**
 * A list of the host's to tick entries of, a page at a time. The form holds what is shown and what
 * has changed elsewhere, so it stays small however long the list is.
 */
export function ListField(props: {
  readonly view: PageView;
  readonly choice: Choice;
  readonly label: string;
}): VNode {
  const { view, choice, label } = props;
  const { texts } = view;
  const list = view.lists[choice];
  const id = CHOICES[choice];
  const faults = view.faults.filter(({ field }) => field === id);
  return (
    <fieldset id={id} tabindex={-1} class="list">
      <legend>{label}</legend>
      {list === undefined ? (
        <Unreadable view={view} choice={choice} />
      ) : (
        <>
          <Faults id={id} faults={faults} texts={texts} />
          <Search list={list} id={id} label={label} texts={texts} />
          <Summary list={list} id={id} texts={texts} />
          <Items list={list} texts={texts} />
          <Paging list={list} id={id} texts={texts} />
          <Remembered
            choice={choice}
            changes={list.changes}
            on={list.items.filter(({ ticked }) => ticked).map((item) => item.id)}
            off={list.items.filter(({ ticked }) => !ticked).map((item) => item.id)}
          />
        </>
      )}
      {faultsAt(faults, id).length === 0 && faults.length > 0 && (
        <ActionButton action={`${choice}-drop-missing`} section="outcome">
          {texts.list.dropMissing}
        </ActionButton>
      )}
    </fieldset>
  );
}

interface PartProps {
  readonly list: ListView;
  readonly texts: PageTexts;
}

function Unreadable({ view, choice }: { readonly view: PageView; readonly choice: Choice }): VNode {
  return (
    <>
      <p class="fault">{view.texts.unavailable}</p>
      <Remembered choice={choice} changes={view.draft.changes[choice]} on={[]} off={[]} />
    </>
  );
}

/** What the form must remember of the list. */
export function Remembered(props: {
  readonly choice: Choice;
  readonly changes: ListView["changes"];
  readonly on: readonly string[];
  readonly off: readonly string[];
}): VNode {
  const { choice, changes, on, off } = props;
  return (
    <>
      <input type="hidden" name={`${choice}-changes`} value={JSON.stringify(changes)} />
      <input type="hidden" name={`${choice}-shown`} value={JSON.stringify({ on, off })} />
    </>
  );
}

function Search(props: PartProps & { readonly id: string; readonly label: string }): VNode {
  const { list, id, label, texts } = props;
  const name = `${list.choice}-search`;
  return (
    <div class="row end">
      <div class="field">
        <label for={name}>{texts.list.search(label)}</label>
        <input
          id={name}
          name={name}
          type="text"
          inputMode="search"
          maxLength={200}
          value={list.search}
          autocomplete="off"
          data-search={id}
        />
      </div>
      <ActionButton action={`${list.choice}-search`} section={id} live={id}>
        {texts.list.find}
      </ActionButton>
      {list.search !== "" && (
        <ActionButton action={`${list.choice}-clear`} section={id} live={id}>
          {texts.list.showChosen}
        </ActionButton>
      )}
    </div>
  );
}

function Summary({ list, id, texts }: PartProps & { readonly id: string }): VNode {
  const number = new Intl.NumberFormat(texts.lang).format(list.total);
  const { added, removed } = list.changes;
  return (
    <p id={`${id}-summary`} class="soft">
      <strong data-count={list.total}>{texts.list.chosen(number)}</strong>
      {added.length + removed.length > 0 && `. ${texts.list.changes(added.length, removed.length)}`}
    </p>
  );
}

function Items({ list, texts }: PartProps): VNode {
  const { choice, items, search } = list;
  if (items.length === 0) {
    return <p>{search === "" ? texts.list.empty : texts.list.nothing}</p>;
  }
  return (
    <ul class="items">
      {items.map(({ id, name, ticked, gone }, index) => (
        <li class="check">
          <input
            id={`${choice}-item-${index}`}
            name={`${choice}-ticked`}
            type="checkbox"
            value={id}
            checked={ticked}
          />
          <label for={`${choice}-item-${index}`}>
            {name} {gone && <span class="badge bad">{texts.list.gone}</span>}
          </label>
        </li>
      ))}
    </ul>
  );
}

function Paging({ list, id, texts }: PartProps & { readonly id: string }): VNode | null {
  const { choice, search, page, pages, next } = list;
  const t = texts.list;
  if (search !== "") {
    return next === undefined ? null : (
      <ActionButton action={`${choice}-more:${next}`} section={id} live={id}>
        {t.more}
      </ActionButton>
    );
  }
  return (
    <div class="row">
      {page !== undefined && pages > 1 && (
        <>
          {page > 0 && (
            <ActionButton action={`${choice}-page:${page - 1}`} section={id} live={id}>
              {t.previous}
            </ActionButton>
          )}
          <span>{t.page(page + 1, pages)}</span>
          {page + 1 < pages && (
            <ActionButton action={`${choice}-page:${page + 1}`} section={id} live={id}>
              {t.next}
            </ActionButton>
          )}
        </>
      )}
      {next !== undefined && <span class="soft">{t.searchForMore}</span>}
    </div>
  );
}
