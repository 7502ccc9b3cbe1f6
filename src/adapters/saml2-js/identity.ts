import type { IdentityProvider } from "../../domain/settings.ts";
import type { Clock, Logger } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import { inspectCertificate, makeVerificationKeys } from "./crypto/certificates.ts";
import type { ServiceProviderKey } from "./crypto/decrypt.ts";
import {
  type ServiceProviderKeyOptions,
  serviceProviderKeys,
} from "./crypto/service-provider-keys.ts";
import { loginRequest } from "./login-request.ts";
import { verifyLogout } from "./logout/verify-logout.ts";
import { type LogoutRoute, logoutRequest, logoutResponse } from "./logout/write-logout-messages.ts";
import { parseIdpMetadata } from "./metadata/idp-metadata.ts";
import type { ServiceProviderDescription } from "./metadata/sp-description.ts";
import { serviceProviderMetadata } from "./metadata/sp-metadata.ts";
import type { TimeLimits } from "./response/checks.ts";
import { claimedHead, claimedLogoutResponse } from "./response/claimed-head.ts";
import { verifyResponse } from "./response/verify-response.ts";
import { loadAhead, silenceSaml2Js } from "./second-reading/saml2-js-library.ts";
import {
  DEFAULT_SECOND_READING,
  makeSecondReading,
  type SecondReadingStrength,
} from "./second-reading/second-reading.ts";

/** Dependencies of the identity adapter. */
export interface Saml2JsIdentityOptions {
  /** Key pairs of the service provider; without any, nothing is signed or decrypted. */
  readonly keys?: readonly ServiceProviderKeyOptions[];
  /** What our metadata says besides endpoints and keys. */
  readonly description?: ServiceProviderDescription;
  /** Tolerances; see {@link DEFAULT_TIME_LIMITS}. */
  readonly limits?: Partial<TimeLimits>;
  /** What saml2-js does with every response; see {@link DEFAULT_SECOND_READING}. */
  readonly secondReading?: SecondReadingStrength;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One minute of clock skew; ten minutes for an assertion we asked for, five for one we did not. */
export const DEFAULT_TIME_LIMITS: TimeLimits = {
  clockSkewMs: 60_000,
  maxAgeMs: 600_000,
  maxUnsolicitedAgeMs: 300_000,
};

/**
 * The identity port on saml2-js, with the gate before it and the checks behind it.
 *
 * @throws TypeError when a key of the service provider cannot be used.
 */
export function makeSaml2JsIdentity(options: Saml2JsIdentityOptions): IdentityPort {
  const { clock, logger } = options;
  const keys = serviceProviderKeys(options.keys ?? []);
  const verificationKeys = makeVerificationKeys();
  const limits = { ...DEFAULT_TIME_LIMITS, ...options.limits };
  const secondReading = makeSecondReading(options.secondReading ?? DEFAULT_SECOND_READING);
  silenceSaml2Js();
  loadAhead();
  if (secondReading === undefined) logger.warn({ event: "saml.second-reading-off" });

  const routeOf = (route: Pick<LogoutRoute, "sp" | "connection">): LogoutRoute => ({
    ...route,
    key: requireSigningKey(keys.signing),
    now: clock.now(),
  });

  const onRetiringKey =
    ({ entityId }: IdentityProvider) =>
    (): void =>
      logger.warn({ event: "saml.retiring-key-used", issuer: entityId });

  return {
    canSignRequests: keys.signing !== undefined,
    loginRequest: async (sp, connection) =>
      loginRequest({ sp, connection, signingKey: keys.signing, now: clock.now() }),
    async verifyResponse(sp, connection, form, expectation) {
      const result = await verifyResponse(
        { sp, connection, form, expectation },
        {
          keys: keys.all,
          verificationKeys,
          limits,
          secondReading,
          onRetiringKey: onRetiringKey(connection),
        },
      );
      if (result.kind === "rejected" && isAlarm(result.code)) {
        logger.error({
          event: "saml.readings-disagree",
          code: result.code,
          issuer: connection.entityId,
        });
      }
      return result;
    },
    claimedHead,
    metadata: (sp, connection) =>
      serviceProviderMetadata(sp, {
        keys,
        description: options.description ?? {},
        signsRequests: keys.signing !== undefined && connection?.signRequests === true,
      }),
    parseIdpMetadata: (xml) => parseIdpMetadata(xml, clock.now()),
    inspectCertificate,
    logoutRequest: async (sp, connection, subject) =>
      logoutRequest(routeOf({ sp, connection }), subject),
    logoutResponse: async (sp, connection, answer) =>
      logoutResponse(routeOf({ sp, connection }), answer),
    claimedLogoutResponse,
    verifyLogout: async (sp, connection, message, now) =>
      verifyLogout(message, {
        keys: keys.all,
        sp,
        connection,
        now,
        limits,
        verificationKeys,
        onRetiringKey: onRetiringKey(connection),
      }),
  };
}

function isAlarm(code: string): boolean {
  return code === "readings-disagree" || code === "second-reading-failed";
}

function requireSigningKey(key: ServiceProviderKey | undefined): ServiceProviderKey {
  if (key === undefined) throw new TypeError("single logout requires serviceProvider.keys");
  return key;
}
