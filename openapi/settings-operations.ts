import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import type { SettingsView } from "../src/adapters/koa/settings/read-draft.ts";
import { PreviewRequest, PutSettingsQuery } from "../src/adapters/koa/settings/routes.ts";
import {
  ONE_CONNECTION_MEMBERS,
  SEVERAL_CONNECTIONS_MEMBERS,
  SettingsDocument,
} from "../src/adapters/settings-document/schema.ts";
import type { Preview } from "../src/domain/preview.ts";
import type { RuleMatch } from "../src/domain/provisioning-rules.ts";
import type { Comparison } from "../src/domain/rejection.ts";
import type { TestWarning } from "../src/domain/test-sign-in.ts";
import { denialExplanation } from "../src/domain/texts/administrator-explanations.ts";
import { PROVISION_EXAMPLE, SETTINGS_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { FaultSchema, WireTime } from "./problems.ts";
import { responseOf } from "./response.ts";

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

/** What a rule found. */
export const MatchedSchema: z.ZodType<RuleMatch> = z.union([
  z.strictObject({ attribute: z.string(), value: z.string() }),
  z.strictObject({ emailDomain: z.string() }),
  z.strictObject({ connection: z.string() }),
]);

const Rule = z.strictObject({
  number: z.int().meta({ description: "Position in the list of rules, from 1." }),
  matched: MatchedSchema,
  decides: z.enum(["role", "refusal"]).exactOptional(),
});

/** A warning about a decision or a verified response. */
export const WarningSchema: z.ZodType<TestWarning> = z.strictObject({
  code: z.string(),
  text: z.string(),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .exactOptional()
    .meta({ description: "What the text names." }),
});

const Provisioned = z.strictObject({
  decision: z.literal("provision"),
  rule: z.enum(["defaults", "rule", "license-overage", "license-fallback"]),
  rules: z
    .strictObject(excerptOf(Rule))
    .meta({ description: "The rules for new users that matched, in order." }),
  email: z.string(),
  role: z.strictObject({ id: z.string(), name: z.string(), licensed: z.boolean() }),
  groups: z.strictObject(excerptOf(Named)),
  organizations: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all") }),
    z.strictObject({ kind: z.literal("selected"), ...excerptOf(Named) }),
  ]),
  seats: Seats.exactOptional(),
  warnings: z.strictObject(excerptOf(WarningSchema)),
});

/** The values that a check compared. */
export const ComparisonSchema: z.ZodType<Comparison> = z.strictObject({
  sent: z.string(),
  expected: z.string(),
  clockDifferenceMs: z.int().exactOptional(),
});

const Denied = z.strictObject({
  decision: z.literal("deny"),
  rule: z.string(),
  refusedBy: Rule.exactOptional().meta({ description: "The rule for new users that refused." }),
  cause: z.string().exactOptional().meta({ description: "For rules that have several." }),
  explanation: z
    .strictObject({ sentence: z.string(), fix: z.string() })
    .meta({ description: "What failed and what to do, for administrators." }),
  sentence: z.string().meta({ description: "Message that the user would see." }),
  detail: z.string(),
  comparison: ComparisonSchema.exactOptional(),
  seats: Seats.exactOptional(),
});

/** Response of `POST /settings/preview`. */
export const PreviewResponse: z.ZodType<Preview> = responseOf<Answers["preview"]>()(
  z.union([Known, Provisioned, Denied]),
);

const Meta = responseOf<SettingsView["meta"]>()(
  z.strictObject({
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
        additionalAcsUrls: z.array(z.string()).exactOptional(),
        sloUrl: z.string().exactOptional(),
        metadataUrl: z.string(),
      })
      .meta({ description: "Values for the identity provider." }),
  }),
);

/** Response of `GET /settings` and of a successful `PUT`. */
const SettingsResponse = z
  .union([
    z.strictObject({ ...ONE_CONNECTION_MEMBERS, meta: Meta }),
    z.strictObject({ ...SEVERAL_CONNECTIONS_MEMBERS, meta: Meta }),
  ])
  .meta({ id: "SettingsView" });

const { meta: META, ...DOCUMENT } = SETTINGS_EXAMPLE;

const SETTINGS_ANSWER = {
  ...jsonAnswer("The settings, with their version.", SettingsResponse, SETTINGS_EXAMPLE),
  headers: { ETag: "The version, for `If-Match`." },
};

/** Operations of settings and preview. */
export const SETTINGS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings",
    operationId: "getSettings",
    summary: "Reads the settings",
    answers: { 200: SETTINGS_ANSWER },
  },
  {
    method: "put",
    path: "/settings",
    operationId: "putSettings",
    summary: "Saves all settings over the version that was read",
    description:
      "Saves all settings or none. A changed connection voids pending login requests; changed defaults for new users take effect immediately.",
    query: PutSettingsQuery,
    headers: { "If-Match": "The `ETag` of what was read." },
    body: { schema: SettingsDocument, example: DOCUMENT },
    answers: {
      200: {
        ...SETTINGS_ANSWER,
        ...jsonAnswer("What is stored now.", SettingsResponse, {
          ...DOCUMENT,
          meta: { ...META, version: 2 },
        }),
      },
    },
    problems: ["settings-invalid", "settings-changed", "if-match-required"],
  },
  {
    method: "post",
    path: "/settings/preview",
    operationId: "preview",
    summary: "Previews the sign-in of an address without changing anything",
    body: {
      schema: PreviewRequest,
      example: { email: "new@customer.example", attributes: { groups: ["managers"] } },
    },
    answers: {
      200: jsonAnswer("What would happen.", PreviewResponse, PROVISION_EXAMPLE, {
        denied: {
          decision: "deny",
          rule: "user-suspended",
          sentence: "Your account is suspended.",
          detail: "user 4 is suspended",
          explanation: denialExplanation("user-suspended"),
        },
        refusedByRule: {
          decision: "deny",
          rule: "refused-by-rule",
          refusedBy: {
            number: 2,
            matched: { attribute: "groups", value: "blocked" },
            decides: "refusal",
          },
          sentence: "Your organization doesn't allow you to have an account here.",
          detail: "rule 2 (groups = blocked) refuses",
          explanation: denialExplanation("refused-by-rule"),
        },
      }),
    },
    problems: ["body-invalid", "settings-invalid"],
  },
  {
    method: "get",
    path: "/settings/openapi.json",
    operationId: "getOpenApi",
    summary: "Reads this document",
    query: NoQuery,
    answers: {
      200: jsonAnswer("An OpenAPI 3.1 document.", z.looseObject({ openapi: z.string() }), {
        openapi: "3.1.1",
        info: { title: "Single sign-on settings", version: "0.1.0" },
      }),
    },
  },
];
