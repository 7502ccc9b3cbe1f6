import { z } from "zod";
import { PROBLEMS, type ProblemCode, type ProblemFault } from "../src/adapters/koa/problems.ts";

/** A fault of a request. */
export const FaultSchema: z.ZodType<ProblemFault> = z
  .strictObject({
    pointer: z.string().meta({
      description: "JSON pointer (RFC 6901) into the body, or the name of a query parameter.",
    }),
    code: z.string().meta({ description: "Stable code." }),
    detail: z.string().meta({ description: "Message for users." }),
  })
  .meta({ id: "Fault" });

/** Every problem document (RFC 9457) of the settings API. */
export const ProblemSchema: z.ZodType = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable code." }),
    detail: z.string().meta({ description: "Message for users." }),
    errors: z.array(FaultSchema).exactOptional(),
    reference: z
      .string()
      .exactOptional()
      .meta({ description: "Reference of the log entry with the cause." }),
    current: z
      .strictObject({
        version: z.int(),
        savedBy: z.string().exactOptional(),
        savedAt: z.int().exactOptional(),
      })
      .exactOptional()
      .meta({
        description: "For `settings-changed`: the stored version, who saved it, and when.",
      }),
  })
  .meta({ id: "Problem" });

/** A moment in an answer. */
export const WireTime: z.ZodInt = z.int().meta({ description: "Milliseconds since the epoch." });

/** Code of a problem of the settings API: one that says when it is returned. */
export type ApiProblemCode = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code] extends { readonly when: string } ? Code : never;
}[ProblemCode];

/** Codes of all problems of the settings API, in the order of the catalogue. */
export const API_PROBLEMS: readonly ApiProblemCode[] = keysOf(PROBLEMS).filter(isOfTheApi);

function isOfTheApi(code: ProblemCode): code is ApiProblemCode {
  return "when" in PROBLEMS[code];
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  const keys: Key[] = [];
  for (const key in record) keys.push(key);
  return keys;
}

/** Further members of a problem in the examples of the documentation. */
export const PROBLEM_EXAMPLES: Readonly<
  Partial<Record<ApiProblemCode, Readonly<Record<string, unknown>>>>
> = {
  "query-invalid": {
    errors: [{ pointer: "colour", code: "unknown-member", detail: 'Unrecognized key: "colour"' }],
  },
  "settings-changed": {
    current: { version: 2, savedBy: "admin@demo.example", savedAt: 1795443509114 },
  },
  "settings-invalid": {
    errors: [
      { pointer: "/enabled", code: "type-invalid", detail: "This must be a boolean." },
      { pointer: "/email", code: "required", detail: "This must be an object." },
      {
        pointer: "/autoProvisioning/role",
        code: "unknown",
        detail: "The role Owner does not exist.",
      },
      {
        pointer: "/autoProvisioning/groups/0",
        code: "unknown",
        detail: "The group Nobody does not exist.",
      },
    ],
  },
  "body-invalid": {
    errors: [{ pointer: "/email", code: "not-allowed", detail: "This must be a string." }],
  },
  "metadata-invalid": {
    errors: [
      {
        pointer: "/xml",
        code: "metadata-invalid",
        detail: "the metadata describes no SAML 2.0 identity provider",
      },
    ],
  },
  "metadata-not-fetched": {
    errors: [
      {
        pointer: "/url",
        code: "url-refused",
        detail: "idp.acme.example is not on the public internet",
      },
    ],
  },
  internal: { reference: "QW81-G83Z-WXMG" },
  "storage-unavailable": { reference: "QW81-G83Z-WXMG" },
};
