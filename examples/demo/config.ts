import { z } from "zod";
import { parseDomain } from "../../src/domain/email-address.ts";
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
  /** What new users get. */
  readonly defaults: {
    readonly role: string;
    readonly groups: readonly string[];
    readonly organizations: "all" | readonly string[];
  };
  readonly licenseLimit?: number;
  readonly allowedDomains: readonly string[];
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
  JIT_ROLE: optionalText.transform((value, issues) => {
    const role = roleNamed(value ?? "Editor");
    if (role !== undefined) return role.id;
    issues.addIssue(`must be one of ${ROLES.map(({ name }) => name).join(", ")}: ${value}`);
    return z.NEVER;
  }),
  JIT_GROUPS: names("Staff"),
  JIT_ORGANIZATIONS: names("Acme, Globex").transform((listed, issues) => {
    const all = listed.filter((name) => name === "*" || name.toLowerCase() === "all");
    if (all.length === 0) return listed;
    if (all.length < listed.length) issues.addIssue(`must be "${all[0]}" alone, or names`);
    return "all" as const;
  }),
  LICENSE_LIMIT: optionalText.transform((value, issues) =>
    value === undefined ? undefined : integer(value, 1_000_000_000, issues),
  ),
  ALLOWED_EMAIL_DOMAINS: names("").transform((listed, issues) =>
    listed.flatMap((name) => {
      const domain = parseDomain(name);
      if (domain === undefined) issues.addIssue(`${name} is not a domain name`);
      return domain ?? [];
    }),
  ),
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
  return {
    port: found.PORT,
    ...(found.BASE_URL === undefined ? {} : { baseUrl: found.BASE_URL }),
    ...(found.HOST === undefined ? {} : { host: found.HOST }),
    database: found.DATABASE_URL,
    ...(found.IDP_METADATA === undefined ? {} : { idpMetadata: found.IDP_METADATA }),
    defaults: {
      role: found.JIT_ROLE,
      groups: found.JIT_GROUPS,
      organizations: found.JIT_ORGANIZATIONS,
    },
    ...(found.LICENSE_LIMIT === undefined ? {} : { licenseLimit: found.LICENSE_LIMIT }),
    allowedDomains: found.ALLOWED_EMAIL_DOMAINS,
  };
}

interface Issues {
  addIssue(message: string): void;
}

function integer(value: string, max: number, issues: Issues): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= max)) issues.addIssue(`must be an integer from 0 to ${max}: ${value}`);
  return number;
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
