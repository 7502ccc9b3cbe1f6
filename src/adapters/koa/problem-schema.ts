import { z } from "zod";
import type { ProblemFault } from "./http-problem.ts";

/** A fault of a request. */
export const FaultSchema: z.ZodType<ProblemFault> = z
  .strictObject({
    pointer: z.string().meta({
      description: "JSON pointer (RFC 6901) into the body, or the name of a query parameter.",
    }),
    code: z.string().meta({ description: "Stable, for programs." }),
    detail: z.string().meta({ description: "A sentence for the person." }),
  })
  .meta({ id: "Fault" });

/** Every problem document (RFC 9457) of the settings API. */
export const ProblemSchema: z.ZodType = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable, for programs." }),
    detail: z.string().meta({ description: "A sentence for the person." }),
    errors: z.array(FaultSchema).exactOptional(),
    reference: z.string().exactOptional().meta({ description: "The log has the cause under it." }),
    current: z
      .strictObject({
        version: z.int(),
        savedBy: z.string().exactOptional(),
        savedAt: z.int().exactOptional(),
      })
      .exactOptional()
      .meta({
        description: "Of `settings-changed`: the version that is stored, who saved it, when.",
      }),
  })
  .meta({ id: "Problem" });
