import type {
  InspectCertificates,
  InspectedCertificate,
} from "../../../application/connections/inspect-certificates.ts";
import type { CertificateFinding } from "../../../domain/certificate-rules.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { parsedBody } from "../parsed-body.ts";
import type { RequestBodies } from "../request-body.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { InspectCertificatesRequest } from "./certificate-schema.ts";

export interface InspectCertificatesRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly inspectCertificates: InspectCertificates;
}

/** `POST /settings/inspect-certificates`: validates certificates without saving them. */
export function makeInspectCertificatesRoute(deps: InspectCertificatesRouteDeps): Handler {
  const { adminGuard, bodies, inspectCertificates } = deps;
  return async (ctx, place) => {
    await adminGuard.writing(ctx, place);
    const { certificates } = parsedBody(InspectCertificatesRequest, await bodies.json(ctx));
    sendJson(ctx, { certificates: inspectCertificates(certificates).map(view) });
  };
}

function view({ facts, fault, warnings }: InspectedCertificate) {
  return {
    ...(facts === undefined ? {} : { facts }),
    ...(fault === undefined ? {} : { fault: finding(fault) }),
    warnings: warnings.map(finding),
  };
}

function finding({ code, message }: CertificateFinding) {
  return { code, detail: message };
}
