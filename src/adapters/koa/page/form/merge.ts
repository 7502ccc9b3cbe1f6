import {
  FIELDS,
  type Field,
  FLAGS,
  type FlagField,
  keysOf,
  LISTS,
  type ListField,
  mapped,
  TEXTS,
  type TextField,
  type Values,
} from "./fields.ts";
import { type FormState, type ListChanges, same } from "./form-state.ts";

/** A draft merged with concurrently saved settings. */
export interface Merged {
  readonly draft: FormState;
  /** Fields that only they changed, or both without conflict: the draft has their values. */
  readonly taken: readonly Field[];
  /** Conflicting fields: the draft has your values until you choose. */
  readonly disputed: readonly Field[];
}

/**
 * Merges a draft with a newer version: a field changed on one side keeps that change; lists get the
 * additions and removals of both sides.
 *
 * @param theirs the stored settings.
 */
export function mergeDraft(
  draft: FormState,
  theirs: { readonly version: number; readonly values: Values },
): Merged {
  const { values: mine, base } = draft;
  const changed = keysOf(FIELDS).filter(
    (field) =>
      !same(theirs.values[field], base.values[field]) && !same(theirs.values[field], mine[field]),
  );
  const disputed = changed.filter(
    (field) => !isList(field) && !same(mine[field], base.values[field]),
  );
  const values = mergedValues({ mine, base: base.values, theirs: theirs.values });
  const isTaken = (field: Field) =>
    !disputed.includes(field) && (isList(field) || same(values[field], theirs.values[field]));
  return { draft: { ...draft, values, base: theirs }, taken: changed.filter(isTaken), disputed };
}

interface Versions {
  readonly mine: Values;
  readonly base: Values;
  readonly theirs: Values;
}

function mergedValues(versions: Versions): Values {
  const { mine, base, theirs } = versions;
  const of = <K extends TextField | FlagField>(field: K): Values[K] =>
    mine[field] === base[field] ? theirs[field] : mine[field];
  // A confirmation only applies to the roles that it was given for.
  const [role, rules] = [of("role"), of("rules")];
  const givenFor = (side: Values) => side.role === role && side.rules === rules;
  const same = mine.role === theirs.role && mine.rules === theirs.rules;
  const sides = [theirs, mine].filter(givenFor).slice(0, 1);
  const confirmed = (sides.length === 0 ? [mine, theirs] : sides).every(
    ({ privilegedRoleConfirmed }) => privilegedRoleConfirmed,
  );
  return {
    ...mapped(TEXTS, (field) => of(field)),
    ...mapped(FLAGS, (field) => of(field)),
    ...(same ? {} : { privilegedRoleConfirmed: confirmed }),
    ...mapped(LISTS, (field) => mergedList(versions, field)),
  };
}

function mergedList({ mine, base, theirs }: Versions, field: ListField): readonly string[] {
  const was = new Set(base[field]);
  const kept = new Set(mine[field]);
  const removed = new Set(base[field].filter((item) => !kept.has(item)));
  const added = mine[field].filter((item) => !was.has(item));
  return [...new Set([...theirs[field].filter((item) => !removed.has(item)), ...added])];
}

function isList(field: Field): field is ListField {
  return Object.hasOwn(LISTS, field);
}

/** The draft after the administrator has chosen; `theirs` is the base of the form. */
export function resolveDisputes(
  draft: FormState,
  resolutions: Readonly<Partial<Record<Field, "mine" | "theirs">>>,
): FormState {
  const chosen = keysOf(FIELDS).filter((field) => resolutions[field] === "theirs");
  const { values: theirs } = draft.base;
  const taken = Object.fromEntries(chosen.map((field) => [field, theirs[field]]));
  const values = { ...draft.values, ...taken };
  const sides = [theirs, draft.values].filter(
    ({ role, rules }) => role === values.role && rules === values.rules,
  );
  const confirmed = (sides.length === 0 ? [theirs, draft.values] : sides.slice(0, 1)).every(
    ({ privilegedRoleConfirmed }) => privilegedRoleConfirmed,
  );
  const roles = chosen.includes("role") || chosen.includes("rules");
  return {
    ...draft,
    values: { ...values, ...(roles ? { privilegedRoleConfirmed: confirmed } : {}) },
  };
}

/** What of a list was shown, as it was ticked then. */
export interface ShownList {
  readonly on: readonly string[];
  readonly off: readonly string[];
}

/** The changes of a list, with what was ticked and unticked in the part of it that was shown. */
export function withTicks(
  changes: ListChanges,
  shown: ShownList,
  ticked: readonly string[],
): ListChanges {
  const now = new Set(ticked);
  const on = shown.off.filter((id) => now.has(id));
  const off = shown.on.filter((id) => !now.has(id));
  return {
    added: combined(changes.added, on, changes.removed, off),
    removed: combined(changes.removed, off, changes.added, on),
  };
}

/** Without `ids`, wherever they come from. */
export function withoutIds(changes: ListChanges, ids: readonly string[]): ListChanges {
  return withTicks(changes, { on: ids, off: [] }, []);
}

/** `list` and `more`, but for what only undoes the opposite, and what was undone now. */
function combined(
  list: readonly string[],
  more: readonly string[],
  opposite: readonly string[],
  undone: readonly string[],
): readonly string[] {
  const without = new Set(undone);
  const undoes = new Set(opposite);
  const kept = list.filter((id) => !without.has(id));
  return [...new Set([...kept, ...more.filter((id) => !undoes.has(id))])];
}
