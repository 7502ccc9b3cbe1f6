import { expect } from "chai";
import {
  makeSaml2JsIdentity,
  type Saml2JsIdentityOptions,
} from "../../../../src/adapters/saml2-js/identity.ts";
import type { Rejection, RejectionCode } from "../../../../src/domain/rejection.ts";
import type { IdentityProvider } from "../../../../src/domain/settings.ts";
import type { LogEvent } from "../../../../src/ports/environment.ts";
import type {
  IdentityPort,
  ServiceProvider,
  VerifiedAssertion,
} from "../../../../src/ports/identity-port.ts";
import { makeTestKey, type TestKey } from "../../../../src/testing/signing-idp/certificate.ts";
import {
  encodeResponse,
  makeSigningIdp,
  type SigningIdp,
} from "../../../../src/testing/signing-idp.ts";

/** The time of every test: 2026-06-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 5, 1, 12);

/** The service provider. */
export const SP: ServiceProvider & { readonly sloUrl: string } = {
  entityId: "https://app.example/saml/metadata",
  acsUrl: "https://app.example/saml/acs",
  sloUrl: "https://app.example/saml/slo",
};

export const spKey: TestKey = makeTestKey({ subject: "service provider" });
export const idp: SigningIdp = makeSigningIdp({ clock: { now: () => NOW } });

/** What a usual response says. */
export const ask: { readonly acsUrl: string; readonly audience: string; readonly email: string } = {
  acsUrl: SP.acsUrl,
  audience: SP.entityId,
  email: "ada@customer.example",
};

/** An identity adapter, and what it logged. */
export interface IdentityUnderTest {
  readonly identity: IdentityPort;
  readonly logged: readonly LogEvent[];
}

export function makeIdentity(options: Partial<Saml2JsIdentityOptions> = {}): IdentityUnderTest {
  const logged: LogEvent[] = [];
  const log = (event: LogEvent): void => {
    logged.push(event);
  };
  const identity = makeSaml2JsIdentity({
    keys: [spKey],
    clock: { now: () => NOW },
    logger: { info: log, warn: log, error: log },
    ...options,
  });
  return { identity, logged };
}

/** What one response is verified with, where it differs from the usual. */
export interface Circumstances {
  readonly identity?: IdentityPort;
  readonly connection?: Partial<IdentityProvider>;
  readonly pending?: readonly string[];
  readonly now?: number;
  readonly from?: SigningIdp;
}

const usual = makeIdentity().identity;

/** Posts XML, as it is, to the identity port. */
export function verify(
  xml: string,
  { identity = usual, connection, pending = [], now = NOW, from = idp }: Circumstances = {},
): Promise<VerifiedAssertion | Rejection> {
  return identity.verifyResponse(
    SP,
    from.connection(connection),
    { SAMLResponse: encodeResponse(xml) },
    { pendingRequestIds: pending, now },
  );
}

/** The assertion, or a failed test that says why it was rejected. */
export function accepted(result: VerifiedAssertion | Rejection): VerifiedAssertion {
  if (result.kind === "rejected") expect.fail(`rejected as ${result.code}: ${result.detail}`);
  return result;
}

/** The rejection, which must have this code. */
export function refused(
  result: { readonly kind: string } | Rejection,
  code: RejectionCode,
): Rejection {
  expect(result).to.include({ kind: "rejected", code });
  return result as Rejection;
}
