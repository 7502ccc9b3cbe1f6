import { z } from "zod";
import { parseDomain } from "../../domain/email-address.ts";
import { type Connection, type Settings, WEAK_ALGORITHMS } from "../../domain/settings.ts";

const Id = z.string().min(1).max(255);

const ConnectionSchema = z.strictObject({
  entityId: z.string(),
  ssoUrl: z.string(),
  sloUrl: z.string().optional(),
  certificates: z.array(z.string().max(20_000)),
  idpInitiated: z.boolean().default(true),
  signRequests: z.boolean().default(false),
  weakAlgorithms: z.array(z.enum(WEAK_ALGORITHMS)).default([]),
  acceptExpiredCertificates: z.boolean().default(false),
});

const EmailSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("automatic") }),
  z.strictObject({ kind: z.literal("attribute"), name: z.string().max(1024) }),
  z.strictObject({ kind: z.literal("name-id") }),
]);

const OrganizationsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({ kind: z.literal("selected"), ids: z.array(Id) }),
]);

const LicensePolicySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("deny") }),
  z.strictObject({ kind: z.literal("allow") }),
  z.strictObject({ kind: z.literal("lite"), role: Id }),
]);

const SettingsSchema = z.strictObject({
  enabled: z.boolean(),
  connection: ConnectionSchema.optional(),
  email: z.strictObject({
    source: EmailSourceSchema,
    allowedDomains: z.array(z.string().max(1024)).default([]),
  }),
  autoProvisioning: z.strictObject({
    enabled: z.boolean(),
    role: Id.optional(),
    privilegedRoleConfirmed: z.boolean().default(false),
    groups: z.array(Id).default([]),
    organizations: OrganizationsSchema,
    whenLicensesRunOut: LicensePolicySchema.default({ kind: "deny" }),
  }),
  /** What `GET` adds; nobody sets it. */
  meta: z.unknown().optional(),
});

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
  const { enabled, connection, email, autoProvisioning } = parsed;
  const { role, ...defaults } = autoProvisioning;
  return {
    enabled,
    ...(connection === undefined ? {} : { connection: connectionOf(connection) }),
    email: {
      source: email.source,
      allowedDomains: email.allowedDomains.map((domain) => parseDomain(domain.trim()) ?? domain),
    },
    autoProvisioning: { ...defaults, ...(role === undefined ? {} : { role }) },
  };
}

function connectionOf({ sloUrl, ...rest }: z.infer<typeof ConnectionSchema>): Connection {
  return { ...rest, ...(sloUrl === undefined ? {} : { sloUrl }) };
}
