import { z } from "zod";

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that are used in several places, by name. */
export type Components = Record<string, JsonSchema>;

/**
 * Whether a schema describes what is sent to us or what we answer: defaults make the difference.
 */
export type Direction = "input" | "output";

/**
 * The JSON Schema of what `schema` reads or gives. Parts with an ID of their own are added to
 * `components`, and referred to.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  direction: Direction,
  components: Components,
): JsonSchema {
  // As a member of something: zod would write a schema with an ID in place where it is the root.
  const root = z.toJSONSchema(z.strictObject({ schema }), {
    io: direction,
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, countedItems(zodSchema, direction));
      // Their expressions and bounds say nothing that format and type do not.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const { properties, $defs } = Schema.parse(JSON.parse(inComponents(JSON.stringify(root))));
  Object.assign(components, $defs);
  return properties.schema;
}

const Schema = z.object({
  properties: z.object({ schema: z.record(z.string(), z.unknown()) }),
  $defs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

function inComponents(text: string): string {
  return text.replaceAll('"#/$defs/', '"#/components/schemas/');
}

/** A list that is counted before anything in it is looked at: its items are in its second half. */
function countedItems(schema: z.core.$ZodType, io: Direction): { readonly items?: unknown } {
  if (!(schema instanceof z.ZodPipe)) return {};
  const { in: counted, out: read } = schema;
  if (!(counted instanceof z.ZodArray && read instanceof z.ZodArray)) return {};
  const { $schema: _, ...items } = z.toJSONSchema(read.element, { io });
  return { items };
}
