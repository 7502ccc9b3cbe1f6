import { z } from "zod";
import { csvHeader, csvLines } from "../audit-csv.ts";
import { AuditExportQuery } from "../audit-export-route.ts";
import { AuditPageQuery } from "../audit-route.ts";
import { AuditPageResponse } from "../audit-schema.ts";
import { CatalogPageResponse, CatalogQuerySchema, RolesResponse } from "../catalog-schema.ts";
import { InspectCertificatesRequest, InspectCertificatesResponse } from "../certificate-schema.ts";
import { ParseMetadataRequest, ParseMetadataResponse } from "../metadata-schema.ts";
import { NoQuery } from "../parsed-query.ts";
import { DENIED_EXAMPLE, LICENSED_ROLES } from "./examples.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

const CERTIFICATE = {
  subject: "CN=demo identity provider",
  fingerprint: "F4:41:3E:88:…",
  notBefore: 1577836800000,
  notAfter: 1796860800000,
  keyType: "rsa",
  keyBits: 2048,
};

/** Looking at what an identity provider gives its administrators. */
export const IDENTITY_PROVIDER_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/settings/parse-metadata",
    operationId: "parseMetadata",
    summary: "Reads the metadata of identity providers; fetches and saves nothing",
    body: {
      schema: ParseMetadataRequest,
      example: { xml: '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"…' },
    },
    answers: {
      200: jsonAnswer("What the metadata says.", ParseMetadataResponse, {
        identityProviders: [
          {
            entityId: "http://localhost:3000/demo-idp/metadata",
            ssoUrl: "http://localhost:3000/demo-idp/sso",
            certificates: ["MIIDJzCCAg+gAwIBAgIJ…"],
            wantsSignedRequests: false,
            certificateFacts: [CERTIFICATE],
          },
        ],
      }),
    },
    problems: ["body-invalid", "metadata-invalid"],
  },
  {
    method: "post",
    path: "/settings/inspect-certificates",
    operationId: "inspectCertificates",
    summary: "Says of certificates what saving them would say; saves nothing",
    body: {
      schema: InspectCertificatesRequest,
      example: { certificates: ["MIIDJzCCAg+gAwIBAgIJ…"] },
    },
    answers: {
      200: jsonAnswer("What each certificate is.", InspectCertificatesResponse, {
        certificates: [
          {
            facts: CERTIFICATE,
            warnings: [
              {
                code: "certificate-expiring",
                detail: "This certificate is valid until 2026-12-10T00:00:00.000Z.",
              },
            ],
          },
        ],
      }),
    },
    problems: ["body-invalid"],
  },
];

const ORGANIZATIONS = { items: [{ id: "Acme", name: "Acme" }] };

/** What the host has to choose from. */
export const CATALOG_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/roles",
    operationId: "listRoles",
    summary: "Lists the platform's roles",
    query: NoQuery,
    answers: {
      200: jsonAnswer("All of them.", RolesResponse, {
        items: LICENSED_ROLES,
      }),
    },
  },
  {
    method: "get",
    path: "/settings/groups",
    operationId: "searchGroups",
    summary: "Lists the platform's groups: by name a page at a time, or by ID",
    query: CatalogQuerySchema,
    answers: {
      200: jsonAnswer("Those that were found.", CatalogPageResponse, {
        items: [{ id: "Staff", name: "Staff" }],
      }),
    },
  },
  {
    method: "get",
    path: "/settings/organizations",
    operationId: "searchOrganizations",
    summary: "Lists the platform's organizations: by name a page at a time, or by ID",
    query: CatalogQuerySchema,
    answers: { 200: jsonAnswer("Those that were found.", CatalogPageResponse, ORGANIZATIONS) },
  },
];

/** What happened. */
export const AUDIT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/audit",
    operationId: "listAuditEntries",
    summary: "Lists what happened, newest first, by filter, a page at a time",
    query: AuditPageQuery,
    answers: {
      200: jsonAnswer("A page of the audit trail.", AuditPageResponse, {
        entries: [DENIED_EXAMPLE],
        next: DENIED_EXAMPLE.id,
        refusals: 0,
      }),
    },
  },
  {
    method: "get",
    path: "/settings/audit/export",
    operationId: "exportAuditEntries",
    summary: "Exports what happened, newest first, by filter, as a file",
    description:
      "Read from the database while it is sent. When that fails on the way, the connection breaks: a download that ends well is complete.",
    query: AuditExportQuery,
    answers: {
      200: {
        description: "The file.",
        headers: { "Content-Disposition": "Its name." },
        content: {
          "text/csv": {
            schema: z.string().meta({
              description:
                "A header row and a row for each entry. Texts are changed where a spreadsheet would take them for a formula.",
            }),
            example: csvHeader() + csvLines([DENIED_EXAMPLE]),
          },
          "application/jsonl": {
            schema: z.string().meta({ description: "An `AuditEntry` on each line." }),
            example: `${JSON.stringify(DENIED_EXAMPLE)}\n`,
          },
        },
      },
    },
  },
];
