import { z } from "zod";
import type { LicenseUsageRead } from "../../../application/licenses.ts";
import type { CertificateFacts } from "../../../domain/certificate-rules.ts";
import { MAX_CERTIFICATES } from "../../../domain/settings-rules.ts";
import { SETTINGS_MEMBERS, SettingsDraft } from "../../settings-document/schema.ts";
import { RoleSchema } from "../catalog/routes.ts";
import { FaultSchema, WireTime } from "../schemas.ts";
import type { SettingsView } from "./view.ts";

/** Facts about a certificate. */
export const CertificateFactsSchema: z.ZodType<CertificateFacts> = z
  .strictObject({
    subject: z.string(),
    fingerprint: z.string().meta({ description: "SHA-256, upper-case hex in pairs." }),
    notBefore: WireTime,
    notAfter: WireTime,
    keyType: z.enum(["rsa", "ec", "other"]),
    keyBits: z.int().exactOptional().meta({ description: "Length of an RSA key in bits." }),
  })
  .meta({ id: "CertificateFacts" });

/** Body of `POST /settings/preview`; `settings` is an optional draft. */
export const PreviewRequest: z.ZodType<{
  readonly email: string;
  readonly settings?: unknown;
}> = z.strictObject({
  email: z.string().max(1024),
  settings: SettingsDraft.exactOptional(),
});

/** The first entries of a list, with its length. */
export function excerptOf<T extends z.ZodType>(
  item: T,
): { readonly count: z.ZodInt; readonly first: z.ZodArray<T> } {
  return { count: z.int().min(0), first: z.array(item) };
}

const Named = z.strictObject({ id: z.string(), name: z.string() });

const Seats = z.strictObject({
  before: z.int(),
  after: z.int(),
  limit: z.int().exactOptional(),
});

const Known = z.strictObject({
  decision: z.enum(["sign-in", "accept-invitation"]),
  rule: z.enum(["active-user", "invited-user"]),
  email: z.string(),
  userId: z.string(),
});

const Provisioned = z.strictObject({
  decision: z.literal("provision"),
  rule: z.enum(["defaults", "license-overage", "license-fallback"]),
  email: z.string(),
  role: z.strictObject({ id: z.string(), name: z.string(), licensed: z.boolean() }),
  groups: z.strictObject(excerptOf(Named)),
  organizations: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all") }),
    z.strictObject({ kind: z.literal("selected"), ...excerptOf(Named) }),
  ]),
  seats: Seats.exactOptional(),
  warnings: z.strictObject(excerptOf(z.strictObject({ code: z.string(), text: z.string() }))),
});

const Denied = z.strictObject({
  decision: z.literal("deny"),
  rule: z.string(),
  sentence: z.string(),
  detail: z.string(),
  seats: Seats.exactOptional(),
});

/** Response of `POST /settings/preview`. */
export const PreviewResponse: z.ZodType = z.union([Known, Provisioned, Denied]);

/** Body of `POST /settings/parse-metadata`. */
export const ParseMetadataRequest: z.ZodType<{ readonly xml: string }> = z.strictObject({
  xml: z.string().meta({ description: "The XML document; no URL is fetched." }),
});

/** Response of `POST /settings/parse-metadata`. */
export const ParseMetadataResponse: z.ZodType = z.strictObject({
  identityProviders: z
    .array(
      z.strictObject({
        entityId: z.string(),
        ssoUrl: z.string(),
        sloUrl: z.string().exactOptional(),
        certificates: z
          .array(z.string())
          .meta({ description: "In the format of `connection.certificates`." }),
        wantsSignedRequests: z.boolean(),
        certificateFacts: z
          .array(CertificateFactsSchema.nullable())
          .meta({ description: "One per certificate; null if it is not a certificate." }),
      }),
    )
    .meta({ description: "Federation metadata describes many identity providers." }),
});

/** Body of `POST /settings/inspect-certificates`. */
export const InspectCertificatesRequest: z.ZodType<{ readonly certificates: readonly string[] }> =
  z.strictObject({
    certificates: z
      .array(z.unknown())
      .max(MAX_CERTIFICATES)
      .pipe(z.array(z.string().max(20_000)))
      .meta({ description: "X.509, PEM or Base64." }),
  });

const Finding = z.strictObject({ code: z.string(), detail: z.string() });

/** Response of `POST /settings/inspect-certificates`. */
export const InspectCertificatesResponse: z.ZodType = z.strictObject({
  certificates: z
    .array(
      z.strictObject({
        facts: CertificateFactsSchema.exactOptional().meta({
          description: "Absent if it is not a certificate.",
        }),
        fault: Finding.exactOptional().meta({
          description:
            "Why it cannot be used: `certificate-invalid`, `key-unsupported` or `key-too-short`.",
        }),
        warnings: z.array(Finding).meta({
          description:
            "`certificate-not-yet-valid`, `certificate-expiring` (30 days before), `certificate-expired`.",
        }),
      }),
    )
    .meta({ description: "In the order of the request." }),
});

/** Response of `GET /settings/license-usage`. */
export const LicenseUsageResponse: z.ZodType<LicenseUsageRead> = z.strictObject({
  used: z.int().meta({ description: "Active and invited users with a licensed role." }),
  usedByJit: z
    .int()
    .meta({ description: "Users created by auto-provisioning; included in `used`." }),
  limit: z
    .int()
    .exactOptional()
    .meta({ description: "Maximum number of seats; absent without a limit." }),
  licensedRoles: z.array(RoleSchema),
  nextNewUser: z
    .strictObject({
      role: RoleSchema,
      before: z.int(),
      after: z.int(),
      exceeds: z.boolean(),
    })
    .exactOptional()
    .meta({ description: "Effect of one more user with the default role." }),
});

const Meta = z.strictObject({
  version: z.int().meta({ description: "0 if no settings have been saved." }),
  savedAt: WireTime.exactOptional(),
  savedBy: z.string().exactOptional(),
  warnings: z.array(FaultSchema).meta({ description: "Warnings about valid settings." }),
  tested: z.boolean().meta({
    description:
      "Whether a test sign-in with these exact settings succeeded within the last 24 hours.",
  }),
  serviceProvider: z
    .strictObject({
      entityId: z.string(),
      acsUrl: z.string(),
      sloUrl: z.string().exactOptional(),
      metadataUrl: z.string(),
    })
    .meta({ description: "Values for the identity provider." }),
} satisfies Record<keyof SettingsView["meta"], z.ZodType>);

/** Response of `GET /settings` and of a successful `PUT`. */
export const SettingsResponse: z.ZodType = z
  .strictObject({ ...SETTINGS_MEMBERS, meta: Meta })
  .meta({ id: "SettingsView" });

/** Query of `PUT /settings`. Other parameters are ignored. */
export const PutSettingsQuery: z.ZodType<{ readonly untested: "accept" | "refuse" }> = z.object({
  untested: z.enum(["accept", "refuse"]).default("accept").meta({
    description:
      "`refuse`: settings that need a test sign-in, and have none that succeeded in the last 24 hours, are a fault `untested`.",
  }),
});
