import process from "node:process";
import type Koa from "koa";
import type { AccessCatalog } from "koa-saml-jit";

const { BASE_URL = "", PORT = "0", SETTINGS = "{}" } = process.env;

/** Where browsers reach this host. */
export const baseUrl: string = BASE_URL;

/** The settings document with which every host of these begins. */
export const settings: unknown = JSON.parse(SETTINGS);

/** One role, a group and an organization. */
export const catalog: AccessCatalog = {
  roles: async () => [{ id: "1", name: "Member", licensed: true, privileged: false }],
  groupsByIds: async (_tenant, ids) => ids.map((id) => ({ id, name: `Group ${id}` })),
  organizationsByIds: async (_tenant, ids) => ids.map((id) => ({ id, name: `Place ${id}` })),
  searchGroups: async () => ({ items: [] }),
  searchOrganizations: async () => ({ items: [] }),
};

/** Listens, and says so on the first line of its output. */
export function listen(app: Koa): void {
  app.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));
}
