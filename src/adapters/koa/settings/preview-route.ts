import type { PreviewDecision } from "../../../application/settings/preview-decision.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { parsedBody } from "../parsed-body.ts";
import type { RequestBodies } from "../request-body.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { PreviewRequest } from "./preview-schema.ts";
import type { ReadDraft } from "./read-draft.ts";
import { settingsInvalid } from "./settings-problems.ts";

export interface PreviewRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly readDraft: ReadDraft;
  readonly previewDecision: PreviewDecision;
}

/** `POST /settings/preview`: previews the sign-in of an address. */
export function makePreviewRoute(deps: PreviewRouteDeps): Handler {
  const { adminGuard, bodies, readDraft, previewDecision } = deps;
  return async (ctx, place) => {
    const { tenant } = place;
    await adminGuard.writing(ctx, place);
    const { email, settings } = parsedBody(PreviewRequest, await bodies.json(ctx));
    const draft = settings === undefined ? {} : { draft: await readDraft(tenant, settings) };
    const previewed = await previewDecision({ tenant, email, ...draft });
    if (previewed.kind === "invalid") throw settingsInvalid(previewed.faults, ["settings"]);
    sendJson(ctx, previewed.preview);
  };
}
