import { z } from "zod";

/** A moment in an answer. */
export const WireTime: z.ZodInt = z.int().meta({ description: "Milliseconds since the epoch." });
