import type { ListChanges } from "./form-state.ts";

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
