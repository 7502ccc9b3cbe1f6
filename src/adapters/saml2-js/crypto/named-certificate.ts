import { createHash } from "node:crypto";
import { strictBase64 } from "../wire/base64.ts";
import { NS } from "../xml/names.ts";
import { childrenNamed, textOf, type XmlElement } from "../xml/tree.ts";

/**
 * SHA-256 fingerprint of the first certificate in the KeyInfo of a signature or an encrypted key.
 * Anybody may have written it: it is shown to administrators, and nothing is verified with it.
 */
export function namedCertificate(element: XmlElement): string | undefined {
  const [certificate] = childrenNamed(element, NS.ds, "KeyInfo")
    .flatMap((keyInfo) => childrenNamed(keyInfo, NS.ds, "X509Data"))
    .flatMap((data) => childrenNamed(data, NS.ds, "X509Certificate"));
  return certificate === undefined ? undefined : fingerprint(textOf(certificate) ?? "");
}

/** The fingerprint of a certificate in Base64, as `X509Certificate.fingerprint256` writes it. */
export function fingerprint(base64: string): string | undefined {
  const octets = strictBase64(base64);
  if (octets === undefined) return undefined;
  const hex = createHash("sha256").update(octets).digest("hex").toUpperCase();
  return hex.match(/../g)?.join(":");
}

/** Fingerprints for display; there are few, but a connection may have more than fit. */
export function fingerprintList(fingerprints: readonly string[]): string {
  const [first, second, third, ...more] = fingerprints;
  const shown = [first, second, third].filter((one) => one !== undefined).join(" or ");
  return more.length === 0 ? shown : `${shown} or ${more.length} others`;
}
