import { z } from "zod";
import type { PreviewDecision } from "../../application/preview-decision.ts";
import type { AdminGuard } from "./admin-guard.ts";
import { parsedBody } from "./parsed-body.ts";
import type { RequestBodies } from "./request-body.ts";
import { sendJson } from "./responses.ts";
import type { Handler } from "./route.ts";

/** What {@link makePreviewRoute} needs. */
export interface PreviewRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly previewDecision: PreviewDecision;
}

const Body = z.strictObject({ email: z.string().max(1024) });

/** `POST /settings/preview`: what would happen if an address came in now; changes nothing. */
export function makePreviewRoute(deps: PreviewRouteDeps): Handler {
  const { adminGuard, bodies, previewDecision } = deps;
  return async (ctx, place) => {
    await adminGuard.writing(ctx, place);
    const { email } = parsedBody(Body, await bodies.json(ctx));
    sendJson(ctx, await previewDecision({ tenant: place.tenant, email }));
  };
}
