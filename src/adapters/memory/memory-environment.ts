import { createHash } from "node:crypto";
import type { NamedAccess, Role } from "../../domain/access.ts";
import type { AccessCatalog, CatalogPage, CatalogQuery } from "../../ports/access-catalog.ts";
import type { Clock, IdSource, LogEvent, Logger } from "../../ports/environment.ts";
import type { FetchMetadata, MetadataRequest } from "../../ports/metadata-refresh.ts";

/** Metadata that identity providers publish. */
export interface MemoryMetadata {
  /** The port. */
  readonly fetchMetadata: FetchMetadata;
  /** What was asked for, oldest first. */
  readonly requests: readonly MetadataRequest[];
  /** Publishes a document at a URL; `undefined` takes it away. */
  publish(url: string, xml: string | undefined): void;
}

/** A clock that stands still until it is advanced. */
export interface FixedClock extends Clock {
  /** Moves on (or back) by `ms` milliseconds. */
  advance(ms: number): void;
  /** Jumps to `time`, in milliseconds since the epoch. */
  set(time: number): void;
}

/** A logger that keeps what it is given. */
export interface MemoryLogger extends Logger {
  /** Oldest first. */
  readonly events: readonly LeveledEvent[];
}

/** A log event with its level. */
export interface LeveledEvent {
  /** Which method of the logger was called. */
  readonly level: "info" | "warn" | "error";
  /** What it was called with. */
  readonly event: LogEvent;
}

/** Creates a clock at `time`, in milliseconds since the epoch. Default: 2026-01-01. */
export function makeFixedClock(time: number = Date.UTC(2026, 0, 1)): FixedClock {
  let current = time;
  return {
    now: () => current,
    advance: (ms) => {
      current += ms;
    },
    set: (next) => {
      current = next;
    },
  };
}

/** IDs that count up, so that a test can name them: `entry-00000001`, `REF-00001`. */
export function makeSequentialIds(): IdSource {
  let entries = 0;
  let references = 0;
  return {
    entryId: () => {
      entries += 1;
      return `entry-${String(entries).padStart(8, "0")}`;
    },
    reference: () => {
      references += 1;
      return `REF-${String(references).padStart(5, "0")}`;
    },
    digest: (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
  };
}

/** A logger whose events a test can look at. */
export function makeMemoryLogger(): MemoryLogger {
  const events: LeveledEvent[] = [];
  const keeping = (level: LeveledEvent["level"]) => (event: LogEvent) => {
    events.push({ level, event });
  };
  return {
    events,
    info: keeping("info"),
    warn: keeping("warn"),
    error: keeping("error"),
  };
}

/** What the host has to offer. */
export interface CatalogLists {
  /** Every role, in the order that administrators see. */
  readonly roles: readonly Role[];
  /** Every security group, likewise. */
  readonly groups: readonly NamedAccess[];
  /** Every organization, likewise. */
  readonly organizations: readonly NamedAccess[];
  /** Administrators with names. Default: none. */
  readonly administrators?: readonly NamedAccess[];
}

/** A catalog that a test can change. */
export interface MemoryCatalog extends AccessCatalog {
  /** Replaces the lists that are given, as an administrator of the host would. */
  replace(lists: Partial<CatalogLists>): void;
}

/** A catalog of fixed lists, the same for every tenant. */
export function makeMemoryCatalog(initial: CatalogLists): MemoryCatalog {
  let lists = initial;
  return {
    roles: async () => lists.roles,
    groupsByIds: async (_tenant, ids) => withIds(lists.groups, ids),
    organizationsByIds: async (_tenant, ids) => withIds(lists.organizations, ids),
    searchGroups: async (_tenant, query) => pageOf(lists.groups, query),
    searchOrganizations: async (_tenant, query) => pageOf(lists.organizations, query),
    administratorsByIds: async (_tenant, ids) => withIds(lists.administrators ?? [], ids),
    replace: (changed) => {
      lists = { ...lists, ...changed };
    },
  };
}

function withIds(entries: readonly NamedAccess[], ids: readonly string[]): readonly NamedAccess[] {
  const wanted = new Set(ids);
  return entries.filter(({ id }) => wanted.has(id));
}

function pageOf(entries: readonly NamedAccess[], query: CatalogQuery): CatalogPage {
  const text = query.search?.toLowerCase() ?? "";
  const start = entries.findIndex(({ id }) => id === query.after) + 1;
  const found: NamedAccess[] = [];
  for (let index = start; index < entries.length && found.length <= query.limit; index += 1) {
    const entry = entries[index];
    if (entry?.name.toLowerCase().includes(text)) found.push(entry);
  }
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  return found.length > query.limit && last !== undefined ? { items, next: last.id } : { items };
}

/** An internet with nothing but metadata, each document with an ETag. */
export function makeMemoryMetadata(): MemoryMetadata {
  const documents = new Map<string, string>();
  const requests: MetadataRequest[] = [];
  return {
    requests,
    publish: (url, xml) => {
      if (xml === undefined) documents.delete(url);
      else documents.set(url, xml);
    },
    fetchMetadata: async (request) => {
      requests.push(request);
      const xml = documents.get(request.url);
      if (xml === undefined) {
        const code = URL.canParse(request.url) ? "status-unexpected" : "url-refused";
        return { kind: "failed", code, detail: "nothing is published there" };
      }
      const etag = `"${createHash("sha256").update(xml).digest("hex")}"`;
      return request.etag === etag ? { kind: "not-modified" } : { kind: "metadata", xml, etag };
    },
  };
}
