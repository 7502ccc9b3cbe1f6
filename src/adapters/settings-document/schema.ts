import { z } from "zod";
import type { ProfileMapping } from "../../domain/assertion.ts";
import { defined } from "../../domain/defined.ts";
import { parseDomain, parseEmailAddress } from "../../domain/email-address.ts";
import { fromOneConnection, type OneConnectionSettings } from "../../domain/one-connection.ts";
import {
  MAX_RULE_VALUE_LENGTH,
  MAX_RULE_VALUES,
  MAX_RULES,
} from "../../domain/provisioning-faults.ts";
import {
  AUTHN_CONTEXT_COMPARISONS,
  type AutoProvisioning,
  BINDINGS,
  type Connection,
  type Enforcement,
  type IdentityProvider,
  MAX_EXEMPT,
  NOT_ENFORCED,
  type ProvisioningRule,
  type RuleCondition,
  type Settings,
  WEAK_ALGORITHMS,
} from "../../domain/settings.ts";
import { MAX_CERTIFICATES, MAX_CONNECTIONS } from "../../domain/settings-rules.ts";

/** Maximum number of entries of each list; an account may have 100,000 organizations. */
const MAX_DOMAINS = 1000;
const MAX_GROUPS = 10_000;
/** Maximum number of organizations in settings. */
export const MAX_ORGANIZATIONS = 100_000;

/** Neither control characters nor halves of surrogate pairs: not every database keeps them. */
const Text = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);
const Id = Text.min(1).max(255);

/** A list that is counted before anything in it is looked at. */
function list<T extends z.ZodType>(item: T, most: number) {
  return z.array(z.unknown()).max(most).pipe(z.array(item));
}

const Uri = z.string().regex(/^[^\s\p{Cc}\p{Cs}]{1,1024}$/u);

/** Maximum number of authentication context classes in a list. */
const MAX_CLASSES = 50;
const Classes = list(Uri, MAX_CLASSES);

const RequestedAuthnContextSchema = z.strictObject({
  classRefs: Classes.refine((classes) => classes.length > 0, "must contain a class"),
  comparison: z.enum(AUTHN_CONTEXT_COMPARISONS).default("exact"),
});

const IdentityProviderSchema = z.strictObject({
  entityId: Text,
  metadataUrl: z.string().exactOptional().meta({
    description: "https URL of its metadata, which refreshes follow. Default: nothing is fetched.",
  }),
  ssoUrl: z.string(),
  sloUrl: z.string().optional(),
  sloResponseUrl: z.string().optional(),
  sloBinding: z.enum(BINDINGS).optional(),
  certificates: list(z.string().max(20_000), MAX_CERTIFICATES),
  idpInitiated: z.boolean().default(true),
  signRequests: z.boolean().default(false),
  weakAlgorithms: list(z.enum(WEAK_ALGORITHMS), WEAK_ALGORITHMS.length).default([]),
  acceptExpiredCertificates: z.boolean().default(false),
  ssoBinding: z.enum(BINDINGS).exactOptional(),
  forceAuthn: z.boolean().exactOptional(),
  requestedAuthnContext: RequestedAuthnContextSchema.exactOptional(),
  acceptedAuthnContextClasses: Classes.exactOptional(),
  nameIdFormat: Uri.exactOptional(),
  omitAcsUrl: z.boolean().exactOptional(),
});

const EmailSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("automatic") }),
  z.strictObject({ kind: z.literal("attribute"), name: Text }),
  z.strictObject({ kind: z.literal("name-id") }),
]);

const ProfileSchema = z.strictObject({
  displayName: Text.optional(),
  firstName: Text.optional(),
  lastName: Text.optional(),
});

const OrganizationsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({ kind: z.literal("selected"), ids: list(Id, MAX_ORGANIZATIONS) }),
]);

const LicensePolicySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("deny") }),
  z.strictObject({ kind: z.literal("allow") }),
  z.strictObject({ kind: z.literal("lite"), role: Id }),
]);

const RuleValues = list(Text.max(MAX_RULE_VALUE_LENGTH), MAX_RULE_VALUES);

const ConditionSchema = z.union([
  z.strictObject({ attribute: Text, anyOf: RuleValues }),
  z.strictObject({ emailDomain: list(z.string().max(1024), MAX_RULE_VALUES) }),
  z.strictObject({ connection: list(Id, MAX_RULE_VALUES) }),
]);

const RuleSchema = z.strictObject({
  when: ConditionSchema,
  role: Id.optional(),
  groups: list(Id, MAX_GROUPS).optional(),
  organizations: OrganizationsSchema.optional(),
  refuse: z.literal(true).optional(),
});

const Domains = list(z.string().max(1024), MAX_DOMAINS);

const AutoProvisioningSchema = z.strictObject({
  enabled: z.boolean(),
  role: Id.optional(),
  privilegedRoleConfirmed: z.boolean().default(false),
  groups: list(Id, MAX_GROUPS).default([]),
  organizations: OrganizationsSchema,
  whenLicensesRunOut: LicensePolicySchema.default({ kind: "deny" }),
  rules: list(RuleSchema, MAX_RULES).default([]),
  whenNoRuleMatches: z.enum(["defaults", "refuse"]).default("defaults"),
  whenAddressChanged: z.enum(["create", "refuse"]).exactOptional().meta({
    description:
      "For newcomers whose persistent NameID is that of a user with another address. Default: `create`, with a warning.",
  }),
});

const EnforcementSchema = z.strictObject({
  enabled: z.boolean(),
  exempt: list(z.string().max(1024), MAX_EXEMPT).default([]),
});

const COMMON = {
  enforcement: EnforcementSchema.optional().meta({
    description: "Who must use single sign-on, and who need not. Default: nobody must.",
  }),
  enabled: z.boolean().meta({ description: "Whether users can sign in." }),
  autoProvisioning: AutoProvisioningSchema,
};

const Meta = z.unknown().optional().meta({ description: "Read-only data of `GET`; ignored." });

const ONE_CONNECTION = {
  ...COMMON,
  connection: IdentityProviderSchema.optional(),
  email: z.strictObject({ source: EmailSourceSchema, allowedDomains: Domains.default([]) }),
  profile: ProfileSchema.default({}),
};

/** The members of a document with one connection. */
export const ONE_CONNECTION_MEMBERS: Readonly<Record<keyof OneConnectionSettings, z.ZodType>> =
  ONE_CONNECTION;

const OneConnectionSchema = z
  .strictObject({ ...ONE_CONNECTION, meta: Meta })
  .meta({ id: "OneConnectionSettings" });

const CONNECTION = {
  id: Text.max(255).meta({
    description: "1 to 40 lower-case letters, digits and single hyphens; never changed.",
  }),
  name: Text.max(255),
  enabled: z.boolean().default(true),
  idp: IdentityProviderSchema.optional(),
  email: z.strictObject({ source: EmailSourceSchema }).default({ source: { kind: "automatic" } }),
  profile: ProfileSchema.default({}),
  domains: Domains.default([]),
  acceptsOtherDomains: z.boolean().optional().meta({
    description:
      "Whether it also signs in users of domains that no connection lists. Default: false, but true for an only connection that lists none.",
  }),
};

/** The members of a connection. */
export const CONNECTION_MEMBERS: Readonly<Record<keyof Connection, z.ZodType>> = CONNECTION;

const ConnectionSchema = z.strictObject(CONNECTION).meta({ id: "Connection" });

const SEVERAL_CONNECTIONS = {
  ...COMMON,
  connections: list(ConnectionSchema, MAX_CONNECTIONS),
  sharedDomains: Domains.default([]).meta({
    description: "Domains that two connections list on purpose, while users move.",
  }),
};

/** The members of a document with several connections. */
export const SEVERAL_CONNECTIONS_MEMBERS: Readonly<Record<keyof Settings, z.ZodType>> =
  SEVERAL_CONNECTIONS;

const SeveralConnectionsSchema = z
  .strictObject({ ...SEVERAL_CONNECTIONS, meta: Meta })
  .meta({ id: "SeveralConnectionsSettings" });

/** Body of `PUT /settings`. */
export const SettingsDocument: z.ZodType = z
  .union([OneConnectionSchema, SeveralConnectionsSchema])
  .meta({
    id: "SettingsDocument",
    description: "Settings of one connection, or of a list of connections.",
  });

/** Body of `PUT /settings/connections/{id}`. */
export const ConnectionDocument: z.ZodType = ConnectionSchema;

/**
 * A document that stands in a body of its own, and is read apart: {@link readShape} reports better.
 */
export const SettingsDraft: z.ZodType<unknown> = z
  .unknown()
  .meta({ $ref: "#/components/schemas/SettingsDocument" });

/** Form of a document: the only connection in it, or a list of connections. */
export type SettingsForm = "one-connection" | "several-connections";

/** What the shape of a document says: the settings in it, or zod's issues. */
export type ShapeResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/** The form that a document has: a list of connections makes it one of several. */
export function formOf(document: unknown): SettingsForm {
  return typeof document === "object" && document !== null && "connections" in document
    ? "several-connections"
    : "one-connection";
}

/** Reads a settings document's shape; its rules are the domain's. */
export function readShape(document: unknown): ShapeResult {
  if (formOf(document) === "several-connections") {
    const parsed = SeveralConnectionsSchema.safeParse(document, { reportInput: true });
    return parsed.success
      ? { ok: true, settings: severalOf(parsed.data) }
      : { ok: false, issues: parsed.error.issues };
  }
  const parsed = OneConnectionSchema.safeParse(document, { reportInput: true });
  return parsed.success
    ? { ok: true, settings: fromOneConnection(oneOf(parsed.data)) }
    : { ok: false, issues: parsed.error.issues };
}

/** Members that are absent are left out, and domains take their normal form. */
function oneOf(parsed: z.infer<typeof OneConnectionSchema>): OneConnectionSettings {
  const { enabled, connection, email, profile, autoProvisioning, enforcement } = parsed;
  return {
    enabled,
    ...(connection === undefined ? {} : { connection: idpOf(connection) }),
    email: { source: email.source, allowedDomains: email.allowedDomains.map(normalDomain) },
    profile: profileOf(profile),
    autoProvisioning: provisioningOf(autoProvisioning),
    ...(enforcement === undefined ? {} : { enforcement: enforcementOf(enforcement) }),
  };
}

function enforcementOf({ enabled, exempt }: z.infer<typeof EnforcementSchema>): Enforcement {
  return { enabled, exempt: exempt.map(normalAddress) };
}

function normalAddress(text: string): string {
  const parsed = parseEmailAddress(text);
  return parsed.ok ? parsed.address : text;
}

function severalOf(parsed: z.infer<typeof SeveralConnectionsSchema>): Settings {
  const { enabled, connections, sharedDomains, autoProvisioning, enforcement } = parsed;
  return {
    enabled,
    connections: connections.map((parsed) => connectionOf(parsed, connections.length === 1)),
    sharedDomains: sharedDomains.map(normalDomain),
    autoProvisioning: provisioningOf(autoProvisioning),
    enforcement: enforcement === undefined ? NOT_ENFORCED : enforcementOf(enforcement),
  };
}

function connectionOf(parsed: z.infer<typeof ConnectionSchema>, only: boolean): Connection {
  const { id, name, enabled, idp, email, profile, domains, acceptsOtherDomains } = parsed;
  return {
    id,
    name,
    enabled,
    ...(idp === undefined ? {} : { idp: idpOf(idp) }),
    email,
    profile: profileOf(profile),
    domains: domains.map(normalDomain),
    acceptsOtherDomains: acceptsOtherDomains ?? (only && domains.length === 0),
  };
}

function ruleOf(parsed: z.infer<typeof RuleSchema>): ProvisioningRule {
  const { when, role, groups, organizations, refuse } = parsed;
  return {
    when: conditionOf(when),
    ...defined({ role, groups, organizations, refuse }),
  };
}

function conditionOf(when: RuleCondition): RuleCondition {
  return "emailDomain" in when ? { emailDomain: when.emailDomain.map(normalDomain) } : when;
}

function normalDomain(domain: string): string {
  return parseDomain(domain.trim()) ?? domain;
}

function provisioningOf(parsed: z.infer<typeof AutoProvisioningSchema>): AutoProvisioning {
  const { role, rules, ...defaults } = parsed;
  return {
    ...defaults,
    ...defined({ role }),
    rules: rules.map(ruleOf),
  };
}

function profileOf(parsed: z.infer<typeof ProfileSchema>): ProfileMapping {
  const { displayName, firstName, lastName } = parsed;
  return {
    ...defined({ displayName, firstName, lastName }),
  };
}

function idpOf({
  sloUrl,
  sloResponseUrl,
  sloBinding,
  ...rest
}: z.infer<typeof IdentityProviderSchema>): IdentityProvider {
  return {
    ...rest,
    ...defined({ sloUrl, sloResponseUrl, sloBinding }),
  };
}
