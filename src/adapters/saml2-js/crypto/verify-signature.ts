import {
  constants,
  createHash,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  verify,
} from "node:crypto";
import { keepsValidityPeriod } from "../../../domain/certificate-rules.ts";
import type { Comparison, RejectionCauses } from "../../../domain/rejection.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import { refuse } from "../rejection-error.ts";
import { canonicalForm } from "../xml/exclusive-c14n.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { SignatureMethod } from "./algorithms.ts";
import { fingerprintList, namedCertificate, type VerificationKey } from "./certificates.ts";
import type { SignatureForm } from "./signature-structure.ts";

/** Content covered by a signature, and its signer. */
export interface SignedContent {
  /** The canonical form whose octets were digested: everything else is read from this. */
  readonly canonical: string;
  /** The canonical form of SignedInfo, whose octets the signature value covers. */
  readonly signedInfo: string;
  readonly signedBy: VerificationKey;
}

/**
 * The time at which certificates must be valid; `undefined` when their validity does not matter.
 */
export type CertificateMoment = { readonly now: number; readonly skewMs: number } | undefined;

/** The moment at which the certificates of `connection` must be valid. */
export function certificateMoment(
  connection: IdentityProvider,
  now: number,
  skewMs: number,
): CertificateMoment {
  return keepsValidityPeriod(connection) ? { now, skewMs } : undefined;
}

/**
 * Verifies an enveloped signature over `signed` with the connection's own keys, one at a time; keys
 * inside the message are never looked at. The signature value is checked before anything large is
 * digested, so that forged messages cost little.
 *
 * @param inherited namespaces in scope at `signed` from its ancestors.
 * @throws RejectionError `signature-invalid` or `certificate-expired`.
 */
export function verifySignature(
  form: SignatureForm,
  signed: XmlElement,
  inherited: ReadonlyMap<string, string>,
  keys: readonly VerificationKey[],
  moment: CertificateMoment,
): SignedContent {
  const inScope = new Map([...inherited, ...signed.declarations, ...form.element.declarations]);
  const signedInfo = canonicalForm(form.signedInfo, {
    inclusivePrefixes: form.signedInfoPrefixes,
    inherited: inScope,
  });
  const signedBy = signerOf(
    keys,
    moment,
    { what: signed.local, named: () => namedCertificate(form.element) },
    (key) => verifies(form.method, key, Buffer.from(signedInfo), form.signatureValue),
  );
  const canonical = canonicalForm(signed, {
    without: form.element,
    inclusivePrefixes: form.referencePrefixes,
    inherited,
  });
  const digest = createHash(form.digest.hash).update(canonical).digest();
  if (digest.length !== form.digestValue.length || !timingSafeEqual(digest, form.digestValue)) {
    refuse("signature-invalid", `${signed.local} was changed after it was signed`, "altered");
  }
  return { canonical, signedInfo, signedBy };
}

/** Whether `signature` over `data` was made with the private key of `key`. */
export function verifies(
  method: SignatureMethod,
  key: VerificationKey,
  data: Buffer,
  signature: Buffer,
): boolean {
  if (key.keyType !== method.keyType) return false;
  try {
    return verify(method.hash, data, keyInput(method, key), signature);
  } catch {
    return false;
  }
}

function keyInput(
  { keyType, pss }: SignatureMethod,
  { key }: VerificationKey,
): VerifyKeyObjectInput {
  // RFC 9231 section 2.3.6: the two integers side by side, not the DER form.
  if (keyType === "ec") return { key, dsaEncoding: "ieee-p1363" };
  return pss
    ? {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { key, padding: constants.RSA_PKCS1_PADDING };
}

/**
 * The signer. A renewed certificate often keeps its key, so valid certificates are tried first.
 *
 * @param about the signed thing, and the certificate that its sender names, for the administrator.
 * @throws RejectionError `certificate-expired` or `signature-invalid`.
 */
export function signerOf(
  keys: readonly VerificationKey[],
  moment: CertificateMoment,
  about: { readonly what: string; readonly named?: () => string | undefined },
  hasSigned: (key: VerificationKey) => boolean,
): VerificationKey {
  const current = keys.find((key) => isCurrent(key, moment) && hasSigned(key));
  if (current !== undefined) return current;
  const expired = keys.find((key) => !isCurrent(key, moment) && hasSigned(key));
  return expired === undefined
    ? refuse(
        "signature-invalid",
        `no certificate of the connection verifies the signature of ${about.what}`,
        ...wrongCertificate(about.named?.(), keys),
      )
    : refuse(
        "certificate-expired",
        `the certificate ${expired.fingerprint} is outside its validity period`,
      );
}

/** What the sender names is a hint, not a proof: nothing is verified with it. */
function wrongCertificate(
  named: string | undefined,
  keys: readonly VerificationKey[],
): readonly [RejectionCauses["signature-invalid"], Comparison?] {
  if (named === undefined) return ["no-certificate"];
  const known = keys.map((key) => key.fingerprint);
  return known.includes(named)
    ? ["altered"]
    : ["other-certificate", { sent: `certificate ${named}`, expected: fingerprintList(known) }];
}

function isCurrent({ notBefore, notAfter }: VerificationKey, moment: CertificateMoment): boolean {
  if (moment === undefined) return true;
  const { now, skewMs } = moment;
  return now <= notAfter + skewMs && now >= notBefore - skewMs;
}
