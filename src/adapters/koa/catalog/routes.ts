import { z } from "zod";
import {
  type CatalogList,
  MAX_CATALOG_PAGE,
  type ReadCatalog,
} from "../../../application/catalog.ts";
import { MAX_CATALOG_KEY_LENGTH } from "../../../domain/access.ts";
import type { Answers } from "../api-answers.ts";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import { NoQuery, parseQuery, QueryText, repeatable, wholeNumber } from "../request.ts";
import { sendJson } from "../send.ts";

const MAX_IDS = 200;

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
      .max(MAX_CATALOG_KEY_LENGTH)
      .optional()
      .meta({ description: "The `next` of the previous page." }),
    limit: wholeNumber(1, MAX_CATALOG_PAGE).default(50),
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
  readCatalog,
}: {
  readonly adminGuard: AdminGuard;
  readonly readCatalog: ReadCatalog;
}): CatalogRoutes {
  const listRoute =
    (list: CatalogList): Handler =>
    async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      await adminGuard.reading(ctx, tenantContext);
      const { ids, ...page } = parseQuery(CatalogQuerySchema, ctx);
      const found =
        ids === undefined
          ? await readCatalog.page({ tenant, list, ...page })
          : { items: await readCatalog.byIds(tenant, list, ids) };
      sendJson<Answers["searchGroups" | "searchOrganizations"]>(ctx, found);
    };
  return {
    roles: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      parseQuery(NoQuery, ctx);
      sendJson<Answers["listRoles"]>(ctx, { items: await readCatalog.roles(tenantContext.tenant) });
    },
    groups: listRoute("groups"),
    organizations: listRoute("organizations"),
  };
}
