/** Prefix (empty for the default namespace) to namespace. */
export type Scope = ReadonlyMap<string, string>;

/** Takes away again what was added to a scope. */
export type Leave = () => void;

const NOTHING_ADDED: Leave = () => undefined;

/** Adds to a scope while an element is read or written; the result removes it again. */
export function enterScope(
  scope: Map<string, string>,
  more: ReadonlyMap<string, string> | readonly (readonly [string, string])[],
): Leave {
  if (("size" in more ? more.size : more.length) === 0) return NOTHING_ADDED;
  const before: [string, string | undefined][] = [];
  for (const [prefix, namespace] of more) {
    before.push([prefix, scope.get(prefix)]);
    scope.set(prefix, namespace);
  }
  return () => {
    for (const [prefix, namespace] of before) {
      if (namespace === undefined) scope.delete(prefix);
      else scope.set(prefix, namespace);
    }
  };
}
