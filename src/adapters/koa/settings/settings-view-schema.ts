import { z } from "zod";
import { FaultSchema } from "../problem-schema.ts";
import { SETTINGS_MEMBERS } from "../settings-schema.ts";
import { WireTime } from "../wire-time.ts";
import type { SettingsView } from "./settings-view.ts";

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
