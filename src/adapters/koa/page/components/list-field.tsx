import type { VNode } from "preact";
import { faultsAt } from "../form/faults.ts";
import { CHOICES, type Choice, FIELDS, type Field, keysOf, type Values } from "../form/fields.ts";
import { rolesIn } from "../form/form-state.ts";
import type { ListView } from "../load-list.ts";
import { sectionOf } from "../screens.ts";
import type { PageView } from "../view.ts";
import { ActionButton, Faults, useTexts } from "./form-controls.tsx";

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
          <Faults id={id} faults={faults} />
          <Search list={list} id={id} label={label} />
          <Summary list={list} id={id} />
          <Items list={list} />
          <Paging list={list} id={id} />
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
function Remembered(props: {
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
  const { list, id, label } = props;
  const texts = useTexts();
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

function Summary({ list, id }: PartProps & { readonly id: string }): VNode {
  const texts = useTexts();
  const number = new Intl.NumberFormat(texts.lang).format(list.total);
  const { added, removed } = list.changes;
  return (
    <p id={`${id}-summary`} class="soft">
      <strong data-count={list.total}>{texts.list.chosen(number)}</strong>
      {added.length + removed.length > 0 && `. ${texts.list.changes(added.length, removed.length)}`}
    </p>
  );
}

function Items({ list }: PartProps): VNode {
  const texts = useTexts();
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

function Paging({ list, id }: PartProps & { readonly id: string }): VNode | null {
  const texts = useTexts();
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

/**
 * What the form holds and the screen does not show, in hidden fields: every post contains all
 * settings, so a screen can be left and nothing that was typed is lost.
 */
export function Carried({ view }: { readonly view: PageView }): VNode {
  const { draft, inputs, sections } = view;
  const { values } = draft;
  const isShown = (name: string) => {
    const section = sectionOf(name);
    return section !== undefined && sections.has(section);
  };
  const carried = keysOf(FIELDS).filter((field) => !isShown(FIELDS[field]));
  return (
    <>
      <input type="hidden" name="shown" value={draft.connection} />
      <input type="hidden" name="base" value={JSON.stringify(draft.base)} />
      {/* A tick is for the roles that it was shown with, and for no others. */}
      <Hidden
        name="confirmed-roles"
        value={JSON.stringify(values.privilegedRoleConfirmed ? [...rolesIn(values)] : [])}
      />
      {carried.flatMap((field) =>
        textsOf(values, field).map((value) => <Hidden name={FIELDS[field]} value={value} />),
      )}
      {keysOf(CHOICES)
        .filter((choice) => !isShown(CHOICES[choice]))
        .map((choice) => (
          <Remembered choice={choice} changes={draft.changes[choice]} on={[]} off={[]} />
        ))}
      {!sections.has("connections") && (
        <Hidden name="new-connection" value={inputs.newConnection} />
      )}
      {!sections.has("proven-domains") && <Hidden name="new-domain" value={inputs.newDomain} />}
      {!sections.has("connection") && <Hidden name="metadata" value={inputs.metadata} />}
      {!sections.has("email") && !sections.has("guide") && (
        <Hidden name="preset" value={inputs.preset} />
      )}
      {!sections.has("test") && (
        <>
          <Hidden name="preview-email" value={inputs.previewEmail} />
          <Hidden name="preview-attributes" value={inputs.previewAttributes} />
          <Hidden name="test" value={view.test?.id ?? ""} />
          <Hidden name="untested" value={inputs.untested ? "1" : ""} />
        </>
      )}
    </>
  );
}

/** A hidden field; what is empty needs none. */
function Hidden({ name, value }: { readonly name: string; readonly value: string }): VNode | null {
  return value === "" ? null : <input type="hidden" name={name} value={value} />;
}

/** The values under which a field is posted. */
function textsOf(values: Values, field: Field): readonly string[] {
  const value = values[field];
  if (typeof value === "boolean") return value ? ["1"] : [];
  if (typeof value === "string") return [value];
  return REPEATED.has(field) ? value : [value.join("\n")];
}

/** Lists with a field for each entry. */
const REPEATED: ReadonlySet<Field> = new Set(["certificates", "weakAlgorithms"]);
