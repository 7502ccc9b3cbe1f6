import type { GroupId, OrganizationId, UserId } from "../../domain/access.ts";
import {
  type AuditEntry,
  type AuditFilter,
  type AuditOutcome,
  REFUSED_OUTCOMES,
} from "../../domain/audit.ts";
import { defined } from "../../domain/defined.ts";
import { parseEmailAddress } from "../../domain/email-address.ts";
import type { Excerpt } from "../../domain/preview.ts";
import type { MatchedRule } from "../../domain/provisioning-rules.ts";
import type { Receipt, ReceiptFilter } from "../../domain/receipt.ts";
import type { UserState } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  type AuditPage,
  type AuditPosition,
  type AuditTrail,
  formatPosition,
} from "../../ports/audit-trail.ts";
import type { ReceiptPage, UserDirectory } from "../../ports/user-directory.ts";
import type { NamedKind, Names, ReadCatalog } from "../catalog.ts";

/** Maximum number of characters of one text in an audit entry. */
export const MAX_DETAIL_LENGTH = 500;
const MAX_ACTOR_LENGTH = 255;
const MAX_LISTED = 20;

/** The defined details as strings of bounded length. */
export function auditDetail(
  texts: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined || text === "" ? [] : [[name, shorten(String(text), MAX_DETAIL_LENGTH)]],
    ),
  );
}

/** A list as a string, shortened with its length. */
export function formatList(items: readonly string[]): string {
  const named = items.slice(0, MAX_LISTED).join(", ");
  return items.length > MAX_LISTED ? `${named}, … (${items.length} in all)` : named;
}

/** As entries say it. */
export function yesOrNo(answer: boolean): "yes" | "no" {
  return answer ? "yes" : "no";
}

const SAML_ACTOR = "saml:";

/** The actor of entries caused by an identity provider. */
export function samlActor(issuer: string): string {
  return shorten(`${SAML_ACTOR}${issuer}`, MAX_ACTOR_LENGTH);
}

/** Whether an actor is an identity provider: {@link samlActor} made it. */
export function isSamlActor(actor: string | undefined): boolean {
  return actor?.startsWith(SAML_ACTOR) === true;
}

/** At most `length` characters of `text`, whole code points only. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/**
 * Translates a filter for the storage: normalizes the address and maps refusals to indexed
 * outcomes.
 *
 * @returns `undefined` if nothing can match.
 */
function soughtEntries(filter: AuditFilter): AuditFilter | undefined {
  const outcomes = outcomesOf(filter);
  if (outcomes?.length === 0) return undefined;
  const narrowed = outcomes === undefined ? filter : { ...filter, outcomes };
  if (narrowed.email === undefined) return narrowed;
  const address = parseEmailAddress(narrowed.email);
  // An invalid address matches nothing; skip the query, since some storages reject certain strings.
  return address.ok ? { ...narrowed, email: address.address } : undefined;
}

function outcomesOf({ outcomes, refused }: AuditFilter): readonly AuditOutcome[] | undefined {
  if (refused === undefined) return outcomes;
  return outcomes === undefined
    ? REFUSED_OUTCOMES
    : REFUSED_OUTCOMES.filter((outcome) => outcomes.includes(outcome));
}

/** Maximum number of entries of one page. */
export const MAX_AUDIT_PAGE = 200;

/** Which part of the trail to read. */
export interface PageAuditInput {
  readonly tenant: TenantId;
  /** The address in any form; it is normalized. */
  readonly filter: AuditFilter;
  /** The `next` of the page before. */
  readonly after?: string;
  /** 1 to {@link MAX_AUDIT_PAGE}. */
  readonly limit: number;
  /**
   * Whether administrators, roles, groups and organizations are called by their names of now instead
   * of their IDs, as far as the host tells. Default: false.
   */
  readonly named?: boolean;
}

/** A page of the trail. */
export interface AuditRead extends AuditPage {
  /** How many refusals there ever were, of which only the newest are kept. */
  readonly refusals: number;
}

/** Reads part of the audit trail, newest first. */
export type PageAudit = (input: PageAuditInput) => Promise<AuditRead>;

export function makePageAudit({
  audit,
  readCatalog,
}: {
  readonly audit: AuditTrail;
  readonly readCatalog: ReadCatalog;
}): PageAudit {
  return async ({ tenant, filter, named = false, ...query }) => {
    const sought = soughtEntries(filter);
    if (sought === undefined) return { entries: [], refusals: await audit.refusalCount(tenant) };
    const limit = within(query.limit, MAX_AUDIT_PAGE);
    const [page, refusals] = await Promise.all([
      audit.page(tenant, { ...query, filter: sought, limit }),
      audit.refusalCount(tenant),
    ]);
    if (!named) return { ...page, refusals };
    const names = await readCatalog.names(tenant, idsIn(page.entries));
    return { ...page, entries: page.entries.map((entry) => namedEntry(entry, names)), refusals };
  };
}

/** Details that are an ID, a list of IDs, or a change of them. */
const IDS_IN: ReadonlyMap<string, NamedKind> = new Map([
  ["role", "roles"],
  ["groups", "groups"],
  ["autoProvisioning.role", "roles"],
  ["autoProvisioning.whenLicensesRunOut.role", "roles"],
  ["autoProvisioning.groups", "groups"],
  ["autoProvisioning.organizations.ids", "organizations"],
]);

/** Between the IDs of such a detail, as {@link formatList} and changes write it. */
const BETWEEN = /, | -> /;
/** Splits into the IDs and what stands between them. */
const AND_BETWEEN = new RegExp(`(${BETWEEN.source})`);

function idsIn(entries: readonly AuditEntry[]): Partial<Record<NamedKind, readonly string[]>> {
  const found: Partial<Record<NamedKind, string[]>> = {};
  const add = (kind: NamedKind, ids: readonly string[]) => {
    found[kind] = [...(found[kind] ?? []), ...ids];
  };
  for (const { actor, detail } of entries) {
    if (actor !== undefined && !isSamlActor(actor)) add("administrators", [actor]);
    for (const [name, kind] of IDS_IN) {
      // Hosts whose IDs are numbers or UUIDs need not understand what is no ID.
      const ids = detail[name]?.split(BETWEEN).filter((id) => !/^\(none\)$|…/.test(id));
      add(kind, ids ?? []);
    }
  }
  return found;
}

/** What is no ID that the host knows stays as it is. */
function namedEntry(entry: AuditEntry, names: Names): AuditEntry {
  const { actor, detail } = entry;
  const named = Object.entries(detail).map(([name, text]) => {
    const kind = IDS_IN.get(name);
    if (kind === undefined) return [name, text];
    const words = text.split(AND_BETWEEN).map((part) => names[kind].get(part) ?? part);
    return [name, words.join("")];
  });
  return {
    ...entry,
    ...defined({
      actor: actor && (names.administrators.get(actor) ?? detail["actorName"] ?? actor),
    }),
    detail: Object.fromEntries(named),
  };
}

/** Which entries to walk over. */
export interface WalkAuditInput {
  readonly tenant: TenantId;
  /** The address in any form; it is normalized. */
  readonly filter: AuditFilter;
}

/**
 * Iterates over all entries of a filter, newest first. Reads one page at a time on demand. Entries
 * written during the iteration are not included.
 *
 * @throws StorageUnavailableError from the step whose page cannot be read.
 */
export type WalkAudit = (input: WalkAuditInput) => AsyncGenerator<readonly AuditEntry[], void>;

export function makeWalkAudit({ audit }: { readonly audit: AuditTrail }): WalkAudit {
  return async function* ({ tenant, filter }) {
    const sought = soughtEntries(filter);
    if (sought === undefined) return;
    const query = { filter: sought, limit: MAX_AUDIT_PAGE };
    const pages = pagesOf((after) => audit.page(tenant, { ...query, ...after }));
    for await (const { entries } of pages) yield entries;
  };
}

/** Reads why a provisioned user has the access that they have; `undefined` for all others. */
export type ReadReceipt = (tenant: TenantId, userId: UserId) => Promise<Receipt | undefined>;

export function makeReadReceipt({ users }: { readonly users: UserDirectory }): ReadReceipt {
  return (tenant, userId) => users.receiptOf(tenant, userId);
}

/**
 * State of a created user now; `gone` if the host has the user no more, `unknown` if it does not tell.
 */
export type ReceiptState = UserState | "gone" | "unknown";

/** Every {@link ReceiptState}. */
export const RECEIPT_STATES: readonly ReceiptState[] = [
  "active",
  "invited",
  "suspended",
  "deleted",
  "gone",
  "unknown",
];

/** A user whom the plugin created, and why they have the access that they got. */
export interface ListedReceipt
  extends Pick<
    Receipt,
    "role" | "connection" | "issuer" | "settingsVersion" | "formerUser" | "at"
  > {
  readonly userId: UserId;
  /** The address that the host has now; absent if the user is gone or the host does not tell. */
  readonly email?: string;
  readonly state: ReceiptState;
  /** The first rules that matched, as they were; absent if none did. */
  readonly rules?: readonly Pick<MatchedRule, "number" | "matched">[];
  /** Groups that the user was created with. */
  readonly groups: Excerpt<GroupId>;
  /** Organizations that the user was created with. */
  readonly organizations:
    | { readonly kind: "all" }
    | ({ readonly kind: "selected" } & Excerpt<OrganizationId>);
}

/** Which receipts to list. */
export interface ReceiptsInput {
  readonly tenant: TenantId;
  readonly filter: ReceiptFilter;
  /** Only users who are in one of these states now. Default: in any. */
  readonly states?: readonly ReceiptState[] | undefined;
}

/**
 * A page of receipts, newest first. The host knows the states, the plugin the receipts: where states
 * are asked for, a page ends after {@link MAX_RECEIPTS_SEEN} receipts and may be short, or empty.
 */
export interface ReceiptsRead {
  readonly receipts: readonly ListedReceipt[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: string;
}

/** Maximum number of receipts of one page. */
export const MAX_RECEIPTS_PAGE = 200;

/** Maximum number of receipts that are looked at for one page. */
export const MAX_RECEIPTS_SEEN = 2000;

/** Groups and organizations that are named. */
const MOST_NAMED = 20;

/** Reads a page of receipts. */
export type PageReceipts = (
  input: ReceiptsInput & { readonly after?: string | undefined; readonly limit: number },
) => Promise<ReceiptsRead>;

export function makePageReceipts({ users }: { readonly users: UserDirectory }): PageReceipts {
  async function listedPage(
    { tenant, filter }: ReceiptsInput,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<ReceiptsRead> {
    const { after, limit } = page;
    const { receipts, next } = await users.receipts(tenant, {
      filter,
      limit,
      ...defined({ after }),
    });
    const ids = receipts.map(({ userId }) => userId);
    const known = ids.length === 0 ? [] : await users.findByIds(tenant, ids);
    const byId = known && new Map(known.map((user) => [user.id, user]));
    const listed = receipts.map((one) => {
      const user = byId?.get(one.userId);
      return {
        ...listedReceipt(one),
        ...(user === undefined ? {} : { email: user.email }),
        state: user?.state ?? (byId === undefined ? "unknown" : "gone"),
      } as const;
    });
    return { receipts: listed, ...defined({ next }) };
  }

  return async ({ after, ...input }) => {
    const limit = within(input.limit, MAX_RECEIPTS_PAGE);
    const { states } = input;
    if (states === undefined) return listedPage(input, { after, limit });
    const found: ListedReceipt[] = [];
    let next = after;
    for (let seen = 0; seen < MAX_RECEIPTS_SEEN; seen += MAX_RECEIPTS_PAGE) {
      const page = await listedPage(input, { after: next, limit: MAX_RECEIPTS_PAGE });
      found.push(...page.receipts.filter(({ state }) => states.includes(state)));
      const last = found[limit - 1];
      const isLeft = found.length > limit || page.next !== undefined;
      if (last !== undefined && isLeft) {
        return { receipts: found.slice(0, limit), next: formatPosition(positionOf(last)) };
      }
      next = page.next;
      if (next === undefined) return { receipts: found };
    }
    return { receipts: found, ...defined({ next }) };
  };
}

function positionOf({ at, userId }: ListedReceipt): AuditPosition {
  return { at, id: userId };
}

/** Iterates over all receipts of a filter, newest first; one page is in memory at a time. */
export type WalkReceipts = (input: ReceiptsInput) => AsyncGenerator<readonly ListedReceipt[], void>;

export function makeWalkReceipts({
  pageReceipts,
}: {
  readonly pageReceipts: PageReceipts;
}): WalkReceipts {
  return async function* (input) {
    const query = { ...input, limit: MAX_RECEIPTS_PAGE };
    const pages = pagesOf((after) => pageReceipts({ ...query, ...after }));
    for await (const { receipts } of pages) yield receipts;
  };
}

/** The size of a page that was asked for: at least 1, at most `most`. */
function within(size: number, most: number): number {
  return Math.min(Math.max(1, Math.trunc(size)), most);
}

/** All pages of a list; each is read when the one before has been taken. */
async function* pagesOf<Page extends { readonly next?: string }>(
  read: (after: { readonly after?: string }) => Promise<Page>,
): AsyncGenerator<Page, void> {
  let next: string | undefined;
  do {
    const page = await read(next === undefined ? {} : { after: next });
    yield page;
    next = page.next;
  } while (next !== undefined);
}

function listedReceipt({
  userId,
  receipt,
}: ReceiptPage["receipts"][number]): Omit<ListedReceipt, "state" | "email"> {
  const { role, rules, connection, issuer, settingsVersion, formerUser, at } = receipt;
  const { groups, organizations } = receipt;
  return {
    userId,
    role,
    groups: excerpt(groups, MOST_NAMED),
    organizations:
      organizations.kind === "all"
        ? organizations
        : { kind: "selected", ...excerpt(organizations.ids, MOST_NAMED) },
    ...(rules === undefined
      ? {}
      : { rules: rules.slice(0, MOST_NAMED).map(({ number, matched }) => ({ number, matched })) }),
    ...defined({ connection }),
    issuer,
    settingsVersion,
    ...defined({ formerUser }),
    at,
  };
}

/** The first `most` of `items`, and how many there are. */
export function excerpt<T>(items: readonly T[], most: number): Excerpt<T> {
  return { count: items.length, first: items.slice(0, most) };
}
