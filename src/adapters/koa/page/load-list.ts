import type { ReadCatalog } from "../../../application/catalog.ts";
import type { NamedAccess } from "../../../domain/access.ts";
import { defined } from "../../../domain/defined.ts";
import type { Settings } from "../../../domain/settings.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import { CatalogQuerySchema } from "../catalog/routes.ts";
import type { Choice, FormAction } from "./form/fields.ts";
import { chosen, type FormState, type ListChanges } from "./form/form-state.ts";

/** An entry of a list as it is shown. */
export interface ListItem extends NamedAccess {
  readonly ticked: boolean;
  /** Whether it no longer exists at the host. */
  readonly gone: boolean;
}

/** The part of a long list that is shown. */
export interface ListView {
  readonly choice: Choice;
  readonly search: string;
  readonly items: readonly ListItem[];
  /** How many are chosen in all. */
  readonly total: number;
  /** Where more results begin. */
  readonly next?: string;
  /** Which page of those chosen, from 0; absent in results of a search. */
  readonly page?: number;
  readonly pages: number;
  readonly changes: ListChanges;
}

/** Maximum number of list entries shown per page. */
export const LIST_PAGE = 50;

/** What of a list to show. */
export interface ListQuery {
  readonly readCatalog: ReadCatalog;
  readonly tenant: TenantId;
  readonly choice: Choice;
  readonly draft: FormState;
  readonly stored: Settings;
  readonly search: string;
  readonly action: FormAction;
}

/** Results of a search; without one a page of what is chosen, and after it what else there is. */
export async function loadList(query: ListQuery): Promise<ListView> {
  const ids = chosen(query.draft, query.stored, query.choice);
  const common = {
    choice: query.choice,
    search: query.search,
    total: ids.length,
    pages: Math.max(1, Math.ceil(ids.length / LIST_PAGE)),
    changes: query.draft.changes[query.choice],
  };
  return {
    ...common,
    ...(query.search === "" ? await chosenPage(query, ids) : await found(query, ids)),
  };
}

/** The `ids` that no longer exist at the host. */
export async function missingIds(
  { readCatalog, tenant, choice }: Pick<ListQuery, "readCatalog" | "tenant" | "choice">,
  ids: readonly string[],
): Promise<readonly string[]> {
  const there = new Set((await readCatalog.byIds(tenant, choice, ids)).map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

type Shown = Pick<ListView, "items" | "next" | "page">;

async function found(query: ListQuery, ids: readonly string[]): Promise<Shown> {
  const { readCatalog, tenant, choice, action, search } = query;
  const after = action.name === `${choice}-more` ? { after: action.argument } : {};
  // What the API would not ask the host for is not asked for here.
  if (!CatalogQuerySchema.safeParse({ search, ...after }).success) return { items: [] };
  const { items, next } = await readCatalog.page({
    ...{ tenant, list: choice, search, ...after },
    limit: LIST_PAGE,
  });
  const ticked = new Set(ids);
  return {
    items: items.map((item) => ({ ...item, ticked: ticked.has(item.id), gone: false })),
    ...defined({ next }),
  };
}

async function chosenPage(query: ListQuery, ids: readonly string[]): Promise<Shown> {
  const { readCatalog, tenant, choice, action } = query;
  const last = Math.max(0, Math.ceil(ids.length / LIST_PAGE) - 1);
  const wanted = action.name === `${choice}-page` ? Number.parseInt(action.argument, 10) : 0;
  const page = Math.min(Math.max(0, Number.isNaN(wanted) ? 0 : wanted), last);
  const shown = ids.slice(page * LIST_PAGE, (page + 1) * LIST_PAGE);
  const names = new Map(
    (await readCatalog.byIds(tenant, choice, shown)).map(({ id, name }) => [id, name]),
  );
  const items = shown.map((id) => ({
    id,
    name: names.get(id) ?? id,
    ticked: true,
    gone: !names.has(id),
  }));
  if (page < last) return { items, page };
  const others = await readCatalog.page({ tenant, list: choice, limit: LIST_PAGE });
  const taken = new Set(ids);
  const rest = others.items
    .filter(({ id }) => !taken.has(id))
    .map((item) => ({ ...item, ticked: false, gone: false }));
  const { next } = others;
  return { items: [...items, ...rest], page, ...defined({ next }) };
}
