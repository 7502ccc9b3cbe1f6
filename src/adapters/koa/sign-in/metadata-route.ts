import type { ReadMetadata } from "../../../application/connections/read-connections.ts";
import type { Handler } from "../route.ts";

/** `GET /metadata`: the service provider metadata (SAML metadata appendix A). */
export function makeMetadataRoute({
  readMetadata,
}: {
  readonly readMetadata: ReadMetadata;
}): Handler {
  return async (ctx, { tenant, serviceProvider: sp }) => {
    ctx.body = await readMetadata({ tenant, sp });
    ctx.type = "application/samlmetadata+xml";
    ctx.set({ "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" });
  };
}
