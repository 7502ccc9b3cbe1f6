import {
  CatalogPageResponse,
  CatalogQuerySchema,
  RolesResponse,
} from "../src/adapters/koa/catalog/routes.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import { LICENSED_ROLES } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

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
