import {
  InspectCertificatesRequest,
  InspectCertificatesResponse,
  ParseMetadataRequest,
  ParseMetadataResponse,
} from "../src/adapters/koa/settings/schemas.ts";
import { jsonAnswer, type Operation } from "./operation.ts";

const CERTIFICATE = {
  subject: "CN=demo identity provider",
  fingerprint: "F4:41:3E:88:…",
  notBefore: 1577836800000,
  notAfter: 1796860800000,
  keyType: "rsa",
  keyBits: 2048,
};

/** Operations on metadata and certificates of identity providers. */
export const IDENTITY_PROVIDER_OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/settings/parse-metadata",
    operationId: "parseMetadata",
    summary: "Parses the metadata of identity providers without fetching or saving anything",
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
    summary: "Validates certificates without saving them",
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
                detail: "This certificate expires at 2026-12-10T00:00:00.000Z.",
              },
            ],
          },
        ],
      }),
    },
    problems: ["body-invalid"],
  },
];
