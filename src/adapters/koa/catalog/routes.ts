import { z } from "zod";
import type { NamedAccess } from "../../../domain/access.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../../ports/access-catalog.ts";
import { MAX_PAGE_KEY_LENGTH } from "../../../ports/access-catalog.ts";
import type { Answers, NamedPage } from "../answers.ts";
import type { AdminGuard } from "../guards.ts";
import { NoQuery, parsedQuery, QueryText, repeatable, wholeNumber } from "../request.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";

const MAX_IDS = 200;
const MAX_LIMIT = 200;

/** Parameters of a catalog list: by name, paged, or by ID. */
export interface CatalogParameters {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly ids?: readonly string[] | undefined;
}

/** Reads {@link CatalogParameters}. */
export const CatalogQuerySchema: z.ZodType<CatalogParameters> = z
  .strictObject({
    search: QueryText.max(200)
      .optional()
      .meta({ description: "Text that the name contains. Default: everything." }),
    after: QueryText.min(1)
      .max(MAX_PAGE_KEY_LENGTH)
      .optional()
      .meta({ description: "The `next` of the previous page." }),
    limit: wholeNumber(1, MAX_LIMIT).default(50),
    ids: repeatable(QueryText.min(1).max(255), MAX_IDS)
      .optional()
      .meta({ description: "Entries with these IDs that exist. Excludes `search` and `after`." }),
  })
  .refine(({ ids, search, after }) => ids === undefined || (search ?? after) === undefined, {
    message: "Ask for ids, or search, not both.",
    path: ["ids"],
  });

/** The routes of the host's catalog. */
export interface CatalogRoutes {
  readonly roles: Handler;
  readonly groups: Handler;
  readonly organizations: Handler;
}

/**
 * `GET /settings/roles`, `/settings/groups` and `/settings/organizations`: the host's catalog.
 */
export function makeCatalogRoutes({
  adminGuard,
  catalog,
}: {
  readonly adminGuard: AdminGuard;
  readonly catalog: AccessCatalog;
}): CatalogRoutes {
  return {
    roles: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      parsedQuery(NoQuery, ctx);
      sendJson<Answers["listRoles"]>(ctx, { items: await catalog.roles(tenantContext.tenant) });
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
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const { ids, limit, ...sought } = parsedQuery(CatalogQuerySchema, ctx);
    const found =
      ids === undefined
        ? await search(tenantContext.tenant, { limit, ...present(sought) })
        : { items: await byIds(tenantContext.tenant, [...new Set(ids)]) };
    sendJson<NamedPage>(ctx, found);
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
