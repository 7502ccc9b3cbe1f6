import assert from "node:assert/strict";
import type { NamedAccess, Role } from "../../domain/access.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../ports/access-catalog.ts";
import type { Awaitable } from "../../ports/errors.ts";
import type { ContractCase } from "./contract-case.ts";

/** The catalog under test, and what it is known to hold, in the host's order. */
export interface CatalogSubject {
  /** The one under test. */
  readonly catalog: AccessCatalog;
  /** A tenant that it knows. */
  readonly tenant: TenantId;
  /** Every role of that tenant. */
  readonly roles: readonly Role[];
  /** At least three, with different names. */
  readonly groups: readonly NamedAccess[];
  /** At least three, with different names. */
  readonly organizations: readonly NamedAccess[];
  /** Administrators that it can name. Default: none. */
  readonly administrators?: readonly NamedAccess[];
}

interface List {
  readonly kind: "groups" | "organizations";
  readonly known: (subject: CatalogSubject) => readonly NamedAccess[];
  readonly byIds: (
    subject: CatalogSubject,
    ids: readonly string[],
  ) => Awaitable<readonly NamedAccess[]>;
  readonly search: (subject: CatalogSubject, query: CatalogQuery) => Awaitable<CatalogPage>;
}

const LISTS: readonly List[] = [
  {
    kind: "groups",
    known: ({ groups }) => groups,
    byIds: ({ catalog, tenant }, ids) => catalog.groupsByIds(tenant, ids),
    search: ({ catalog, tenant }, query) => catalog.searchGroups(tenant, query),
  },
  {
    kind: "organizations",
    known: ({ organizations }) => organizations,
    byIds: ({ catalog, tenant }, ids) => catalog.organizationsByIds(tenant, ids),
    search: ({ catalog, tenant }, query) => catalog.searchOrganizations(tenant, query),
  },
];

/** What every AccessCatalog promises: for hosts to try theirs. */
export function accessCatalogContract(
  makeSubject: () => Promise<CatalogSubject>,
): readonly ContractCase[] {
  return [
    {
      name: "gives every role",
      run: async () => {
        const { catalog, tenant, roles } = await makeSubject();
        assert.deepEqual(await catalog.roles(tenant), roles);
      },
    },
    {
      name: "names the administrators that it knows, and no others",
      run: async () => {
        const { catalog, tenant, administrators = [] } = await makeSubject();
        const ids = [...administrators.map(({ id }) => id), "nobody's ID"];
        const found = (await catalog.administratorsByIds?.(tenant, ids)) ?? [];
        const byId = (one: NamedAccess, other: NamedAccess) => (one.id < other.id ? -1 : 1);
        assert.deepEqual([...found].sort(byId), [...administrators].sort(byId));
      },
    },
    ...LISTS.flatMap((list) => casesOf(list, makeSubject)),
  ];
}

function casesOf(
  { kind, known, byIds, search }: List,
  makeSubject: () => Promise<CatalogSubject>,
): readonly ContractCase[] {
  return [
    {
      name: `gives those of the asked ${kind} that exist, each once`,
      run: async () => {
        const subject = await makeSubject();
        const [one, two] = known(subject);
        assert.ok(one && two);
        const found = await byIds(subject, [two.id, "no such ID", one.id, two.id]);
        assert.deepEqual(sortedIds(found), sortedIds([one, two]));
        assert.deepEqual(await byIds(subject, []), []);
      },
    },
    {
      name: `pages through all ${kind} without a gap or a repetition`,
      run: async () => {
        const subject = await makeSubject();
        const found = await everyPage(async (query) => search(subject, query));
        assert.deepEqual(found, known(subject));
        assert.deepEqual((await search(subject, { limit: 200, search: "" })).next, undefined);
      },
    },
    {
      name: `finds ${kind} by part of their name, without regard to case`,
      run: async () => {
        const subject = await makeSubject();
        const wanted = known(subject)[1];
        assert.ok(wanted);
        const text = wanted.name.toUpperCase();
        const page = await search(subject, { search: text, limit: 200 });
        assert.ok(page.items.some(({ id }) => id === wanted.id));
        assert.ok(page.items.every(({ name }) => name.toUpperCase().includes(text)));
        const nothing = await search(subject, { search: "%no such name_", limit: 10 });
        assert.deepEqual(nothing.items, []);
        assert.equal(nothing.next, undefined);
      },
    },
  ];
}

async function everyPage(
  search: (query: CatalogQuery) => Promise<CatalogPage>,
): Promise<readonly NamedAccess[]> {
  const found: NamedAccess[] = [];
  let page = await search({ limit: 2 });
  found.push(...page.items);
  while (page.next !== undefined) {
    assert.equal(page.items.length, 2, "a page before the last is full");
    page = await search({ limit: 2, after: page.next });
    found.push(...page.items);
  }
  return found;
}

function sortedIds(entries: readonly NamedAccess[]): readonly string[] {
  return entries.map(({ id }) => id).sort();
}
