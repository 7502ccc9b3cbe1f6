import type { NamedAccess } from "../../../domain/access.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../../ports/access-catalog.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { NoQuery, parsedQuery } from "../parsed-query.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { type CatalogParameters, CatalogQuerySchema } from "./catalog-schema.ts";

export interface CatalogRoutesDeps {
  readonly adminGuard: AdminGuard;
  readonly catalog: AccessCatalog;
}

/** The routes of the host's catalog. */
export interface CatalogRoutes {
  readonly roles: Handler;
  readonly groups: Handler;
  readonly organizations: Handler;
}

/**
 * `GET /settings/roles`, `/settings/groups` and `/settings/organizations`: the host's catalog.
 */
export function makeCatalogRoutes({ adminGuard, catalog }: CatalogRoutesDeps): CatalogRoutes {
  return {
    roles: async (ctx, place) => {
      await adminGuard.reading(ctx, place);
      parsedQuery(NoQuery, ctx);
      sendJson(ctx, { items: await catalog.roles(place.tenant) });
    },
    groups: makeListRoute(adminGuard, {
      byIds: (tenant, ids) => catalog.groupsByIds(tenant, ids),
      search: (tenant, query) => catalog.searchGroups(tenant, query),
    }),
    organizations: makeListRoute(adminGuard, {
      byIds: (tenant, ids) => catalog.organizationsByIds(tenant, ids),
      search: (tenant, query) => catalog.searchOrganizations(tenant, query),
    }),
  };
}

interface LongList {
  readonly byIds: (tenant: TenantId, ids: readonly string[]) => Promise<readonly NamedAccess[]>;
  readonly search: (tenant: TenantId, query: CatalogQuery) => Promise<CatalogPage>;
}

function makeListRoute(adminGuard: AdminGuard, { byIds, search }: LongList): Handler {
  return async (ctx, place) => {
    await adminGuard.reading(ctx, place);
    const { ids, limit, ...sought } = parsedQuery(CatalogQuerySchema, ctx);
    const found =
      ids === undefined
        ? await search(place.tenant, { limit, ...present(sought) })
        : { items: await byIds(place.tenant, [...new Set(ids)]) };
    sendJson(ctx, found);
  };
}

function present({
  search = "",
  after,
}: Pick<CatalogParameters, "search" | "after">): Omit<CatalogQuery, "limit"> {
  const text = search.trim();
  return {
    ...(text === "" ? {} : { search: text }),
    ...(after === undefined ? {} : { after }),
  };
}
