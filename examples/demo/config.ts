import { z } from "zod";
import { parseDomain } from "../../src/domain/email-address.ts";
import type { ProvisioningRule } from "../../src/mod.ts";
import { type DatabaseAddress, parseDatabaseUrl } from "./database-url.ts";
import { ROLES, roleNamed } from "./roles.ts";

/** What the environment says, checked. */
export interface DemoConfig {
  /** 0: any free port. */
  readonly port: number;
  /** Where browsers reach the demo; by its own port on localhost when absent. No slash at the end. */
  readonly baseUrl?: string;
  /** The address to listen on; loopback unless `baseUrl` names another host. */
  readonly host?: string;
  readonly database: DatabaseAddress;
  /** A file with the metadata of an IdP to use instead of the demo's own. */
  readonly idpMetadata?: string;
  /** Several identity providers to use instead. */
  readonly connections?: readonly DemoConnection[];
  /** Whether connections may follow metadata of this computer as well; only where the demo is local. */
  readonly loopbackMetadata: boolean;
  /** What new users get. */
  readonly defaults: {
    readonly role: string;
    readonly groups: readonly string[];
    readonly organizations: "all" | readonly string[];
  };
  /** Rules that refine the defaults; IDs are names here. */
  readonly rules: readonly ProvisioningRule[];
  readonly whenNoRuleMatches: "defaults" | "refuse";
  readonly licenseLimit?: number;
  readonly allowedDomains: readonly string[];
  /** Domains that are proven; absent if none need a proof. */
  readonly verifiedDomains?: readonly string[];
  readonly enforcement: { readonly enabled: boolean; readonly exempt: readonly string[] };
}

/** A connection of `CONNECTIONS`. */
export interface DemoConnection {
  readonly id: string;
  readonly name: string;
  /** A file with metadata, or a URL: https is followed, http is read once at the start. */
  readonly metadata: string;
  readonly domains: readonly string[];
  /** Default: whether it is the only connection and lists no domains. */
  readonly acceptsOtherDomains?: boolean;
}

/** The environment does not describe a demo that could start. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const MAX_NAME_LENGTH = 255;
const CONTROL = /\p{Cc}/u;
const UNSET = "";

const text = z.string().trim();
const optionalText = text.optional().transform((value) => (value === UNSET ? undefined : value));

const names = (fallback: string) =>
  text.default(fallback).transform((value, issues) => {
    const listed = [...new Set(value.split(",").map((name) => name.trim()))].filter(Boolean);
    for (const name of listed) {
      if (name.length > MAX_NAME_LENGTH || CONTROL.test(name)) {
        issues.addIssue(`a name must have 1 to ${MAX_NAME_LENGTH} printable characters`);
      }
    }
    return listed;
  });

const domains = names("").transform((listed, issues) =>
  listed.flatMap((name) => {
    const domain = parseDomain(name);
    if (domain === undefined) issues.addIssue(`${name} is not a domain name`);
    return domain ?? [];
  }),
);

const nameList = z.array(text.min(1).max(MAX_NAME_LENGTH));

/** A rule of `JIT_RULES`: what the settings take, with the names of roles, groups, organizations. */
const rule = z
  .strictObject({
    when: z.union([
      z.strictObject({ attribute: z.string(), anyOf: z.array(z.string()) }),
      z.strictObject({ emailDomain: z.array(z.string()) }),
      z.strictObject({ connection: z.array(z.string()) }),
    ]),
    role: text.transform(roleIdOf).exactOptional(),
    groups: nameList.exactOptional(),
    organizations: z
      .union([
        z.literal("all").transform(() => ({ kind: "all" }) as const),
        nameList.transform((ids) => ({ kind: "selected", ids }) as const),
      ])
      .exactOptional(),
    refuse: z.literal(true).exactOptional(),
  })
  .array();

const connections = z
  .strictObject({
    id: text.min(1),
    name: text.min(1),
    metadata: text.min(1),
    domains: z.array(text).default([]),
    acceptsOtherDomains: z.boolean().exactOptional(),
  })
  .array()
  .min(1);

const environment = z.object({
  PORT: optionalText.transform((value, issues) => integer(value ?? "3000", 65_535, issues)),
  BASE_URL: optionalText.transform((value, issues) =>
    value === undefined ? undefined : baseUrlOf(value, issues),
  ),
  HOST: optionalText,
  DATABASE_URL: optionalText.transform((value, issues) => {
    const address = parseDatabaseUrl(value ?? "sqlite:.cache/demo.sqlite");
    if (address !== undefined) return address;
    issues.addIssue("must be sqlite:PATH, postgres://… or mysql://…");
    return z.NEVER;
  }),
  IDP_METADATA: optionalText,
  LOOPBACK_METADATA: optionalText.transform(booleanOf),
  CONNECTIONS: optionalText.transform((value, issues) => {
    if (value === undefined) return undefined;
    const read = connections.safeParse(jsonOf(value));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) {
      issues.addIssue(`must be a JSON array of connections: ${[...path, message].join(" ")}`);
    }
    return z.NEVER;
  }),
  JIT_ROLE: optionalText.transform((value, issues) => roleIdOf(value ?? "Editor", issues)),
  JIT_GROUPS: names("Staff"),
  JIT_ORGANIZATIONS: names("Acme, Globex").transform((listed, issues) => {
    const all = listed.filter((name) => name === "*" || name.toLowerCase() === "all");
    if (all.length === 0) return listed;
    if (all.length < listed.length) issues.addIssue(`must be "${all[0]}" alone, or names`);
    return "all" as const;
  }),
  JIT_RULES: optionalText.transform((value, issues): readonly ProvisioningRule[] => {
    const read = rule.safeParse(jsonOf(value ?? "[]"));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) {
      issues.addIssue(`must be a JSON array of rules: ${[...path, message].join(" ")}`);
    }
    return z.NEVER;
  }),
  WHEN_NO_RULE_MATCHES: optionalText.transform((value, issues) => {
    if (value === undefined || value === "defaults" || value === "refuse") {
      return value ?? "defaults";
    }
    issues.addIssue(`must be defaults or refuse: ${value}`);
    return z.NEVER;
  }),
  LICENSE_LIMIT: optionalText.transform((value, issues) =>
    value === undefined ? undefined : integer(value, 1_000_000_000, issues),
  ),
  ALLOWED_EMAIL_DOMAINS: domains,
  VERIFIED_DOMAINS: optionalText.pipe(domains.optional()),
  SSO_ENFORCED: optionalText.transform(booleanOf),
  SSO_EXEMPT: names(""),
});

/**
 * Reads the environment.
 *
 * @throws ConfigError with every fault, by the variable's name.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  const read = environment.safeParse(env);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new ConfigError(faults.join("\n"));
  }
  const found = read.data;
  if (found.LOOPBACK_METADATA && !isLocal(found.BASE_URL, found.HOST)) {
    throw new ConfigError("LOOPBACK_METADATA is for a demo that only this computer can reach");
  }
  return {
    port: found.PORT,
    ...(found.BASE_URL === undefined ? {} : { baseUrl: found.BASE_URL }),
    ...(found.HOST === undefined ? {} : { host: found.HOST }),
    database: found.DATABASE_URL,
    ...(found.IDP_METADATA === undefined ? {} : { idpMetadata: found.IDP_METADATA }),
    ...(found.CONNECTIONS === undefined ? {} : { connections: found.CONNECTIONS }),
    loopbackMetadata: found.LOOPBACK_METADATA,
    defaults: {
      role: found.JIT_ROLE,
      groups: found.JIT_GROUPS,
      organizations: found.JIT_ORGANIZATIONS,
    },
    rules: found.JIT_RULES,
    whenNoRuleMatches: found.WHEN_NO_RULE_MATCHES,
    ...(found.LICENSE_LIMIT === undefined ? {} : { licenseLimit: found.LICENSE_LIMIT }),
    allowedDomains: found.ALLOWED_EMAIL_DOMAINS,
    ...(found.VERIFIED_DOMAINS === undefined ? {} : { verifiedDomains: found.VERIFIED_DOMAINS }),
    enforcement: { enabled: found.SSO_ENFORCED, exempt: found.SSO_EXEMPT },
  };
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/** Whether a URL or an address names this computer only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host.toLowerCase());
}

/** Whether only this computer can reach the demo; so it is unless told otherwise. */
export function isLocal(baseUrl: string | undefined, host: string | undefined): boolean {
  const named = baseUrl === undefined ? [] : [new URL(baseUrl).hostname];
  return [...named, ...(host === undefined ? [] : [host])].every(isLoopback);
}

function roleIdOf(value: string, issues: Issues): string {
  const role = roleNamed(value);
  if (role !== undefined) return role.id;
  issues.addIssue(`must be one of ${ROLES.map(({ name }) => name).join(", ")}: ${value}`);
  return z.NEVER;
}

interface Issues {
  addIssue(message: string): void;
}

function booleanOf(value: string | undefined, issues: Issues): boolean {
  if (value !== undefined && value !== "true" && value !== "false") {
    issues.addIssue(`must be true or false: ${value}`);
  }
  return value === "true";
}

function integer(value: string, max: number, issues: Issues): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= max)) issues.addIssue(`must be an integer from 0 to ${max}: ${value}`);
  return number;
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function baseUrlOf(value: string, issues: Issues): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url !== undefined && [`${url.origin}/`, url.origin].includes(url.href);
  if (!plain || !["http:", "https:"].includes(url.protocol)) {
    issues.addIssue(`must be an http or https URL without a path: ${value}`);
    return value;
  }
  return url.origin;
}
