import type { Excerpt } from "../../domain/preview.ts";

/** The first `most` of `items`, and how many there are. */
export function excerpt<T>(items: readonly T[], most: number): Excerpt<T> {
  return { count: items.length, first: items.slice(0, most) };
}
