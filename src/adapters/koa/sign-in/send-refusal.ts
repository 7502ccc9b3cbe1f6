import type { Refused } from "../../../application/sign-in/refused.ts";
import { isDenyReason } from "../../../domain/texts/explanations.ts";
import type { HostContext } from "../host-callbacks.ts";
import { sendProblem, wantsPage } from "../responses.ts";
import type { ShowPersonPage } from "./person-pages.ts";

/** Status codes of unreadable messages; all others are 403. */
const STATUS_OF: ReadonlyMap<Refused["code"], number> = new Map<Refused["code"], number>([
  ["message-missing", 400],
  ["message-ambiguous", 400],
  ["message-not-base64", 400],
  ["message-not-deflate", 400],
  ["message-not-utf8", 400],
  ["message-too-large", 413],
]);

/** Responds to a refused sign-in or logout with a message, advice and a reference. */
export type SendRefusal = (ctx: HostContext, refused: Refused) => Promise<void>;

export function makeSendRefusal({
  showPersonPage,
}: {
  readonly showPersonPage: ShowPersonPage;
}): SendRefusal {
  return async (ctx, { what, code, reference, sentence, advice }) => {
    const status = STATUS_OF.get(code) ?? 403;
    if (!wantsPage(ctx)) {
      // Only administrators may see which check failed: they find it under the reference.
      return sendProblem(ctx, status, `${what}-refused`, {
        detail: sentence,
        advice,
        reference,
      });
    }
    const words = { sentence, advice, reference };
    const reason = isDenyReason(code) ? { reason: code } : {};
    return showPersonPage(ctx, status, { kind: "refused", what, ...words, ...reason });
  };
}
