import { z } from "zod";
import type { NamedAccess, Role } from "../../../domain/access.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../../ports/access-catalog.ts";
import { MAX_PAGE_KEY_LENGTH } from "../../../ports/access-catalog.ts";
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

/** A role of the host. */
export const RoleSchema: z.ZodType<Role> = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    licensed: z.boolean().meta({ description: "Whether users with this role use a license." }),
    privileged: z
      .boolean()
      .meta({ description: "Whether the role requires `privilegedRoleConfirmed` as a default." }),
    maxOrganizations: z.int().min(0).exactOptional().meta({
      description: "Maximum number of organizations of a user with this role. Default: no limit.",
    }),
  })
  .meta({ id: "Role" });

/** A group or an organization of the host. */
const NamedAccessSchema: z.ZodType<NamedAccess> = z
  .strictObject({ id: z.string(), name: z.string() })
  .meta({ id: "NamedAccess" });

/** Response of `GET /settings/roles`. */
export const RolesResponse: z.ZodType<{ readonly items: readonly Role[] }> = z.strictObject({
  items: z.array(RoleSchema),
});

/** Response of `GET /settings/groups` and `GET /settings/organizations`. */
export const CatalogPageResponse: z.ZodType<CatalogPage> = z.strictObject({
  items: z.array(NamedAccessSchema),
  next: z
    .string()
    .exactOptional()
    .meta({ description: "The `after` of the next page; absent on the last page." }),
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
      sendJson(ctx, { items: await catalog.roles(tenantContext.tenant) });
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
