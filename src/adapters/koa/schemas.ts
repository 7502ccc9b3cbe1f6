import { z } from "zod";
import type { ProblemFault } from "./problems.ts";

/** A fault of a request. */
export const FaultSchema: z.ZodType<ProblemFault> = z
  .strictObject({
    pointer: z.string().meta({
      description: "JSON pointer (RFC 6901) into the body, or the name of a query parameter.",
    }),
    code: z.string().meta({ description: "Stable code." }),
    detail: z.string().meta({ description: "Message for users." }),
  })
  .meta({ id: "Fault" });

/** Every problem document (RFC 9457) of the settings API. */
export const ProblemSchema: z.ZodType = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable code." }),
    detail: z.string().meta({ description: "Message for users." }),
    errors: z.array(FaultSchema).exactOptional(),
    reference: z
      .string()
      .exactOptional()
      .meta({ description: "Reference of the log entry with the cause." }),
    current: z
      .strictObject({
        version: z.int(),
        savedBy: z.string().exactOptional(),
        savedAt: z.int().exactOptional(),
      })
      .exactOptional()
      .meta({
        description: "For `settings-changed`: the stored version, who saved it, and when.",
      }),
  })
  .meta({ id: "Problem" });

/** A moment in an answer. */
export const WireTime: z.ZodInt = z.int().meta({ description: "Milliseconds since the epoch." });
