import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import { TestSignInRequest } from "../src/adapters/koa/test-sign-in/routes.ts";
import { explanationOf } from "../src/domain/texts/administrator-explanations.ts";
import { PROVISION_EXAMPLE, SETTINGS_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { responseOf } from "./response.ts";
import {
  ComparisonSchema,
  excerptOf,
  PreviewResponse,
  WarningSchema,
} from "./settings-operations.ts";

/** Response of `POST /settings/test-sign-ins`. */
export const TestSignInCreated: z.ZodType<Answers["beginTestSignIn"]> = responseOf<
  Answers["beginTestSignIn"]
>()(
  z.strictObject({
    id: z.string(),
    url: z.string(),
    expiresAt: z.int(),
  }),
);

const Email = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("email"), address: z.string(), from: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal("missing"),
    looked: z.array(z.string()),
    received: z
      .strictObject({
        nameIdFormat: z.string().exactOptional(),
        attributes: z.strictObject(excerptOf(z.string())),
        addressIn: z
          .discriminatedUnion("kind", [
            z.strictObject({ kind: z.literal("name-id") }),
            z.strictObject({ kind: z.literal("attribute"), name: z.string() }),
          ])
          .exactOptional(),
      })
      .exactOptional(),
  }),
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
    authnInstant: z.int().exactOptional(),
    authnContextClassRef: z.string().exactOptional(),
    sessionIndex: z.string().exactOptional(),
    sessionNotOnOrAfter: z.int().exactOptional(),
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
    cause: z.string().exactOptional(),
    detail: z.string(),
    authenticated: z.boolean(),
    comparison: ComparisonSchema.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("verified"),
    reference: z.string(),
    issuer: z.string(),
    signedBy: z.string(),
    warnings: z.array(WarningSchema),
    code: z.string().exactOptional(),
    cause: z.string().exactOptional(),
    received: Received.exactOptional(),
  }),
]);

/** Response of `GET /settings/test-sign-ins/{id}`. */
export const TestSignInResponse: z.ZodType<Answers["getTestSignIn"]> = responseOf<
  Answers["getTestSignIn"]
>()(
  z.strictObject({
    id: z.string(),
    state: z.enum(["pending", "expired", "succeeded", "failed"]),
    createdAt: z.int(),
    expiresAt: z.int(),
    by: z.string(),
    finishedAt: z.int().exactOptional(),
    result: Result.exactOptional(),
    explanation: z.strictObject({ sentence: z.string(), fix: z.string() }).exactOptional(),
  }),
);

const ID = "01a208c5-d1a4-7000-8f3e-2a5c0b7d9e11";
const URL = `http://localhost:3000/saml/settings/test-sign-ins/${ID}`;
const { meta: _, ...SETTINGS } = SETTINGS_EXAMPLE;
const PATH_PARAMETERS = { id: "The test's own ID." };

const BEGUN = {
  id: ID,
  by: "admin@demo.example",
  createdAt: 1795443509310,
  expiresAt: 1795444109310,
};

const SUCCEEDED = {
  ...BEGUN,
  state: "succeeded",
  finishedAt: 1795443532918,
  result: {
    kind: "verified",
    reference: "QW81-G83Z-WXMG",
    issuer: "http://localhost:3000/demo-idp/metadata",
    signedBy: "F4:41:3E:88:…",
    warnings: [],
    received: {
      email: { kind: "email", address: "new@customer.example", from: ["NameID"] },
      nameId: {
        value: "new@customer.example",
        format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
      },
      session: {
        authnInstant: 1795443528000,
        authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        sessionIndex: "_a9f1",
      },
      attributes: {
        count: 1,
        first: [
          {
            name: "urn:oid:2.5.4.42",
            friendlyName: "givenName",
            values: { count: 1, first: ["Ada"] },
          },
        ],
      },
      profile: { firstName: "Ada" },
      decision: PROVISION_EXAMPLE,
    },
  },
};

const FAILED = {
  ...BEGUN,
  state: "failed",
  finishedAt: 1795443532918,
  result: {
    kind: "rejected",
    reference: "N7RK-2V0B-9QHD",
    code: "audience-mismatch",
    detail: 'Audience "https://other.example", expected "http://localhost:3000/saml/metadata"',
    authenticated: true,
    comparison: {
      sent: "https://other.example",
      expected: "http://localhost:3000/saml/metadata",
    },
  },
  explanation: explanationOf("audience-mismatch"),
};

/** Operations of test sign-ins. */
export const TEST_SIGN_IN_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/settings/test-sign-ins",
    operationId: "beginTestSignIn",
    summary: "Starts a test sign-in with unsaved settings",
    body: { schema: TestSignInRequest, example: { settings: SETTINGS } },
    answers: {
      201: {
        ...jsonAnswer("The test, to be opened.", TestSignInCreated, {
          id: ID,
          url: `${URL}/start`,
          expiresAt: BEGUN.expiresAt,
        }),
        headers: { Location: "Where the test's result will be." },
      },
    },
    problems: ["body-invalid", "settings-invalid"],
  },
  {
    method: "get",
    path: "/settings/test-sign-ins/{id}",
    operationId: "getTestSignIn",
    summary: "Reads the result of a test sign-in",
    pathParameters: PATH_PARAMETERS,
    answers: {
      200: jsonAnswer("The test.", TestSignInResponse, SUCCEEDED, {
        pending: { ...BEGUN, state: "pending" },
        failed: FAILED,
      }),
    },
    problems: ["test-unknown"],
  },
  {
    method: "get",
    path: "/settings/test-sign-ins/{id}/start",
    operationId: "startTestSignIn",
    summary: "Redirects the administrator who started a test to the identity provider",
    description: "For a browser, through a link on the platform's site.",
    pathParameters: PATH_PARAMETERS,
    answers: {
      302: {
        description: "Redirect to the identity provider.",
        headers: { Location: "The identity provider's single sign-on URL." },
        content: {},
      },
    },
    problems: ["cross-site", "not-a-navigation", "test-unknown", "test-over"],
  },
];
