import type { KeyType } from "./host-users.ts";

/** A key as the database takes it. */
export type Key = string | number;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The database's value for one of our IDs, which are text.
 *
 * @returns `undefined` when no row can have it: the database would refuse to compare, or would
 * read `1x` as 1.
 */
export function toKey(type: KeyType, id: string): Key | undefined {
  switch (type) {
    case "text":
      return id;
    case "uuid":
      return UUID.test(id) ? id : undefined;
    case "integer": {
      const number = Number(id);
      return Number.isSafeInteger(number) && String(number) === id ? number : undefined;
    }
  }
}

/**
 * Like {@link toKey}, for an ID that is to be written.
 *
 * @throws TypeError when the column cannot hold it.
 */
export function requireKey(type: KeyType, id: string, what: string): Key {
  const key = toKey(type, id);
  if (key === undefined)
    throw new TypeError(`${what} ${JSON.stringify(id)} is not of type ${type}`);
  return key;
}

/** The ID for a key that the database gave. */
export function fromKey(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  throw new TypeError(
    `the database gave no usable key but ${value === null ? "null" : typeof value}`,
  );
}
