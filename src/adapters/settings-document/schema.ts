import { z } from "zod";
import { parseDomain } from "../../domain/email-address.ts";
import type { ProfileMapping } from "../../domain/profile.ts";
import {
  MAX_RULE_VALUE_LENGTH,
  MAX_RULE_VALUES,
  MAX_RULES,
} from "../../domain/provisioning-faults.ts";
import {
  type Connection,
  type ProvisioningRule,
  type RuleCondition,
  type Settings,
  WEAK_ALGORITHMS,
} from "../../domain/settings.ts";
import { MAX_CERTIFICATES } from "../../domain/settings-rules.ts";

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

const ConnectionSchema = z.strictObject({
  entityId: Text,
  ssoUrl: z.string(),
  sloUrl: z.string().optional(),
  certificates: list(z.string().max(20_000), MAX_CERTIFICATES),
  idpInitiated: z.boolean().default(true),
  signRequests: z.boolean().default(false),
  weakAlgorithms: list(z.enum(WEAK_ALGORITHMS), WEAK_ALGORITHMS.length).default([]),
  acceptExpiredCertificates: z.boolean().default(false),
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

const MEMBERS = {
  enabled: z.boolean().meta({ description: "Whether users can sign in." }),
  connection: ConnectionSchema.optional(),
  email: z.strictObject({
    source: EmailSourceSchema,
    allowedDomains: list(z.string().max(1024), MAX_DOMAINS).default([]),
  }),
  profile: ProfileSchema.default({}),
  autoProvisioning: z.strictObject({
    enabled: z.boolean(),
    role: Id.optional(),
    privilegedRoleConfirmed: z.boolean().default(false),
    groups: list(Id, MAX_GROUPS).default([]),
    organizations: OrganizationsSchema,
    whenLicensesRunOut: LicensePolicySchema.default({ kind: "deny" }),
    rules: list(RuleSchema, MAX_RULES).default([]),
    whenNoRuleMatches: z.enum(["defaults", "refuse"]).default("defaults"),
  }),
};

/** The members of a settings document. */
export const SETTINGS_MEMBERS: Readonly<Record<keyof Settings, z.ZodType>> = MEMBERS;

const SettingsSchema = z
  .strictObject({
    ...MEMBERS,
    meta: z.unknown().optional().meta({ description: "Read-only data of `GET`; ignored." }),
  })
  .meta({ id: "SettingsDocument" });

/** Body of `PUT /settings`. */
export const SettingsDocument: z.ZodType = SettingsSchema;

/**
 * A document that stands in a body of its own, and is read apart: {@link readShape} reports better.
 */
export const SettingsDraft: z.ZodType<unknown> = z
  .unknown()
  .meta({ $ref: "#/components/schemas/SettingsDocument" });

/** What the shape of a document says: the settings in it, or zod's issues. */
export type ShapeResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/** Reads a settings document's shape; its rules are the domain's. */
export function readShape(document: unknown): ShapeResult {
  const parsed = SettingsSchema.safeParse(document, { reportInput: true });
  return parsed.success
    ? { ok: true, settings: settingsOf(parsed.data) }
    : { ok: false, issues: parsed.error.issues };
}

/** Members that are absent are left out, and domains take their normal form. */
function settingsOf(parsed: z.infer<typeof SettingsSchema>): Settings {
  const { enabled, connection, email, profile, autoProvisioning } = parsed;
  const { role, rules, ...defaults } = autoProvisioning;
  return {
    enabled,
    ...(connection === undefined ? {} : { connection: connectionOf(connection) }),
    email: {
      source: email.source,
      allowedDomains: email.allowedDomains.map(normalDomain),
    },
    profile: profileOf(profile),
    autoProvisioning: {
      ...defaults,
      ...(role === undefined ? {} : { role }),
      rules: rules.map(ruleOf),
    },
  };
}

function ruleOf(parsed: z.infer<typeof RuleSchema>): ProvisioningRule {
  const { when, role, groups, organizations, refuse } = parsed;
  return {
    when: conditionOf(when),
    ...(role === undefined ? {} : { role }),
    ...(groups === undefined ? {} : { groups }),
    ...(organizations === undefined ? {} : { organizations }),
    ...(refuse === undefined ? {} : { refuse }),
  };
}

function conditionOf(when: RuleCondition): RuleCondition {
  return "emailDomain" in when ? { emailDomain: when.emailDomain.map(normalDomain) } : when;
}

function normalDomain(domain: string): string {
  return parseDomain(domain.trim()) ?? domain;
}

function profileOf(parsed: z.infer<typeof ProfileSchema>): ProfileMapping {
  const { displayName, firstName, lastName } = parsed;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
  };
}

function connectionOf({ sloUrl, ...rest }: z.infer<typeof ConnectionSchema>): Connection {
  return { ...rest, ...(sloUrl === undefined ? {} : { sloUrl }) };
}
