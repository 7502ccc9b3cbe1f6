/** `T`, whose members that may be `undefined` may be absent instead. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * The members that are not `undefined`. An optional member is absent, and never there without a
 * value, so that equal things are equal when they are compared, stored and sent.
 *
 *     { id, ...defined({ name, email }) }
 */
export function defined<T extends object>(values: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const name in values) if (values[name] !== undefined) kept[name] = values[name];
  return kept as Defined<T>; // what is absent of it is exactly what was `undefined`
}
