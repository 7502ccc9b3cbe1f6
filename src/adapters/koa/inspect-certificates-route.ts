import { z } from "zod";
import type {
  InspectCertificates,
  InspectedCertificate,
} from "../../application/inspect-certificates.ts";
import type { CertificateFinding } from "../../domain/certificate-rules.ts";
import { MAX_CERTIFICATES } from "../../domain/settings-rules.ts";
import type { AdminGuard } from "./admin-guard.ts";
import { parsedBody } from "./parsed-body.ts";
import type { RequestBodies } from "./request-body.ts";
import { sendJson } from "./responses.ts";
import type { Handler } from "./route.ts";

/** What {@link makeInspectCertificatesRoute} needs. */
export interface InspectCertificatesRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly inspectCertificates: InspectCertificates;
}

const Body = z.strictObject({
  certificates: z
    .array(z.unknown())
    .max(MAX_CERTIFICATES)
    .pipe(z.array(z.string().max(20_000))),
});

/** `POST /settings/inspect-certificates`: what each certificate is; saves nothing. */
export function makeInspectCertificatesRoute(deps: InspectCertificatesRouteDeps): Handler {
  const { adminGuard, bodies, inspectCertificates } = deps;
  return async (ctx, place) => {
    await adminGuard.writing(ctx, place);
    const { certificates } = parsedBody(Body, await bodies.json(ctx));
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
