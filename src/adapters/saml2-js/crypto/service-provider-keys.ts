import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { ServiceProviderKey } from "./decrypt.ts";

/** A key pair of the service provider. */
export interface ServiceProviderKeyOptions {
  /** RSA private key, PEM. */
  readonly privateKey: string;
  /** The X.509 certificate for it, PEM. */
  readonly certificate: string;
}

/**
 * Validates the key pairs: the first signs, all decrypt, so that keys can be rotated.
 *
 * @throws TypeError that names the option, never the key.
 */
export function serviceProviderKeys(
  options: readonly ServiceProviderKeyOptions[],
): readonly ServiceProviderKey[] {
  return options.map(({ privateKey, certificate }, index) => {
    const path = `serviceProvider.keys[${index}]`;
    const key = privateKeyOf(privateKey, `${path}.privateKey`);
    const x509 = certificateOf(certificate, `${path}.certificate`);
    if (!x509.checkPrivateKey(key)) {
      throw new TypeError(`${path}.certificate must be the certificate of ${path}.privateKey`);
    }
    return {
      privateKey: key,
      privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
      certificate: x509.raw.toString("base64"),
    };
  });
}

function privateKeyOf(pem: string, path: string): KeyObject {
  const key = attempt(() => createPrivateKey(pem));
  if (key?.asymmetricKeyType !== "rsa")
    throw new TypeError(`${path} must be an RSA private key in PEM`);
  return key;
}

function certificateOf(pem: string, path: string): X509Certificate {
  const certificate = attempt(() => new X509Certificate(pem));
  if (certificate === undefined) throw new TypeError(`${path} must be an X.509 certificate in PEM`);
  return certificate;
}

/** Omits OpenSSL's message about a broken key, which may quote the key. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
