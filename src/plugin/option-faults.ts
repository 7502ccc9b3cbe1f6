import { z } from "zod";
import { OFFERED_LANGUAGES, textFaults } from "../adapters/koa/page/texts.ts";
import type { BodyLimits } from "../adapters/koa/request.ts";
import { withExampleTenant } from "../adapters/koa/tenant-context.ts";
import { tablesOf } from "../adapters/objection/migrations/table-names.ts";
import { hostUsersFaults } from "../adapters/objection/users/host-users-faults.ts";
import { serviceProviderKeyFaults } from "../adapters/saml2-js/crypto/service-provider-keys.ts";
import type {
  AttributeConsumingService,
  LocalizedText,
  MetadataContact,
  MetadataOrganization,
  RequestedAttribute,
} from "../adapters/saml2-js/metadata/sp-description.ts";
import type { TimeLimits } from "../adapters/saml2-js/response/checks.ts";
import { parseTenantId } from "../domain/tenant.ts";
import type { PluginOptions, ServiceProviderOptions } from "./options.ts";

/**
 * Everything that is wrong with the options of the plugin, each fault with its dotted path. Values
 * are not quoted: some of them are secret.
 *
 * @param options as the host gave them: JavaScript hosts have no compiler.
 */
export function pluginOptionFaults(options: unknown): readonly string[] {
  const shape = Options.safeParse(options);
  const faults = shape.success ? [] : shape.error.issues.flatMap(textsOf);
  return [...faults, ...mappingFaults(options)];
}

type Checks<Checked> = { readonly [Name in keyof Required<Checked>]: z.ZodType };

type Callback = (...args: never) => unknown;

const callback = z.custom<Callback>((value) => typeof value === "function", "must be a function");
const positive = z.number("must be a number").positive("must be greater than 0");
const whole = positive.int("must be an integer");
const methods = (...names: readonly string[]) =>
  z.custom<object>(
    (value) =>
      (typeof value === "object" || typeof value === "function") &&
      value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === "function"),
    `must have the methods ${names.join(", ")}`,
  );

const BaseUrl = z.string("must be a string").refine(isBaseUrl, {
  message:
    'must be an absolute http or https URL without query, fragment, credentials, white space or empty path segments; ":tenant" can only be the first label of its host name',
});

const EntityId = z
  .string("must be a string")
  .regex(/^[^\s\p{Cc}\p{Cs}]{1,1024}$/u, "must be 1 to 1024 characters without white space");

const path = (form: RegExp, message: string) =>
  z
    .string("must be a string")
    .regex(form, message)
    .refine((text) => !/\/\.{1,2}(?:\/|$)/.test(text), 'must not contain "." or ".."')
    .refine((text) => text.split(":tenant").length <= 2, 'must contain ":tenant" at most once');

const Prefix = path(
  /^(?:\/(?::tenant|[A-Za-z0-9._~-]+))+$/,
  'must be a path such as "/saml" or "/:tenant/saml", without a trailing slash',
);

const AdditionalAcsPaths = z
  .array(
    path(
      /^(?:\/(?::tenant|[A-Za-z0-9._~-]+))+\/?$/,
      'must be a path such as "/login/callback" or "/:tenant/login/callback"',
    ),
    "must be a list of paths",
  )
  .max(16, "must contain at most 16 paths")
  .refine((paths) => areDistinct(paths.map((text) => text.replace(/\/$/, ""))), {
    message: "must contain each path once",
  });

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

const text = z
  .string("must be a string")
  .regex(/^[^\p{Cc}\p{Cs}]{1,1024}$/u, "must be 1 to 1024 characters, no control characters")
  .refine((given) => given.trim() !== "", "must not be blank");

const Uri = z
  .string("must be a string")
  .regex(/^[^\s\p{Cc}\p{Cs}]{1,1024}$/u, "must be a URI of 1 to 1024 characters");

/** BCP 47, as xs:language has it. */
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}$/;

/** Items by language tag; a single one is English. */
const localized = (item: z.ZodType<string>, what: string) =>
  z.custom<LocalizedText>((given) => {
    if (typeof given === "string") return item.safeParse(given).success;
    if (typeof given !== "object" || given === null) return false;
    const entries = Object.entries(given);
    return (
      entries.length > 0 &&
      entries.every(([language, one]) => LANGUAGE.test(language) && item.safeParse(one).success)
    );
  }, `must be ${what}, or an object with one for each language tag`);

const WebUrl = Uri.refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url));

const ORGANIZATION = {
  name: localized(text, "a text"),
  displayName: localized(text, "a text").optional(),
  url: localized(WebUrl, "an http or https URL"),
} satisfies Checks<MetadataOrganization>;

const CONTACT = {
  type: z.enum(["technical", "support", "administrative", "billing", "other"], {
    message: "must be technical, support, administrative, billing or other",
  }),
  company: text.optional(),
  givenName: text.optional(),
  surname: text.optional(),
  emailAddresses: z
    .array(
      z
        .string("must be a string")
        .regex(/^[^\s@:?\p{Cc}\p{Cs}]+@[^\s@:?\p{Cc}\p{Cs}]+$/u, "must be an email address"),
    )
    .optional(),
  telephoneNumbers: z.array(text).optional(),
} satisfies Checks<MetadataContact>;

const REQUESTED_ATTRIBUTE = {
  name: text,
  nameFormat: Uri.optional(),
  friendlyName: text.optional(),
  required: z.boolean("must be a boolean").optional(),
} satisfies Checks<RequestedAttribute>;

const ATTRIBUTE_CONSUMING_SERVICE = {
  serviceName: localized(text, "a text"),
  serviceDescription: localized(text, "a text").optional(),
  requestedAttributes: z
    .array(z.strictObject(REQUESTED_ATTRIBUTE))
    .min(1, "must contain an attribute"),
} satisfies Checks<AttributeConsumingService>;

const TablePrefix = z.string("must be a string").superRefine((prefix, context) => {
  const fault = messageOf(() => tablesOf(prefix));
  if (fault !== undefined) context.addIssue(fault.replace(/^tablePrefix /, ""));
});

const Keys = z
  .array(
    z.strictObject({
      privateKey: z.string("must be a PEM string"),
      certificate: z.string("must be a PEM string"),
      use: z.enum(["next", "retiring"], 'must be "next" or "retiring"').optional(),
    }),
  )
  .superRefine((keys, context) => {
    for (const { path, message } of serviceProviderKeyFaults(keys)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

const Stores = z.object({
  stores: z.object({
    users: methods("findByEmail", "create"),
    settings: methods("load", "save", "list"),
    ledger: methods("consume", "purgeExpired"),
    audit: methods("append", "appendSignIn", "appendRefusal", "page"),
    testSignIns: methods("add", "find", "finish"),
    domainProofs: methods("list", "add", "replace", "forget"),
    refreshes: methods("load", "save", "forget"),
    events: methods("append", "claim", "delivered", "purgeBefore"),
  }),
  unitOfWork: methods("run"),
});

const SERVICE_PROVIDER = {
  entityId: EntityId.optional(),
  nameIdFormats: z
    .array(Uri)
    .refine(areDistinct, { message: "must contain each format once" })
    .optional(),
  organization: z.strictObject(ORGANIZATION).optional(),
  contacts: z.array(z.strictObject(CONTACT)).optional(),
  attributeConsumingService: z.strictObject(ATTRIBUTE_CONSUMING_SERVICE).optional(),
  keys: Keys.optional(),
} satisfies Checks<ServiceProviderOptions>;

const LIMITS = {
  clockSkewMs: z
    .number("must be a number")
    .min(0, "must be 0 or greater")
    .max(600_000, "must be at most 600000"),
  // Purging keeps used assertions for as long.
  maxAgeMs: positive.max(86_400_000, "must be at most 86400000"),
  maxUnsolicitedAgeMs: positive.max(86_400_000, "must be at most 86400000"),
  formBytes: whole,
  jsonBytes: whole,
} satisfies Checks<TimeLimits & BodyLimits>;

/** Nothing that could end the declaration in a style, and be another. */
function isFontList(text: string): boolean {
  return text.split(",").every((family) => /^(?:"[\w .-]+"|[\w-][\w -]*)$/.test(family.trim()));
}

const LanguageTag = z.string("must be a language tag").refine(isLanguageTag, {
  message: "must be a language tag (BCP 47) such as de or pt-BR",
});

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

const Languages = z
  .strictObject({
    offered: z
      .array(LanguageTag)
      .min(1, "must contain a language")
      .refine(areDistinct, { message: "must contain each language once" })
      .optional(),
    choose: callback.optional(),
    texts: z
      .union(
        [z.record(z.string(), z.looseObject({})), callback],
        "must be texts by language tag, or a function",
      )
      .optional(),
  })
  .superRefine(({ texts, offered = OFFERED_LANGUAGES }, context) => {
    const needs = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: ["texts", ...path], message });
    if (typeof texts !== "object") return;
    for (const [tag, given] of Object.entries(texts)) {
      if (!offered.some((one) => one === tag || one.split("-")[0] === tag)) {
        needs([tag], "is the text of a language that languages.offered does not contain");
      }
      for (const { path, message } of textFaults(given)) needs([tag, ...path], message);
    }
  });

/** One check per option: an option without a check does not compile. */
const OPTIONS = {
  baseUrl: BaseUrl,
  prefix: Prefix.optional(),
  additionalAcsPaths: AdditionalAcsPaths.optional(),
  knex: methods("transaction", "raw").optional(),
  storage: z
    .union(
      [z.literal("memory"), Stores],
      'must be "memory" or an object with stores and unitOfWork',
    )
    .optional(),
  tablePrefix: TablePrefix.optional(),
  hostUsers: z.unknown().optional(),
  users: callback.optional(),
  serviceProvider: z.strictObject(SERVICE_PROVIDER).optional(),
  signIn: callback,
  requireAdmin: callback,
  catalog: methods(
    "roles",
    "groupsByIds",
    "organizationsByIds",
    "searchGroups",
    "searchOrganizations",
  ),
  organizationRequired: z.boolean("must be a boolean").optional(),
  secondReading: z.enum(["verify", "read", "off"], 'must be "verify", "read" or "off"').optional(),
  licenseLimit: callback.optional(),
  verifiedDomains: z.union([z.literal("dns"), callback], 'must be "dns" or a function').optional(),
  fetchMetadata: z
    .union([z.literal("guarded"), callback], 'must be "guarded" or a function')
    .optional(),
  resolveTenant: callback.optional(),
  tenant: z
    .string("must be a string")
    .refine((id) => parseTenantId(id) !== undefined, 'must be 1 to 64 letters, digits or "._~:@-"')
    .optional(),
  logger: methods("info", "warn", "error").optional(),
  telemetry: methods("observe").optional(),
  clock: methods("now").optional(),
  settingsPage: z.boolean("must be a boolean").optional(),
  languages: Languages.optional(),
  theme: z
    .strictObject({
      accent: z
        .string()
        .regex(/^#(?:[\da-f]{3}|[\da-f]{6})$/i, "must be a colour such as #0a7d5a")
        .optional(),
      font: z
        .string()
        .max(200)
        .refine(isFontList, 'must be a list of CSS font families such as "Inter, sans-serif"')
        .optional(),
    })
    .optional(),
  renderPage: callback.optional(),
  logout: z.strictObject({ currentSamlSession: callback, signOut: callback }).optional(),
  events: z.boolean("must be a boolean").optional(),
  limits: z.strictObject(LIMITS).partial().optional(),
  override: callback.optional(),
} satisfies Checks<PluginOptions & { readonly override?: unknown }>;

/** Names of all options; members of `serviceProvider` and `limits` by dotted path. */
export const OPTION_NAMES: readonly string[] = [
  ...Object.keys(OPTIONS).filter((name) => name !== "serviceProvider" && name !== "limits"),
  ...Object.keys(SERVICE_PROVIDER).map((name) => `serviceProvider.${name}`),
  ...Object.keys(LIMITS).map((name) => `limits.${name}`),
];

const Options = z.strictObject(OPTIONS).superRefine((options, context) => {
  const needs = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if ((options.knex === undefined) === (options.storage === undefined)) {
    needs("knex", "is required unless storage is set; set exactly one of them");
  }
  if (options.users !== undefined && options.hostUsers !== undefined) {
    needs("users", "excludes hostUsers");
  }
  for (const name of ["tablePrefix", "hostUsers", "users"] as const) {
    if (options[name] !== undefined && options.knex === undefined) needs(name, "requires knex");
  }
  const tenants = options.prefix?.includes(":tenant") === true;
  const tenantHosts = options.baseUrl.includes(":tenant");
  if ([tenants, tenantHosts, options.tenant !== undefined].filter(Boolean).length > 1) {
    needs("tenant", 'excludes ":tenant" in prefix and in baseUrl, which exclude each other');
  }
  if ((tenants || tenantHosts) !== (options.resolveTenant !== undefined)) {
    needs(
      "resolveTenant",
      'is required if prefix or baseUrl contains ":tenant", and not allowed otherwise',
    );
  }
  const hasTenants = tenants || tenantHosts || options.tenant !== undefined;
  if (options.hostUsers !== undefined && hasTenantColumn(options.hostUsers) !== hasTenants) {
    needs(
      "hostUsers.columns.tenant",
      hasTenants
        ? "is required where there are tenants: they would share their users"
        : 'requires tenant, or ":tenant" in prefix or baseUrl: which tenant\'s users sign in?',
    );
  }
  for (const [index, acsPath] of (options.additionalAcsPaths ?? []).entries()) {
    if (acsPath.includes(":tenant") !== tenants) {
      needs(
        `additionalAcsPaths[${index}]`,
        'must contain ":tenant" if prefix does, and not otherwise',
      );
    }
  }
  if (options.logout !== undefined && !options.serviceProvider?.keys?.length) {
    needs("serviceProvider.keys", "must contain a key: logout messages are signed");
  }
});

function hasTenantColumn(hostUsers: unknown): boolean {
  const mapping = z.object({ columns: z.object({ tenant: z.unknown() }) }).safeParse(hostUsers);
  return mapping.data?.columns.tenant !== undefined;
}

function mappingFaults(options: unknown): readonly string[] {
  if (typeof options !== "object" || options === null) return [];
  const users: unknown = Reflect.get(options, "hostUsers");
  return users === undefined ? [] : hostUsersFaults(users);
}

function isBaseUrl(text: string): boolean {
  const example = withExampleTenant(text);
  if (!URL.canParse(example) || example.includes(":tenant")) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(example);
  return (
    (protocol === "https:" || protocol === "http:") &&
    search + hash + username + password === "" &&
    !pathname.includes("//") &&
    !/[?#\s\p{Cc}]/u.test(text)
  );
}

function textsOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `unknown option ${path === "" ? key : `${path}.${key}`}`);
  }
  return [`${path === "" ? "options" : path} ${ruleOf(issue)}`];
}

/** The message of the schema; types without one get a rule in the same words. */
function ruleOf(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (issue.code !== "invalid_type" || !message.startsWith("Invalid input")) return message;
  return `must be ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
}

function messageOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
