import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import { CatalogQuerySchema } from "../src/adapters/koa/catalog/routes.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import type { Role } from "../src/domain/access.ts";
import { LICENSED_ROLES } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { responseOf } from "./response.ts";

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
const NamedAccessSchema = z
  .strictObject({ id: z.string(), name: z.string() })
  .meta({ id: "NamedAccess" });

/** Response of `GET /settings/roles`. */
const RolesResponse = responseOf<Answers["listRoles"]>()(
  z.strictObject({ items: z.array(RoleSchema) }),
);

/** Response of `GET /settings/groups` and `GET /settings/organizations`. */
const CatalogPageResponse = responseOf<Answers["searchGroups"]>()(
  z.strictObject({
    items: z.array(NamedAccessSchema),
    next: z
      .string()
      .exactOptional()
      .meta({ description: "The `after` of the next page; absent on the last page." }),
  }),
);

const ORGANIZATIONS = { items: [{ id: "Acme", name: "Acme" }] };

/** Operations of the host's catalog. */
export const CATALOG_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/roles",
    operationId: "listRoles",
    summary: "Lists the platform's roles",
    query: NoQuery,
    answers: {
      200: jsonAnswer("All of them.", RolesResponse, {
        items: LICENSED_ROLES,
      }),
    },
  },
  {
    method: "get",
    path: "/settings/groups",
    operationId: "searchGroups",
    summary: "Lists the platform's groups by name, paged, or by ID",
    query: CatalogQuerySchema,
    answers: {
      200: jsonAnswer("Those that were found.", CatalogPageResponse, {
        items: [{ id: "Staff", name: "Staff" }],
      }),
    },
  },
  {
    method: "get",
    path: "/settings/organizations",
    operationId: "searchOrganizations",
    summary: "Lists the platform's organizations by name, paged, or by ID",
    query: CatalogQuerySchema,
    answers: { 200: jsonAnswer("Those that were found.", CatalogPageResponse, ORGANIZATIONS) },
  },
];
