import type { NamedAccess, Role } from "../domain/access.ts";
import type { AccessCatalog } from "../ports/access-catalog.ts";
import { HostMistakeError } from "./host-mistake.ts";

/**
 * The host's catalog, with its answers checked: a role without `licensed` would take no license, and
 * an ID that is a number would equal none that settings name.
 *
 * @throws HostMistakeError from the calls whose answer breaks {@link AccessCatalog}.
 */
export function checkedCatalog(catalog: AccessCatalog): AccessCatalog {
  return {
    roles: async (tenant) => list("roles", await catalog.roles(tenant), role),
    groupsByIds: async (tenant, ids) =>
      list("groupsByIds", await catalog.groupsByIds(tenant, ids), named),
    organizationsByIds: async (tenant, ids) =>
      list("organizationsByIds", await catalog.organizationsByIds(tenant, ids), named),
    searchGroups: (tenant, query) => catalog.searchGroups(tenant, query),
    searchOrganizations: (tenant, query) => catalog.searchOrganizations(tenant, query),
  };
}

/** What one entry of an answer says, and where it stands in messages. */
interface Entry {
  readonly at: string;
  readonly value: unknown;
}

function list<T>(method: string, answer: unknown, read: (entry: Entry) => T): readonly T[] {
  if (!Array.isArray(answer)) throw mistake(`catalog.${method}()`, "a list");
  return answer.map((value, index) => read({ at: `catalog.${method}()[${index}]`, value }));
}

function role(entry: Entry): Role {
  const most = member(entry, "maxOrganizations");
  return {
    ...named(entry),
    licensed: flag(entry, "licensed"),
    privileged: flag(entry, "privileged"),
    // Hosts that read it from a database say null where there is no bound.
    ...(most === undefined || most === null ? {} : { maxOrganizations: count(entry, most) }),
  };
}

function named(entry: Entry): NamedAccess {
  const id = text(entry, "id");
  if (id === "" || id.length > 255) throw mistake(`${entry.at}.id`, "1 to 255 characters long");
  return { id, name: text(entry, "name") };
}

function text(entry: Entry, name: string): string {
  const value = member(entry, name);
  if (typeof value === "string") return value;
  throw mistake(`${entry.at}.${name}`, "a text");
}

function flag(entry: Entry, name: string): boolean {
  const value = member(entry, name);
  if (typeof value === "boolean") return value;
  throw mistake(`${entry.at}.${name}`, "true or false");
}

function count({ at }: Entry, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw mistake(`${at}.maxOrganizations`, "a whole number of at least 0, or absent");
}

function member({ at, value }: Entry, name: string): unknown {
  if (typeof value !== "object" || value === null) throw mistake(at, "an object");
  return Reflect.get(value, name);
}

function mistake(place: string, rule: string): HostMistakeError {
  return new HostMistakeError(`${place} must be ${rule}`);
}
