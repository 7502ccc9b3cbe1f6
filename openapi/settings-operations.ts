import { z } from "zod";
import { NoQuery } from "../src/adapters/koa/request.ts";
import {
  LicenseUsageResponse,
  PreviewRequest,
  PreviewResponse,
  PutSettingsQuery,
  SettingsResponse,
} from "../src/adapters/koa/settings/schemas.ts";
import { SettingsDocument } from "../src/adapters/settings-document/schema.ts";
import { CREATOR, LICENSED_ROLES, PROVISION_EXAMPLE, SETTINGS_EXAMPLE } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

const { meta: META, ...DOCUMENT } = SETTINGS_EXAMPLE;

const SETTINGS_ANSWER = {
  ...jsonAnswer("The settings, with their version.", SettingsResponse, SETTINGS_EXAMPLE),
  headers: { ETag: "The version, for `If-Match`." },
};

/** Operations of settings, license usage and preview. */
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
    method: "get",
    path: "/settings/license-usage",
    operationId: "getLicenseUsage",
    summary: "Reads the license usage and the effect of one more user",
    answers: {
      200: jsonAnswer("Seats now.", LicenseUsageResponse, {
        used: 1,
        usedByJit: 0,
        licensedRoles: LICENSED_ROLES,
        nextNewUser: { role: CREATOR, before: 1, after: 2, exceeds: false },
      }),
    },
  },
  {
    method: "post",
    path: "/settings/preview",
    operationId: "preview",
    summary: "Previews the sign-in of an address without changing anything",
    body: { schema: PreviewRequest, example: { email: "new@customer.example" } },
    answers: {
      200: jsonAnswer("What would happen.", PreviewResponse, PROVISION_EXAMPLE, {
        denied: {
          decision: "deny",
          rule: "user-suspended",
          sentence: "Your account is suspended.",
          detail: "user 4 is suspended",
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
