import type { Receipt } from "../../../domain/receipt.ts";
import { RECEIPT_COLUMNS, type ReceiptRow } from "../stores/rows.ts";
import type { GrantTable } from "../users/host-users.ts";
import { fromKey, toKey } from "../users/keys.ts";
import type { IntegrityContext, IntegrityFinding } from "./integrity-queries.ts";

const PAGE = 500;

/** Users whose grants are not those of their receipt. */
export async function grantFindings(
  context: IntegrityContext,
): Promise<readonly IntegrityFinding[]> {
  const { knex, tables } = context;
  const findings: IntegrityFinding[] = [];
  let last: readonly [string, string] = ["", ""];
  for (;;) {
    const page: readonly ReceiptRow[] = await knex(tables.receipts)
      .whereRaw("(??, ??) > (?, ?)", ["tenant", "user_id", ...last])
      .orderBy(["tenant", "user_id"])
      .limit(PAGE)
      .select(RECEIPT_COLUMNS);
    findings.push(...(await findingsOf(context, page)));
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return findings;
    last = [end.tenant, end.user];
  }
}

async function findingsOf(
  context: IntegrityContext,
  page: readonly ReceiptRow[],
): Promise<readonly IntegrityFinding[]> {
  const { groups, organizations } = context.users;
  const ids = page.map(({ user }) => user);
  const groupsOf = await grantsOf(context, groups, ids);
  const organizationsOf = await grantsOf(context, organizations, ids);
  return page.flatMap((row): readonly IntegrityFinding[] => {
    const receipt: Receipt = JSON.parse(row.document);
    const wanted = receipt.organizations.kind === "all" ? [] : receipt.organizations.ids;
    const complete =
      sameIds(receipt.groups, groupsOf.get(row.user)) &&
      sameIds(wanted, organizationsOf.get(row.user));
    return complete ? [] : [{ code: "grants-differ", tenant: row.tenant, subject: row.user }];
  });
}

async function grantsOf(
  { knex, users }: IntegrityContext,
  { table, user, granted }: GrantTable,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = userIds.flatMap((id) => toKey(users.columns.id.type, id) ?? []);
  const rows: readonly { readonly holder: unknown; readonly held: unknown }[] = await knex(table)
    .whereIn(user, keys)
    .select({ holder: user, held: granted.name });
  const found = new Map<string, string[]>();
  for (const { holder, held } of rows) {
    const id = fromKey(holder);
    const ids = found.get(id) ?? [];
    ids.push(fromKey(held));
    found.set(id, ids);
  }
  return found;
}

function sameIds(one: readonly string[], other: readonly string[] = []): boolean {
  const set = new Set(one);
  return set.size === other.length && other.every((id) => set.has(id));
}
