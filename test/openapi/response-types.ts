/**
 * What the compiler holds of the settings API: a response has to fit its schema, and a problem has a
 * code of the catalogue. Nothing here runs.
 */
import { z } from "zod";
import { responseOf } from "../../openapi/response.ts";
import type { HostContext } from "../../src/adapters/koa/host-callbacks.ts";
import { problem } from "../../src/adapters/koa/problems.ts";
import { sendJson } from "../../src/adapters/koa/send.ts";
import type { EmailAddress } from "../../src/domain/email-address.ts";

interface Answer {
  readonly address: EmailAddress;
  readonly state: "on" | "off";
  readonly list: readonly { readonly count: number }[];
  readonly at?: number;
}

const members = {
  address: z.string(),
  state: z.enum(["on", "off", "unknown"]),
  list: z.array(z.strictObject({ count: z.int() })),
  at: z.int().exactOptional(),
};
const { at, ...withoutAt } = members;

export const FITS: z.ZodType<Answer> = responseOf<Answer>()(z.strictObject(members));
// @ts-expect-error an optional member that the schema lacks
responseOf<Answer>()(z.strictObject(withoutAt));
// @ts-expect-error an optional member that the schema requires
responseOf<Answer>()(z.strictObject({ ...members, at: z.int() }));
// @ts-expect-error a member that no answer has, and the schema requires
responseOf<Answer>()(z.strictObject({ ...members, more: z.string() }));
// @ts-expect-error a value that the schema refuses
responseOf<Answer>()(z.strictObject({ ...members, state: z.literal("on") }));
// @ts-expect-error the same, deep inside
responseOf<Answer>()(z.strictObject({ ...members, list: z.array(z.strictObject({})) }));
// @ts-expect-error a schema whose own type says nothing
responseOf<Answer>()(z.unknown());
// @ts-expect-error one of two kinds of answers that no schema reads
responseOf<Answer | { readonly kind: "other" }>()(z.strictObject(members));

declare const ctx: HostContext;
sendJson<Answer["list"]>(ctx, [{ count: 1 }]);
// @ts-expect-error whoever sends says what
sendJson(ctx, { count: 1 });
// @ts-expect-error a value of another type
sendJson<Answer["list"]>(ctx, [{ count: "one" }]);
// @ts-expect-error a code that is not in the catalogue
problem("forbiden");
