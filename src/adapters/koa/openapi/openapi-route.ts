import type { AdminGuard } from "../guards.ts";
import { NoQuery, parsedQuery } from "../request.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { openApiDocument } from "./document.ts";
import { OPERATIONS } from "./operations.ts";

/** The version of this package: the settings API has no other. */
const VERSION = "0.1.0";

/** `GET /settings/openapi.json`: the settings API in OpenAPI 3.1, made when first asked for. */
export function makeOpenApiRoute({ adminGuard }: { readonly adminGuard: AdminGuard }): Handler {
  let made: ReturnType<typeof openApiDocument> | undefined;
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    parsedQuery(NoQuery, ctx);
    made ??= openApiDocument(OPERATIONS, VERSION);
    const url = tenantContext.metadataUrl.replace(/\/metadata$/, "");
    sendJson(ctx, { ...made, servers: [{ url }] });
  };
}
