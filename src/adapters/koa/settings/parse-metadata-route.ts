import type { IdentityPort } from "../../../ports/identity-port.ts";
import type { AdminGuard } from "../admin-guard.ts";
import { HttpProblem } from "../http-problem.ts";
import { parsedBody } from "../parsed-body.ts";
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
      throw new HttpProblem(422, {
        code: "metadata-invalid",
        detail: "This is not the metadata of a SAML identity provider.",
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
