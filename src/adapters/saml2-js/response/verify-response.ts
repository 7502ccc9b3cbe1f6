import { defined } from "../../../domain/defined.ts";
import type { Rejection } from "../../../domain/rejection.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import { type Worded, worded } from "../../../domain/texts/faults.ts";
import type {
  ResponseExpectation,
  ServiceProvider,
  VerifiedAssertion,
} from "../../../ports/identity-port.ts";
import { makeAlgorithmPolicy } from "../crypto/algorithms.ts";
import type { VerificationKeys } from "../crypto/certificates.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { certificateMoment } from "../crypto/verify-signature.ts";
import { RejectionError, rejectionOf } from "../rejection-error.ts";
import type { SecondReading } from "../second-reading/second-reading.ts";
import { instant } from "../wire/lexical-forms.ts";
import { CHECKS, type TimeLimits } from "./checks.ts";
import { readSignedResponse, type SignatureTask, type SignedResponse } from "./signed-response.ts";

/** What verifying needs besides the message. */
export interface VerifyDependencies {
  readonly keys: readonly ServiceProviderKey[];
  readonly verificationKeys: VerificationKeys;
  readonly limits: TimeLimits;
  /** `undefined` where the second reading is switched off. */
  readonly secondReading: SecondReading | undefined;
  /** Called when a key that is being retired has decrypted a verified assertion. */
  readonly onRetiringKey: () => void;
}

/** Input of the verification. */
export interface ResponseRequest {
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  /** The decoded form, not looked at before. */
  readonly form: unknown;
  readonly expectation: ResponseExpectation;
}

/**
 * Verifies a response from the form field to the last check. Our own strict reading comes first and
 * decides; saml2-js is asked only about an assertion that a signature of the connection covers, and
 * must agree.
 */
export async function verifyResponse(
  request: ResponseRequest,
  dependencies: VerifyDependencies,
): Promise<VerifiedAssertion | Rejection> {
  const { sp, connection, form, expectation } = request;
  const { limits, secondReading, onRetiringKey } = dependencies;
  let authenticated = false;
  try {
    const signed = readSignedResponse(form, signatureTask(request, dependencies));
    authenticated = true;
    const { response, reading: assertion } = signed;
    const input = { response, assertion, sp, connection, limits, ...expectation };
    for (const check of CHECKS) check(input);
    await secondReading?.(signed, request);
    const verified = verifyAssertion(signed, limits);
    if (signed.encryption?.openedWith.retiring) onRetiringKey();
    return verified;
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    return rejectionOf(error, authenticated);
  }
}

function signatureTask(
  { connection, expectation }: ResponseRequest,
  { keys, verificationKeys, limits }: VerifyDependencies,
): SignatureTask {
  return {
    policy: makeAlgorithmPolicy(connection.weakAlgorithms),
    idpKeys: verificationKeys(connection),
    moment: certificateMoment(connection, expectation.now, limits.clockSkewMs),
    keys,
  };
}

function verifyAssertion(signed: SignedResponse, limits: TimeLimits): VerifiedAssertion {
  const { response, reading, signedBy } = signed;
  const { authnContextClassRef, sessionIndex, sessionNotOnOrAfter } = reading;
  return {
    kind: "verified",
    assertionId: reading.id,
    issuer: reading.issuer,
    claims: { nameId: reading.nameId, attributes: reading.attributes },
    authnInstant: instant(reading.authnInstant ?? "", "AuthnInstant"),
    ...defined({ authnContextClassRef, inResponseTo: response.inResponseTo, sessionIndex }),
    ...(sessionNotOnOrAfter === undefined
      ? {}
      : { sessionNotOnOrAfter: instant(sessionNotOnOrAfter, "SessionNotOnOrAfter") }),
    // The age check refuses it from then on; the other process's clock may be a skew behind ours.
    replayableUntil:
      instant(reading.issueInstant ?? "", "IssueInstant of the assertion") +
      Math.max(limits.maxAgeMs, limits.maxUnsolicitedAgeMs) +
      2 * limits.clockSkewMs,
    signedBy: signedBy.fingerprint,
    warnings: [...weaknessesOf(signed), ...outdatedKeyOf(signed)],
  };
}

function weaknessesOf({ signatures, encryption }: SignedResponse): readonly Worded[] {
  const used = [
    ...signatures.flatMap(({ form }) => [form.method, form.digest]),
    ...(encryption === undefined ? [] : [encryption.form.encryption, encryption.form.transport]),
  ];
  const weak = used.filter(({ weakness }) => weakness !== undefined);
  return [...new Set(weak.map(({ name }) => name))].map((algorithm) =>
    worded("weak-algorithm-used", { algorithm }),
  );
}

function outdatedKeyOf({ encryption }: SignedResponse): readonly Worded[] {
  return encryption?.openedWith.retiring === true ? [worded("old-certificate-used")] : [];
}
