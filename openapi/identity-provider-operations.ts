import { z } from "zod";
import type { Answers, CertificateView, FindingView } from "../src/adapters/koa/api-answers.ts";
import {
  InspectCertificatesRequest,
  ParseMetadataRequest,
} from "../src/adapters/koa/settings/routes.ts";
import { BINDINGS } from "../src/domain/settings.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { WireTime } from "./problems.ts";
import { responseOf } from "./response.ts";

/** Facts about a certificate. */
const CertificateFactsSchema = z
  .strictObject({
    subject: z.string(),
    issuer: z.string(),
    fingerprint: z.string().meta({ description: "SHA-256, upper-case hex in pairs." }),
    notBefore: WireTime,
    notAfter: WireTime,
    keyType: z.enum(["rsa", "ec", "other"]),
    keyBits: z.int().exactOptional().meta({ description: "Length of an RSA key in bits." }),
    keyExponent: z
      .int()
      .exactOptional()
      .meta({ description: "Public exponent of an RSA key; absent above 2^53." }),
    curve: z.string().exactOptional().meta({ description: "Curve of an EC key, such as `P-256`." }),
    authority: z.literal(true).exactOptional().meta({
      description: "Its key issues certificates, it says, as many self-signed ones do.",
    }),
  })
  .meta({ id: "CertificateFacts" });

/** Response of `POST /settings/parse-metadata`. */
export const ParseMetadataResponse: z.ZodType<Answers["parseMetadata"]> = responseOf<
  Answers["parseMetadata"]
>()(
  z.strictObject({
    identityProviders: z
      .array(
        z.strictObject({
          entityId: z.string(),
          ssoUrl: z.string(),
          sloUrl: z.string().exactOptional(),
          sloResponseUrl: z.string().exactOptional(),
          sloBinding: z.literal("post").exactOptional(),
          notes: z.array(z.string()).exactOptional().meta({
            description: "What it offers that cannot be used here, for administrators.",
          }),
          certificates: z
            .array(z.string())
            .meta({ description: "In the format of `connection.certificates`." }),
          ssoBinding: z.enum(BINDINGS).exactOptional(),
          wantsSignedRequests: z.boolean(),
          certificateFacts: z
            .array(CertificateFactsSchema.nullable())
            .meta({ description: "One per certificate; null if it is not a certificate." }),
        }),
      )
      .meta({ description: "Federation metadata describes many identity providers." }),
    leftOut: z
      .array(
        z.strictObject({
          entityId: z.string(),
          certificate: z.int().exactOptional().meta({
            description:
              "Which of its signing certificates, from 1; absent if all of the identity provider is left out.",
          }),
          subject: z.string().exactOptional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .meta({ description: "What cannot be imported, and why." }),
  }),
);

export const Finding: z.ZodType<FindingView> = z.strictObject({
  code: z.string(),
  detail: z.string(),
});

/** What validating a certificate says. */
export const CertificateViewSchema: z.ZodType<CertificateView> = z
  .strictObject({
    facts: CertificateFactsSchema.exactOptional().meta({
      description: "Absent if it is not a certificate.",
    }),
    fault: Finding.exactOptional().meta({
      description:
        "Why it cannot be used: `certificate-invalid`, `several-certificates`, `key-unsupported`, `key-too-short`, `key-exponent-weak` or `curve-unsupported`.",
    }),
    warnings: z.array(Finding).meta({
      description:
        "`certificate-not-yet-valid`, `certificate-expiring` (30 days before), `certificate-expired`.",
    }),
  })
  .meta({ id: "CertificateView" });

/** Response of `POST /settings/inspect-certificates`. */
const InspectCertificatesResponse = responseOf<Answers["inspectCertificates"]>()(
  z.strictObject({
    certificates: z
      .array(CertificateViewSchema)
      .meta({ description: "In the order of the request." }),
  }),
);

const CERTIFICATE = {
  subject: "CN=demo identity provider",
  issuer: "CN=demo identity provider",
  fingerprint: "F4:41:3E:88:…",
  notBefore: 1577836800000,
  notAfter: 1796860800000,
  keyType: "rsa",
  keyBits: 2048,
  keyExponent: 65537,
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
        leftOut: [
          {
            entityId: "http://localhost:3000/demo-idp/metadata",
            certificate: 2,
            code: "certificate-invalid",
            detail: "This is not an X.509 certificate. Paste it as PEM or Base64.",
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
