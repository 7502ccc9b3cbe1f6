import { z } from "zod";
import { CertificateFactsSchema } from "./certificate-schema.ts";

/** The body of `POST /settings/parse-metadata`. */
export const ParseMetadataRequest: z.ZodType<{ readonly xml: string }> = z.strictObject({
  xml: z.string().meta({ description: "The document itself; nothing is fetched." }),
});

/** The answer of `POST /settings/parse-metadata`. */
export const ParseMetadataResponse: z.ZodType = z.strictObject({
  identityProviders: z
    .array(
      z.strictObject({
        entityId: z.string(),
        ssoUrl: z.string(),
        sloUrl: z.string().exactOptional(),
        certificates: z
          .array(z.string())
          .meta({ description: "As `connection.certificates` takes them." }),
        wantsSignedRequests: z.boolean(),
        certificateFacts: z
          .array(CertificateFactsSchema.nullable())
          .meta({ description: "One for each certificate; null for what is none." }),
      }),
    )
    .meta({ description: "The metadata of a federation describes many." }),
});
