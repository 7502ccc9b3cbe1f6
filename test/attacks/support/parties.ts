import {
  makeTestKey,
  reissue,
  type TestKey,
} from "../../../src/testing/signing-idp/certificate.ts";
import { makeSigningIdp, type SigningIdp } from "../../../src/testing/signing-idp.ts";

/** The time of every attack: 2026-06-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 5, 1, 12);

/** The origin of the service provider under attack. */
export const ORIGIN = "https://app.example";
export const ACS_URL: string = `${ORIGIN}/saml/acs`;
export const ENTITY_ID: string = `${ORIGIN}/saml/metadata`;

/** Who signs in, by right. */
export const MALLORY = "mallory@customer.example";
/** Whom nobody but themselves may sign in. */
export const VICTIM = "victim@customer.example";

/** The service provider's own key: assertions are encrypted to it. */
export const spKey: TestKey = makeTestKey({ subject: "service provider" });
/** The identity provider that the tenant trusts. */
export const idp: SigningIdp = makeSigningIdp();
/** The same key under a certificate that has expired, and one that is not valid yet. */
export const expired: TestKey = reissue(idp.key, { notAfter: NOW - 86_400_000 });
export const early: TestKey = reissue(idp.key, { notBefore: NOW + 86_400_000 });
/** Mallory's own key, under the identity provider's name. */
export const malloryKey: TestKey = makeTestKey();
/** The identity provider of another tenant. */
export const foreignIdp: SigningIdp = makeSigningIdp({
  entityId: "https://other-idp.example/metadata",
});
export const p256: SigningIdp = makeSigningIdp({ algorithms: { signature: "ecdsa-sha256" } });
export const p384: SigningIdp = makeSigningIdp({ algorithms: { signature: "ecdsa-sha384" } });
