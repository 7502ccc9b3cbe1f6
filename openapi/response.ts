import type { z } from "zod";

/** Schemas of what a route answers; one that an answer does not fit does not compile. */
export function responseOf<Answer>(): <Schema extends z.ZodType>(
  schema: Schema & ([Fits<Answer, z.output<Schema>>] extends [true] ? unknown : Misfit<Answer>),
) => z.ZodType<Answer>;
export function responseOf(): (schema: z.ZodType) => z.ZodType {
  return (schema) => schema;
}

/** What the compiler names where a schema does not fit. */
interface Misfit<Answer> {
  readonly "not every answer of this type fits the schema": Answer;
}

/**
 * Whether every value of `Answer` passes a strict schema that reads `Read`: `true`, `false`, or
 * `boolean` if only some do. A member that the schema lacks does not pass, as little as an optional
 * one that it requires.
 */
type Fits<Answer, Read> = Answer extends string | number | boolean | null
  ? Answer extends Read
    ? true
    : false
  : Answer extends readonly (infer Item)[]
    ? Read extends readonly (infer ReadItem)[]
      ? Fits<Item, ReadItem>
      : false
    : true extends (Read extends object ? FitsObject<Answer, Read> : never)
      ? true
      : false;

type FitsObject<Answer, Read> = [keyof Answer] extends [keyof Read]
  ? [RequiredNames<Read>] extends [RequiredNames<Answer>]
    ? [
        {
          [Name in keyof Answer]-?: Fits<
            Required<Answer>[Name],
            Name extends keyof Read ? Required<Read>[Name] : never
          >;
        }[keyof Answer],
      ] extends [true]
      ? true
      : false
    : false
  : false;

/** Names of members that are never absent. */
type RequiredNames<T> = {
  [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name;
}[keyof T];
