import type { Audience, ErrorBoundary } from "./error-boundary.ts";
import type { HostContext } from "./host-callbacks.ts";
import type { FindPlace, Place } from "./tenant-context.ts";

/** Handles a request; its errors become responses. */
export type Handler = (ctx: HostContext, place: Place) => void | Promise<void>;

/** Turns a handler into a Koa middleware. */
export type MakeRoute = (
  handler: Handler,
  audience: Audience,
) => (ctx: HostContext) => Promise<void>;

export interface RouteMakerDeps {
  readonly errorBoundary: ErrorBoundary;
  readonly findPlace: FindPlace;
}

/** Makes {@link MakeRoute}: every route has a place and stands behind the error boundary. */
export function makeRouteMaker({ errorBoundary, findPlace }: RouteMakerDeps): MakeRoute {
  return (handler, audience) => (ctx) =>
    errorBoundary(ctx, async () => handler(ctx, await findPlace(ctx)), audience);
}
