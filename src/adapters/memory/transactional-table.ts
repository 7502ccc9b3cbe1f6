/** Rows by key. */
export interface Table<Row> {
  get(key: string): Row | undefined;
  set(key: string, row: Row): void;
  delete(key: string): void;
  /** Every row with its key, in no particular order. */
  entries(): Iterable<readonly [string, Row]>;
}

/** A table whose changes stay its own until they are committed. */
export interface DraftTable<Row> extends Table<Row> {
  /** Carries the changes over to the table beneath. */
  commit(): void;
}

/** A plain table. */
export function makeTable<Row>(): Table<Row> {
  const rows = new Map<string, Row>();
  return {
    get: (key) => rows.get(key),
    set: (key, row) => {
      rows.set(key, row);
    },
    delete: (key) => {
      rows.delete(key);
    },
    entries: () => rows.entries(),
  };
}

/** A draft over `base`: reads see its own changes, `base` sees none before the commit. */
export function makeDraftTable<Row>(base: Table<Row>): DraftTable<Row> {
  const changed = new Map<string, { readonly row: Row } | undefined>();
  return {
    get: (key) => (changed.has(key) ? changed.get(key)?.row : base.get(key)),
    set: (key, row) => {
      changed.set(key, { row });
    },
    delete: (key) => {
      changed.set(key, undefined);
    },
    *entries() {
      for (const [key, row] of base.entries()) if (!changed.has(key)) yield [key, row];
      for (const [key, change] of changed) if (change !== undefined) yield [key, change.row];
    },
    commit: () => {
      for (const [key, change] of changed) {
        if (change === undefined) base.delete(key);
        else base.set(key, change.row);
      }
      changed.clear();
    },
  };
}
