import type { Rejection } from "../../src/domain/rejection.ts";
import type {
  IdentityPort,
  LoginRequest,
  RejectedLogout,
  VerifiedAssertion,
  VerifiedLogout,
} from "../../src/ports/identity-port.ts";

/** An identity port that takes what a test says for verified. */
export interface FakeIdentity extends IdentityPort {
  /** What the next responses are. */
  response: VerifiedAssertion | Rejection;
  /** The request that the next responses claim to answer. */
  claimed: string | undefined;
  /** What the next logout messages are. */
  logout: VerifiedLogout | RejectedLogout;
  /** What they claim to answer. */
  claimedLogout: { readonly inResponseTo?: string } | undefined;
}

/** An assertion about `email`. */
export function verified(email: string, more: Partial<VerifiedAssertion> = {}): VerifiedAssertion {
  return {
    kind: "verified",
    assertionId: `_${email}`,
    issuer: "https://idp.example/metadata",
    claims: {
      nameId: { value: email, format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" },
      attributes: [],
    },
    authnInstant: Date.UTC(2026, 0, 1),
    replayableUntil: Date.UTC(2026, 0, 1, 1),
    signedBy: "AA:BB",
    warnings: [],
    ...more,
  };
}

/** Makes a fake that rejects everything until it is told otherwise. */
export function makeFakeIdentity(): FakeIdentity {
  const nothing: Rejection = {
    kind: "rejected",
    code: "message-missing",
    detail: "nothing was sent",
    authenticated: false,
  };
  let requests = 0;
  const request = async (): Promise<LoginRequest> => {
    requests += 1;
    const message = { binding: "redirect", url: "https://idp.example/sso" } as const;
    return { id: `_request-${requests}`, message };
  };
  const fake: FakeIdentity = {
    response: nothing,
    claimed: undefined,
    claimedLogout: undefined,
    logout: nothing,
    canSignRequests: true,
    loginRequest: request,
    logoutRequest: request,
    logoutResponse: async () => ({
      binding: "redirect",
      url: "https://idp.example/slo?SAMLResponse=x",
    }),
    verifyResponse: async () => fake.response,
    claimedHead: () => (fake.claimed === undefined ? {} : { inResponseTo: fake.claimed }),
    claimedLogoutResponse: () => fake.claimedLogout,
    verifyLogout: async () => fake.logout,
    metadata: async () => "<metadata/>",
    parseIdpMetadata: () => ({ kind: "invalid", detail: "a fake reads nothing" }),
    inspectCertificate: () => ({
      subject: "CN=idp",
      issuer: "CN=idp",
      fingerprint: "AA:BB",
      notBefore: 0,
      notAfter: Date.UTC(2036, 0, 1),
      keyType: "rsa",
      keyBits: 2048,
      keyExponent: 65_537,
    }),
  };
  return fake;
}
