import type { Handler } from "./error-boundary.ts";
import type { AdminGuard } from "./guards.ts";
import { NoQuery, parseQuery } from "./request.ts";
import { loadOnce, readOwnFile, sendJson } from "./send.ts";

/** `GET /settings/openapi.json`: the settings API in OpenAPI 3.1, with the URL of this tenant. */
export function makeOpenApiRoute({ adminGuard }: { readonly adminGuard: AdminGuard }): Handler {
  const loadDocument = loadOnce(load);
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    parseQuery(NoQuery, ctx);
    const url = tenantContext.metadataUrl.replace(/\/metadata$/, "");
    sendJson<object>(ctx, { ...(await loadDocument()), servers: [{ url }] });
  };
}

/** The document that `npm run openapi` writes. */
async function load(): Promise<object> {
  return JSON.parse(await readOwnFile(new URL("openapi.json", import.meta.url)));
}
