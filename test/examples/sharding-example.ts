import Router from "@koa/router";
import type { SamlJit } from "koa-saml-jit";

/** One plugin a database. `shardOf` is the host's table: the index of a tenant's shard. */
export function routeToShards(
  shards: readonly SamlJit[],
  shardOf: (tenant: string) => number,
): Router {
  const routes = shards.map((shard) => shard.routes());
  return new Router().all("/t/:tenant/saml{/*path}", (ctx, next) => {
    const route = routes[shardOf(ctx.params["tenant"] ?? "")];
    return route === undefined ? next() : route(ctx, next);
  });
}
