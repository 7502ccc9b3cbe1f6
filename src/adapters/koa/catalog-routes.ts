import { z } from "zod";
import { MAX_PAGE_KEY_LENGTH } from "../../application/checked-catalog.ts";
import type { NamedAccess } from "../../domain/access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../ports/access-catalog.ts";
import type { AdminGuard } from "./admin-guard.ts";
import { parsedQuery, QueryText, repeatable, wholeNumber } from "./parsed-query.ts";
import { sendJson } from "./responses.ts";
import type { Handler } from "./route.ts";

/** What {@link makeCatalogRoutes} needs. */
export interface CatalogRoutesDeps {
  readonly adminGuard: AdminGuard;
  readonly catalog: AccessCatalog;
}

/** The routes that show what the host has to offer. */
export interface CatalogRoutes {
  readonly roles: Handler;
  readonly groups: Handler;
  readonly organizations: Handler;
}

const MAX_IDS = 200;
const MAX_LIMIT = 200;

/** Part of a long list: by name a page at a time, or those with certain IDs. */
export interface CatalogParameters {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly ids?: readonly string[] | undefined;
}

/** Reads {@link CatalogParameters}. */
export const CatalogQuerySchema: z.ZodType<CatalogParameters> = z
  .strictObject({
    search: QueryText.max(200).optional(),
    after: QueryText.min(1).max(MAX_PAGE_KEY_LENGTH).optional(),
    limit: wholeNumber(1, MAX_LIMIT).default(50),
    ids: repeatable(QueryText.min(1).max(255), MAX_IDS).optional(),
  })
  .refine(({ ids, search, after }) => ids === undefined || (search ?? after) === undefined, {
    message: "Ask for ids, or search, not both.",
    path: ["ids"],
  });

/** `GET /settings/roles`, `/settings/groups` and `/settings/organizations`: the host's own, by name. */
export function makeCatalogRoutes({ adminGuard, catalog }: CatalogRoutesDeps): CatalogRoutes {
  return {
    roles: async (ctx, place) => {
      await adminGuard.reading(ctx, place);
      parsedQuery(z.strictObject({}), ctx);
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
