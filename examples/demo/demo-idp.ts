import { randomUUID } from "node:crypto";
import samlp from "samlp";
import { EMAIL_NAME_ID_FORMAT } from "../../src/domain/email-identity.ts";
import type { KeyPair } from "./secrets.ts";

/** Where the identity provider lives, below the demo's address. */
export const IDP_PATH = "/demo-idp";

const EMAIL_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const NAME_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
const LIFETIME_SECONDS = 300;

/** The service provider that the IdP knows; it serves no other. */
export interface KnownServiceProvider {
  readonly entityId: string;
  readonly acsUrl: string;
}

/** A login request that the IdP would answer. */
export interface LoginRequest {
  readonly id: string;
}

/** The demo's identity provider: samlp behind promises. */
export interface DemoIdp {
  readonly entityId: string;
  readonly acsUrl: string;
  metadata(): string;
  /** Reads a `SAMLRequest` of the redirect binding; `undefined` for what the known service provider did not send. */
  readRequest(samlRequest: string): Promise<LoginRequest | undefined>;
  /** The value of the form field `SAMLResponse` that signs `email` in; `groups` are sent as an attribute. */
  respond(email: string, groups: readonly string[], request?: LoginRequest): Promise<string>;
}

/** Makes the identity provider at `baseUrl`. */
export function makeDemoIdp(deps: {
  readonly baseUrl: string;
  readonly key: KeyPair;
  readonly serviceProvider: KnownServiceProvider;
}): DemoIdp {
  const { baseUrl, key, serviceProvider } = deps;
  const entityId = `${baseUrl}${IDP_PATH}/metadata`;
  return {
    entityId,
    acsUrl: serviceProvider.acsUrl,
    metadata: () => metadata(entityId, baseUrl, key.certificate),
    async readRequest(samlRequest) {
      const request = await parseRequest(samlRequest);
      const { id, issuer, assertionConsumerServiceURL: acsUrl } = request ?? {};
      const known = issuer === serviceProvider.entityId;
      const answerable = acsUrl === undefined || acsUrl === serviceProvider.acsUrl;
      return id !== undefined && known && answerable ? { id } : undefined;
    },
    async respond(email, groups, request) {
      const xml = await responseXml(email, {
        issuer: entityId,
        cert: key.certificate,
        key: key.privateKey,
        audience: serviceProvider.entityId,
        recipient: serviceProvider.acsUrl,
        destination: serviceProvider.acsUrl,
        ...(request === undefined ? {} : { inResponseTo: request.id }),
        sessionIndex: `_${randomUUID()}`,
        lifetimeInSeconds: LIFETIME_SECONDS,
        signatureAlgorithm: "rsa-sha256",
        digestAlgorithm: "sha256",
        profileMapper: (user) => claimsOf(user, groups),
      });
      return Buffer.from(xml, "utf8").toString("base64");
    },
  };
}

function claimsOf(
  email: string,
  groups: readonly string[],
): ReturnType<ResponseOptions["profileMapper"]> {
  const [name = ""] = email.split("@");
  return {
    getClaims: () => ({
      [EMAIL_CLAIM]: email,
      [NAME_CLAIM]: name,
      ...(groups.length === 0 ? {} : { groups }),
    }),
    getNameIdentifier: () => ({
      nameIdentifier: email,
      nameIdentifierFormat: EMAIL_NAME_ID_FORMAT,
    }),
  };
}

type ResponseOptions = Parameters<typeof samlp.getSamlResponse<string>>[0];

function responseXml(email: string, options: ResponseOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    samlp.getSamlResponse(options, email, (error, xml) =>
      xml === undefined ? reject(error) : resolve(xml),
    );
  });
}

function parseRequest(samlRequest: string): Promise<
  | {
      readonly id?: string;
      readonly issuer?: string;
      readonly assertionConsumerServiceURL?: string;
    }
  | undefined
> {
  return new Promise((resolve) => {
    samlp.parseRequest({ query: { SAMLRequest: samlRequest } }, (error, request) =>
      resolve(error ? undefined : request),
    );
  });
}

/** samlp writes its metadata to an Express response; this is as much of one as it needs. */
function metadata(entityId: string, baseUrl: string, certificate: string): string {
  const { protocol, host, pathname } = new URL(baseUrl);
  const sso = `${pathname.replace(/\/$/, "")}${IDP_PATH}/sso`;
  let xml = "";
  samlp.metadata({
    issuer: entityId,
    cert: certificate,
    profileMapper: { prototype: { metadata: [] } },
    redirectEndpointPath: sso,
    postEndpointPath: sso,
    logoutEndpointPaths: {},
  })(
    { headers: { host }, protocol: protocol.slice(0, -1) },
    {
      set: () => undefined,
      send: (body) => {
        xml = body;
      },
    },
  );
  return xml;
}
