import type { Refused } from "../../application/refused.ts";
import type { HostContext } from "./host.ts";
import { sendPage, sendProblem, wantsPage } from "./responses.ts";

/** Refusals of what cannot be read at all; every other one is a matter of permission. */
const STATUS_OF: ReadonlyMap<Refused["code"], number> = new Map<Refused["code"], number>([
  ["message-missing", 400],
  ["message-ambiguous", 400],
  ["message-not-base64", 400],
  ["message-not-deflate", 400],
  ["message-not-utf8", 400],
  ["message-too-large", 413],
]);

/** Tells somebody that they do not get in, or out: one sentence, what to do, and a reference. */
export function sendRefusal(ctx: HostContext, refused: Refused): void {
  const { what, code, reference, sentence, advice } = refused;
  const status = STATUS_OF.get(code) ?? 403;
  if (wantsPage(ctx)) {
    sendPage(ctx, status, { sentence, advice, reference });
  } else {
    // Which check failed is for administrators only: they find it under the reference.
    sendProblem(ctx, status, { code: `${what}-refused`, detail: sentence, advice, reference });
  }
}
