import { z } from "zod";
import { SettingsDraft } from "../settings-schema.ts";

/** Body of `POST /settings/preview`; `settings` is an optional draft. */
export const PreviewRequest: z.ZodType<{
  readonly email: string;
  readonly settings?: unknown;
}> = z.strictObject({
  email: z.string().max(1024),
  settings: SettingsDraft.exactOptional(),
});

/** The first entries of a list, with its length. */
export function excerptOf<T extends z.ZodType>(
  item: T,
): { readonly count: z.ZodInt; readonly first: z.ZodArray<T> } {
  return { count: z.int().min(0), first: z.array(item) };
}

const Named = z.strictObject({ id: z.string(), name: z.string() });

const Seats = z.strictObject({
  before: z.int(),
  after: z.int(),
  limit: z.int().exactOptional(),
});

const Known = z.strictObject({
  decision: z.enum(["sign-in", "accept-invitation"]),
  rule: z.enum(["active-user", "invited-user"]),
  email: z.string(),
  userId: z.string(),
});

const Provisioned = z.strictObject({
  decision: z.literal("provision"),
  rule: z.enum(["defaults", "license-overage", "license-fallback"]),
  email: z.string(),
  role: z.strictObject({ id: z.string(), name: z.string(), licensed: z.boolean() }),
  groups: z.strictObject(excerptOf(Named)),
  organizations: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all") }),
    z.strictObject({ kind: z.literal("selected"), ...excerptOf(Named) }),
  ]),
  seats: Seats.exactOptional(),
  warnings: z.strictObject(excerptOf(z.strictObject({ code: z.string(), text: z.string() }))),
});

const Denied = z.strictObject({
  decision: z.literal("deny"),
  rule: z.string(),
  sentence: z.string(),
  detail: z.string(),
  seats: Seats.exactOptional(),
});

/** Response of `POST /settings/preview`. */
export const PreviewResponse: z.ZodType = z.union([Known, Provisioned, Denied]);
