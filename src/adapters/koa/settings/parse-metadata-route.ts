import type { IdentityPort } from "../../../ports/identity-port.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { parsedBody } from "../parsed-body.ts";
import { problem } from "../problems.ts";
import type { RequestBodies } from "../request-body.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import { ParseMetadataRequest } from "./metadata-schema.ts";

export interface ParseMetadataRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly identity: IdentityPort;
}

/**
 * `POST /settings/parse-metadata`: reads an identity provider's metadata; saves and fetches
 * nothing.
 */
export function makeParseMetadataRoute(deps: ParseMetadataRouteDeps): Handler {
  const { adminGuard, bodies, identity } = deps;
  return async (ctx, place) => {
    await adminGuard.writing(ctx, place);
    const { xml } = parsedBody(ParseMetadataRequest, await bodies.json(ctx));
    const parsed = identity.parseIdpMetadata(xml);
    if (parsed.kind === "invalid") {
      throw problem("metadata-invalid", {
        errors: [{ pointer: "/xml", code: "metadata-invalid", detail: parsed.detail }],
      });
    }
    const identityProviders = parsed.identityProviders.map((provider) => ({
      ...provider,
      certificateFacts: provider.certificates.map(
        (certificate) => identity.inspectCertificate(certificate) ?? null,
      ),
    }));
    sendJson(ctx, { identityProviders });
  };
}
