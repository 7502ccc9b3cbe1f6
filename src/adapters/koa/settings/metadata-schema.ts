import { z } from "zod";
import { CertificateFactsSchema } from "./certificate-schema.ts";

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
