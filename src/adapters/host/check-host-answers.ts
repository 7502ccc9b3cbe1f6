import { MAX_CATALOG_KEY_LENGTH, type NamedAccess, type Role } from "../../domain/access.ts";
import { provenDomains } from "../../domain/domain-proof.ts";
import { parseDomain } from "../../domain/email-address.ts";
import { METADATA_FAILURES } from "../../domain/metadata-refresh.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type {
  AccessCatalog,
  CatalogPage,
  CatalogQuery,
  LicenseLimit,
  VerifiedDomains,
} from "../../ports/access-catalog.ts";
import type { DomainProofs } from "../../ports/domain-proofs.ts";
import { type Awaitable, callHost, HostMistakeError } from "../../ports/errors.ts";
import type { FetchMetadata } from "../../ports/metadata-refresh.ts";

/**
 * The host's catalog, with its answers checked: a role without `licensed` would take no license,
 * and an ID that is a number would equal none that settings name.
 *
 * @throws HostMistakeError from the calls whose answer breaks {@link AccessCatalog}.
 */
export function checkCatalog(catalog: AccessCatalog): AccessCatalog {
  return {
    roles: (tenant) => list("roles", () => catalog.roles(tenant), role),
    groupsByIds: (tenant, ids) =>
      list("groupsByIds", () => catalog.groupsByIds(tenant, ids), toNamedAccess),
    organizationsByIds: (tenant, ids) =>
      list("organizationsByIds", () => catalog.organizationsByIds(tenant, ids), toNamedAccess),
    searchGroups: (tenant, query) =>
      page("searchGroups", () => catalog.searchGroups(tenant, query), query),
    searchOrganizations: (tenant, query) =>
      page("searchOrganizations", () => catalog.searchOrganizations(tenant, query), query),
    administratorsByIds: (tenant, ids) =>
      list(
        "administratorsByIds",
        async () => (await catalog.administratorsByIds?.(tenant, ids)) ?? [],
        toNamedAccess,
      ),
  };
}

/** An entry of a result, and its path in messages. */
interface Entry {
  readonly at: string;
  readonly value: unknown;
}

/** What a method of the catalog returns. */
async function answerOf(
  method: keyof AccessCatalog,
  call: () => Awaitable<unknown>,
): Promise<Entry> {
  return { at: `catalog.${method}()`, value: await callHost(`catalog.${method}`, call) };
}

async function list<T>(
  method: keyof AccessCatalog,
  call: () => Awaitable<unknown>,
  read: (entry: Entry) => T,
): Promise<readonly T[]> {
  return entries(await answerOf(method, call), read);
}

async function page(
  method: keyof AccessCatalog,
  call: () => Awaitable<unknown>,
  { limit }: CatalogQuery,
): Promise<CatalogPage> {
  const entry = await answerOf(method, call);
  const items = entries({ at: `${entry.at}.items`, value: member(entry, "items") }, toNamedAccess);
  if (items.length > limit) throw mistake(`${entry.at}.items`, "no longer than the query's limit");
  const next = member(entry, "next");
  if (next === undefined || next === null) return { items };
  if (typeof next === "string" && next !== "" && next.length <= MAX_CATALOG_KEY_LENGTH) {
    return { items, next };
  }
  throw mistake(`${entry.at}.next`, `1 to ${MAX_CATALOG_KEY_LENGTH} characters long or undefined`);
}

function entries<T>({ at, value }: Entry, read: (entry: Entry) => T): readonly T[] {
  if (!Array.isArray(value)) throw mistake(at, "an array");
  return value.map((item, index) => read({ at: `${at}[${index}]`, value: item }));
}

function role(entry: Entry): Role {
  const most = member(entry, "maxOrganizations");
  return {
    ...toNamedAccess(entry),
    licensed: flag(entry, "licensed"),
    privileged: flag(entry, "privileged"),
    // Hosts that read it from a database may return null for no limit.
    ...(most === undefined || most === null ? {} : { maxOrganizations: count(entry, most) }),
  };
}

function toNamedAccess(entry: Entry): NamedAccess {
  const id = text(entry, "id");
  if (id === "" || id.length > 255) throw mistake(`${entry.at}.id`, "1 to 255 characters long");
  return { id, name: text(entry, "name") };
}

function text(entry: Entry, name: string): string {
  const value = member(entry, name);
  if (typeof value === "string") return value;
  throw mistake(`${entry.at}.${name}`, "a string");
}

function flag(entry: Entry, name: string): boolean {
  const value = member(entry, name);
  if (typeof value === "boolean") return value;
  throw mistake(`${entry.at}.${name}`, "a boolean");
}

function count({ at }: Entry, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw mistake(`${at}.maxOrganizations`, "a non-negative integer or undefined");
}

function member({ at, value }: Entry, name: string): unknown {
  if (typeof value !== "object" || value === null) throw mistake(at, "an object");
  return Reflect.get(value, name);
}

function mistake(place: string, rule: string): HostMistakeError {
  return new HostMistakeError(`${place} must be ${rule}`);
}

/**
 * Domains in normal form; `undefined` if the host asks for no proof. What is no domain proves nothing, so it is an error of the host instead.
 *
 * @throws HostMistakeError
 */
export function checkVerifiedDomains(
  ask: ((tenant: TenantId) => unknown) | "dns" | undefined,
  proofs: DomainProofs,
): VerifiedDomains {
  if (ask === undefined) return async () => undefined;
  if (ask === "dns") return async (tenant) => provenDomains(await proofs.list(tenant));
  return async (tenant) => {
    const domains: unknown = await callHost("verifiedDomains", () => ask(tenant));
    if (!Array.isArray(domains)) {
      throw new HostMistakeError("verifiedDomains must return a list of domain names");
    }
    return new Set(
      domains.map((domain: unknown, index) => {
        const parsed = typeof domain === "string" ? parseDomain(domain) : undefined;
        if (parsed !== undefined) return parsed;
        throw new HostMistakeError(`verifiedDomains: entry ${index} is not a domain name`);
      }),
    );
  };
}

/**
 * The host's own way of fetching metadata, with its answers checked.
 *
 * @throws HostMistakeError when the host returns anything else.
 */
export function checkFetchMetadata(ask: FetchMetadata | undefined): FetchMetadata | undefined {
  if (ask === undefined) return undefined;
  return async (request) => {
    const answer = {
      at: "fetchMetadata()",
      value: await callHost("fetchMetadata", () => ask(request)),
    };
    const kind = member(answer, "kind");
    if (kind === "not-modified") return { kind };
    if (kind === "failed") {
      const given = member(answer, "code");
      const code = METADATA_FAILURES.find((known) => known === given) ?? "host-failed";
      return { kind, code, detail: text(answer, "detail").slice(0, 500) };
    }
    if (kind !== "metadata") throw mistake(answer.at, "of a known kind");
    const validator = (name: string) =>
      member(answer, name) === undefined ? {} : { [name]: text(answer, name) };
    return {
      kind,
      xml: text(answer, "xml"),
      ...validator("etag"),
      ...validator("lastModified"),
    };
  };
}

/**
 * A limit that is a whole number, or none. Anything else would compare as no limit at all, so it
 * is an error of the host instead.
 *
 * @throws HostMistakeError when the host says anything else.
 */
export function checkLicenseLimit(
  ask: LicenseLimit = () => undefined,
): (tenant: TenantId) => Promise<number | undefined> {
  return async (tenant) => {
    // Hosts that read it from a database may return null for no limit.
    const limit: unknown = (await callHost("licenseLimit", () => ask(tenant))) ?? undefined;
    if (limit === undefined || limit === Number.POSITIVE_INFINITY) return undefined;
    if (typeof limit === "number" && Number.isInteger(limit) && limit >= 0) return limit;
    throw new HostMistakeError("licenseLimit must return a non-negative integer or undefined");
  };
}
