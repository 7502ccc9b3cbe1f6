import { type AccessCatalog, type CatalogQuery, parseTenantId } from "koa-saml-jit";
import { accessCatalogContract } from "koa-saml-jit/testing";
import { describe, it } from "mocha";

const roles = [{ id: "member", name: "Member", licensed: true, privileged: false }];
const groups = ["Sales", "Staff", "Support"].map((name) => ({ id: name.toLowerCase(), name }));
const organizations = ["Acme", "Globex", "Initech"].map((name, index) => ({
  id: `${index}`,
  name,
}));

type Entries = readonly { readonly id: string; readonly name: string }[];
const named = (all: Entries, ids: readonly string[]) => all.filter(({ id }) => ids.includes(id));
const page = (all: Entries, { search = "", after, limit }: CatalogQuery) => {
  const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
  const found = rest.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const items = found.slice(0, limit);
  const next = found.length > limit ? items.at(-1)?.id : undefined;
  return next === undefined ? { items } : { items, next };
};

// Stands for your catalog.
const catalog: AccessCatalog = {
  roles: async () => roles,
  groupsByIds: async (_tenant, ids) => named(groups, ids),
  organizationsByIds: async (_tenant, ids) => named(organizations, ids),
  searchGroups: async (_tenant, query) => page(groups, query),
  searchOrganizations: async (_tenant, query) => page(organizations, query),
};

describe("our catalog", () => {
  const makeSubject = async () => {
    const tenant = parseTenantId("default");
    if (tenant === undefined) throw new Error("not a tenant's ID");
    return { catalog, tenant, roles, groups, organizations };
  };
  for (const { name, run } of accessCatalogContract(makeSubject)) it(name, run);
});
