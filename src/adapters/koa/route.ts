import type { ClientKind, ErrorBoundary } from "./error-boundary.ts";
import type { HostContext } from "./host-callbacks.ts";
import type { ResolveTenantContext, TenantContext } from "./tenant-context.ts";

/** Handles a request; its errors become responses. */
export type Handler = (ctx: HostContext, tenantContext: TenantContext) => void | Promise<void>;

/** Turns a handler into a Koa middleware. */
export type MakeRoute = (
  handler: Handler,
  client: ClientKind,
) => (ctx: HostContext) => Promise<void>;

/** Makes {@link MakeRoute}: every route has a tenant context and stands behind the error boundary. */
export function makeRouteMaker({
  errorBoundary,
  resolveTenantContext,
}: {
  readonly errorBoundary: ErrorBoundary;
  readonly resolveTenantContext: ResolveTenantContext;
}): MakeRoute {
  return (handler, client) => (ctx) =>
    errorBoundary(ctx, async () => handler(ctx, await resolveTenantContext(ctx)), client);
}
