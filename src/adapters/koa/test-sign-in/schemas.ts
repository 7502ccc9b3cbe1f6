import { z } from "zod";
import { SettingsDraft } from "../../settings-document/schema.ts";
import { excerptOf, PreviewResponse } from "../settings/schemas.ts";

/** Body of `POST /settings/test-sign-ins`: a draft as `PUT /settings` takes it. */
export const TestSignInRequest: z.ZodType<{ readonly settings?: unknown }> = z.strictObject({
  settings: SettingsDraft,
});

/** Milliseconds since the epoch. */
const Time = z.int();

/** Response of `POST /settings/test-sign-ins`. */
export const TestSignInCreated: z.ZodType = z.strictObject({
  id: z.string(),
  url: z.string(),
  expiresAt: Time,
});

const Email = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("email"), address: z.string(), from: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("missing"), looked: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("invalid"), from: z.string(), fault: z.string() }),
  z.strictObject({ kind: z.literal("ambiguous"), from: z.array(z.string()) }),
]);

const Received = z.strictObject({
  email: Email,
  nameId: z.strictObject({
    value: z.string(),
    format: z.string(),
    nameQualifier: z.string().exactOptional(),
    spNameQualifier: z.string().exactOptional(),
  }),
  session: z.strictObject({
    sessionIndex: z.string().exactOptional(),
    sessionNotOnOrAfter: Time.exactOptional(),
  }),
  attributes: z.strictObject(
    excerptOf(
      z.strictObject({
        name: z.string(),
        friendlyName: z.string().exactOptional(),
        values: z.strictObject(excerptOf(z.string())),
      }),
    ),
  ),
  profile: z.strictObject({
    displayName: z.string().exactOptional(),
    firstName: z.string().exactOptional(),
    lastName: z.string().exactOptional(),
  }),
  decision: PreviewResponse,
});

const Result = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("rejected"),
    reference: z.string(),
    code: z.string(),
    detail: z.string(),
    authenticated: z.boolean(),
    comparison: z
      .strictObject({
        sent: z.string(),
        expected: z.string(),
        clockDifferenceMs: z.int().exactOptional(),
      })
      .exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("verified"),
    reference: z.string(),
    issuer: z.string(),
    signedBy: z.string(),
    warnings: z.array(z.string()),
    code: z.string().exactOptional(),
    received: Received.exactOptional(),
  }),
]);

/** Response of `GET /settings/test-sign-ins/{id}`. */
export const TestSignInResponse: z.ZodType = z.strictObject({
  id: z.string(),
  state: z.enum(["pending", "expired", "succeeded", "failed"]),
  createdAt: Time,
  expiresAt: Time,
  by: z.string(),
  finishedAt: Time.exactOptional(),
  result: Result.exactOptional(),
  explanation: z.strictObject({ sentence: z.string(), fix: z.string() }).exactOptional(),
});
