import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { certificateFault } from "../../../domain/certificate-rules.ts";
import { inspectCertificate } from "./certificates.ts";
import type { ServiceProviderKey } from "./decrypt.ts";

/** What a key pair that does not sign is for; see {@link ServiceProviderKeyOptions.use}. */
export type ServiceProviderKeyUse = "next" | "retiring";

/** A key pair of the service provider. */
export interface ServiceProviderKeyOptions {
  /** RSA private key, PEM. */
  readonly privateKey: string;
  /** The X.509 certificate for it, PEM. */
  readonly certificate: string;
  /**
   * What the pair is for while keys are changed. `next`: identity providers may encrypt to it and
   * learn its certificate from our metadata, but it signs nothing yet. `retiring`: it only decrypts
   * what is still encrypted to it. Default: it signs; exactly one pair does.
   */
  readonly use?: ServiceProviderKeyUse | undefined;
}

/** The service provider's keys by what they are for. */
export interface ServiceProviderKeys {
  /** Every key: each decrypts, and identity providers may verify with each certificate. */
  readonly all: readonly ServiceProviderKey[];
  /** Signs our messages; absent without keys. */
  readonly signing: ServiceProviderKey | undefined;
  /** The one whose certificate is published for encryption; absent without keys. */
  readonly encryption: ServiceProviderKey | undefined;
}

/** A fault of the key pairs. */
export interface KeyFault {
  /** Path below `serviceProvider.keys`; empty for the list. */
  readonly path: readonly [] | readonly [index: number, member: keyof ServiceProviderKeyOptions];
  /** What must be; quotes no key. */
  readonly message: string;
}

/**
 * Parses the key pairs.
 *
 * @throws TypeError that lists every fault by its option, and quotes no key.
 */
export function serviceProviderKeys(
  options: readonly ServiceProviderKeyOptions[],
): ServiceProviderKeys {
  const { keys, faults } = checkPairs(options);
  if (faults.length > 0) {
    const lines = faults.map(({ path: [index, member], message }) => {
      const at = index === undefined ? "" : `[${index}].${member}`;
      return `serviceProvider.keys${at} ${message}`;
    });
    throw new TypeError(lines.join("; "));
  }
  const [signing, ...others] = inOrderOfUse(keys);
  const next = keys.find(({ use }) => use === "next");
  return {
    all: signing === undefined ? [] : [signing, ...others],
    signing,
    encryption: next ?? signing,
  };
}

/** All faults of the key pairs. */
export function serviceProviderKeyFaults(
  options: readonly ServiceProviderKeyOptions[],
): readonly KeyFault[] {
  return checkPairs(options).faults;
}

/** The pairs: the signing one first, then `next`, then those that are retiring. */
export function inOrderOfUse<Pair extends Pick<ServiceProviderKeyOptions, "use">>(
  pairs: readonly Pair[],
): readonly Pair[] {
  return [undefined, "next", "retiring"].flatMap((use) => pairs.filter((pair) => pair.use === use));
}

interface UsedKey extends ServiceProviderKey {
  readonly use: ServiceProviderKeyUse | undefined;
}

interface Checked {
  readonly keys: readonly UsedKey[];
  readonly faults: readonly KeyFault[];
}

function checkPairs(options: readonly ServiceProviderKeyOptions[]): Checked {
  const pairs = options.map(checkPair);
  return {
    keys: pairs.flatMap(({ keys }) => keys),
    faults: [...pairs.flatMap(({ faults }) => faults), ...listFaults(options)],
  };
}

function checkPair(
  { privateKey, certificate, use }: ServiceProviderKeyOptions,
  index: number,
): Checked {
  const key = attempt(() => createPrivateKey(privateKey));
  const x509 = attempt(() => new X509Certificate(certificate));
  const faults: KeyFault[] = [];
  if (key?.asymmetricKeyType !== "rsa") {
    faults.push({ path: [index, "privateKey"], message: "must be an RSA private key in PEM" });
  }
  const unfit = certificateFault(inspectCertificate(certificate));
  if (x509 === undefined || unfit?.code === "certificate-invalid") {
    faults.push({ path: [index, "certificate"], message: "must be an X.509 certificate in PEM" });
  } else if (key?.asymmetricKeyType === "rsa" && !x509.checkPrivateKey(key)) {
    const message = `must be the certificate of serviceProvider.keys[${index}].privateKey`;
    faults.push({ path: [index, "certificate"], message });
  } else if (unfit !== undefined) {
    faults.push({ path: [index, "privateKey"], message: `is too weak: ${unfit.message}` });
  }
  if (key === undefined || x509 === undefined || faults.length > 0) return { keys: [], faults };
  const retiring = use === "retiring" ? ({ retiring: true } as const) : {};
  return { keys: [{ ...readyKey(key, x509), ...retiring, use }], faults };
}

function readyKey(key: KeyObject, x509: X509Certificate): ServiceProviderKey {
  return {
    privateKey: key,
    certificate: x509.raw.toString("base64"),
  };
}

/** Exactly one pair signs, so that no order of the list can be wrong. */
function listFaults(options: readonly ServiceProviderKeyOptions[]): readonly KeyFault[] {
  const indexesOf = (use: ServiceProviderKeyUse | undefined) =>
    options.flatMap((pair, index) => (pair.use === use ? [index] : []));
  const signing = indexesOf(undefined);
  const faults: KeyFault[] = sameKeys(options);
  if (options.length > 0 && signing.length === 0) {
    faults.push({ path: [], message: "must contain a pair without use, which signs" });
  }
  if (signing.length > 1) {
    faults.push({
      path: [],
      message: `must contain one pair without use, which signs, not ${signing.length}: give the pair that identity providers do not have yet use "next", and an old one use "retiring"`,
    });
  }
  if (indexesOf("next").length > 1) {
    faults.push({ path: [], message: 'must contain at most one pair with use "next"' });
  }
  return faults;
}

function sameKeys(options: readonly ServiceProviderKeyOptions[]): KeyFault[] {
  const publicKeys = options.map(({ certificate }) =>
    attempt(() => new X509Certificate(certificate).publicKey),
  );
  return publicKeys.flatMap((key, index): KeyFault[] => {
    const first = publicKeys.findIndex((other) => key !== undefined && other?.equals(key));
    if (first < 0 || first === index) return [];
    const message = `must not have the key of serviceProvider.keys[${first}]: a renewed certificate of the same key replaces the old one`;
    return [{ path: [index, "certificate"], message }];
  });
}

/** Omits OpenSSL's message about a broken key, which may quote the key. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
