import { z } from "zod";
import type { CertificateFacts } from "../../../domain/certificate-rules.ts";
import { MAX_CERTIFICATES } from "../../../domain/settings-rules.ts";
import { WireTime } from "../wire-time.ts";

/** Body of `POST /settings/inspect-certificates`. */
export const InspectCertificatesRequest: z.ZodType<{ readonly certificates: readonly string[] }> =
  z.strictObject({
    certificates: z
      .array(z.unknown())
      .max(MAX_CERTIFICATES)
      .pipe(z.array(z.string().max(20_000)))
      .meta({ description: "X.509, PEM or Base64." }),
  });

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
