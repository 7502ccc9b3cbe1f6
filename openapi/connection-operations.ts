import { z } from "zod";
import type { Answers, ConnectionView } from "../src/adapters/koa/api-answers.ts";
import {
  FetchMetadataRequest,
  MoveDomainRequest,
} from "../src/adapters/koa/settings/connection-routes.ts";
import {
  CONNECTION_MEMBERS,
  ConnectionDocument,
} from "../src/adapters/settings-document/schema.ts";
import { METADATA_FAILURES } from "../src/domain/metadata-refresh.ts";
import { SETTINGS_EXAMPLE } from "./examples.ts";
import { CertificateViewSchema, ParseMetadataResponse } from "./identity-provider-operations.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { WireTime } from "./problems.ts";
import { responseOf } from "./response.ts";

const Certificate = z.strictObject({
  text: z.string().meta({ description: "PEM or Base64." }),
  fingerprint: z.string().meta({ description: "SHA-256, upper-case hex in pairs." }),
  notAfter: WireTime,
});

/** Response of `GET /settings/connections/{id}/metadata`. */
export const MetadataStatusSchema: z.ZodType<Answers["getMetadataStatus"]> = responseOf<
  Answers["getMetadataStatus"]
>()(
  z
    .strictObject({
      url: z.string(),
      failing: z.boolean().meta({ description: "Whether the last attempt failed." }),
      lastSuccessAt: WireTime.exactOptional(),
      lastFailure: z
        .strictObject({ at: WireTime, code: z.enum(METADATA_FAILURES), detail: z.string() })
        .exactOptional(),
      pending: z
        .strictObject({
          tag: z.string().meta({ description: "Names exactly this difference; also the `ETag`." }),
          since: WireTime,
          members: z.array(
            z.strictObject({
              member: z.enum(["ssoUrl", "ssoBinding", "sloUrl", "sloResponseUrl", "sloBinding"]),
              from: z.string().exactOptional(),
              to: z.string().exactOptional(),
            }),
          ),
          removed: z.array(Certificate).meta({
            description: "Certificates that the metadata no longer has.",
          }),
          added: z.array(Certificate).meta({
            description: "Certificates that the connection had before, and has no more.",
          }),
        })
        .exactOptional()
        .meta({ description: "A change that waits for an administrator." }),
    })
    .meta({ id: "MetadataStatus" }),
);

const ConnectionMeta = responseOf<ConnectionView["meta"]>()(
  z.strictObject({
    certificates: z.array(CertificateViewSchema).meta({ description: "One per certificate." }),
    metadata: MetadataStatusSchema.exactOptional().meta({
      description: "Absent if the connection follows no metadata.",
    }),
  }),
);

/** A connection as it is answered. */
const ConnectionResponse = z
  .strictObject({ ...CONNECTION_MEMBERS, meta: ConnectionMeta })
  .meta({ id: "ConnectionView" });

const { connection: idp } = SETTINGS_EXAMPLE as { readonly connection?: object };
const CONNECTION = {
  id: "acme",
  name: "Acme",
  enabled: true,
  ...(idp === undefined ? {} : { idp }),
  email: { source: { kind: "automatic" } },
  profile: {},
  domains: ["acme.example"],
  acceptsOtherDomains: false,
};
const VIEW = { ...CONNECTION, meta: { certificates: [] } };
const STATUS = {
  url: "https://idp.acme.example/metadata",
  failing: false,
  lastSuccessAt: 1795443505614,
};

const ID = { id: "ID of the connection." };
const IF_MATCH = { "If-Match": "The `ETag` of what was read." };
const ONE = {
  200: {
    ...jsonAnswer("The connection.", ConnectionResponse, VIEW),
    headers: { ETag: "What the connection says, for `If-Match`." },
  },
};
const STATUS_ANSWER = {
  200: jsonAnswer("The state of its metadata.", MetadataStatusSchema, STATUS, {
    pending: {
      ...STATUS,
      pending: {
        tag: "5f1c…",
        since: 1795443505614,
        members: [
          {
            member: "ssoUrl",
            from: "https://idp.acme.example/sso",
            to: "https://login.acme.example/sso",
          },
        ],
        removed: [],
        added: [],
      },
    },
  }),
};

/** Operations on single connections. */
export const CONNECTION_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/connections",
    operationId: "listConnections",
    summary: "Lists the connections, with certificates and metadata of each",
    answers: {
      200: jsonAnswer(
        "All of them, in order.",
        z.strictObject({ items: z.array(ConnectionResponse) }),
        { items: [VIEW] },
      ),
    },
  },
  {
    method: "get",
    path: "/settings/connections/{id}",
    operationId: "getConnection",
    summary: "Reads one connection",
    pathParameters: ID,
    answers: ONE,
    problems: ["connection-unknown"],
  },
  {
    method: "put",
    path: "/settings/connections/{id}",
    operationId: "putConnection",
    summary: "Saves one connection over what was read, or adds it",
    description:
      "Other connections may be saved concurrently. To add one, send `If-None-Match: *` in place of `If-Match`.",
    pathParameters: ID,
    headers: IF_MATCH,
    body: { schema: ConnectionDocument, example: CONNECTION },
    answers: { ...ONE, 201: ONE[200] },
    problems: ["connection-unknown", "connection-changed", "settings-invalid", "if-match-required"],
  },
  {
    method: "delete",
    path: "/settings/connections/{id}",
    operationId: "deleteConnection",
    summary: "Removes one connection",
    pathParameters: ID,
    headers: IF_MATCH,
    answers: { 204: { description: "It is removed.", content: {} } },
    problems: ["connection-unknown", "connection-changed", "settings-invalid", "if-match-required"],
  },
  {
    method: "post",
    path: "/settings/connections/{id}/domains",
    operationId: "moveDomain",
    summary: "Moves a domain to this connection, from whichever has it",
    pathParameters: ID,
    headers: IF_MATCH,
    body: { schema: MoveDomainRequest, example: { domain: "acme.example" } },
    answers: ONE,
    problems: [
      "connection-unknown",
      "connection-changed",
      "settings-invalid",
      "body-invalid",
      "if-match-required",
    ],
  },
  {
    method: "get",
    path: "/settings/connections/{id}/metadata",
    operationId: "getMetadataStatus",
    summary: "Reads the state of the metadata that a connection follows",
    pathParameters: ID,
    answers: STATUS_ANSWER,
    problems: ["connection-unknown"],
  },
  {
    method: "post",
    path: "/settings/connections/{id}/metadata/refresh",
    operationId: "refreshMetadata",
    summary: "Fetches the metadata of a connection now",
    pathParameters: ID,
    answers: STATUS_ANSWER,
    problems: ["connection-unknown"],
  },
  ...(["accept", "dismiss"] as const).map(
    (resolution): Operation => ({
      method: "post",
      path: `/settings/connections/{id}/metadata/${resolution}`,
      operationId: `${resolution}MetadataChange`,
      summary:
        resolution === "accept"
          ? "Accepts the change that was shown"
          : "Dismisses the change that was shown, until there is another one",
      pathParameters: ID,
      headers: { "If-Match": "The `ETag` of the change." },
      answers: STATUS_ANSWER,
      problems: [
        "connection-unknown",
        "metadata-change-gone",
        "settings-invalid",
        "if-match-required",
      ],
    }),
  ),
  {
    method: "post",
    path: "/settings/fetch-metadata",
    operationId: "fetchMetadata",
    summary: "Fetches the metadata of identity providers without saving anything",
    body: {
      schema: FetchMetadataRequest,
      example: { url: "https://idp.acme.example/metadata" },
    },
    answers: {
      200: jsonAnswer("What the metadata says.", ParseMetadataResponse, {
        identityProviders: [],
        leftOut: [],
      }),
    },
    problems: ["body-invalid", "metadata-invalid", "metadata-not-fetched"],
  },
];
