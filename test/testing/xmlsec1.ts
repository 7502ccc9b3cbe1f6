import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNATURE_OF = {
  response: "/*/*[local-name()='Signature']",
  message: "/*/*[local-name()='Signature']",
  assertion: "/*/*[local-name()='Assertion']/*[local-name()='Signature']",
} as const;

const ID_ATTRIBUTES = [
  "protocol:Response",
  "protocol:AuthnRequest",
  "protocol:LogoutRequest",
  "protocol:LogoutResponse",
  "assertion:Assertion",
].flatMap((name) => ["--id-attr:ID", `urn:oasis:names:tc:SAML:2.0:${name}`]);

/** Whether xmlsec1, an independent implementation, finds the signature valid. */
export function xmlsec1Verifies(
  xml: string,
  signed: keyof typeof SIGNATURE_OF,
  certificate: string,
): boolean {
  return inFolder({ "response.xml": xml, "idp.pem": certificate }, (folder) => {
    const { status } = spawnSync("xmlsec1", [
      "verify",
      "--enabled-key-data",
      "x509,rsa,ecdsa",
      "--pubkey-cert-pem",
      join(folder, "idp.pem"),
      ...ID_ATTRIBUTES,
      "--node-xpath",
      SIGNATURE_OF[signed],
      join(folder, "response.xml"),
    ]);
    return status === 0;
  });
}

/** The document with its EncryptedData replaced by what xmlsec1 decrypts. */
export function xmlsec1Decrypts(xml: string, privateKey: string): string {
  return inFolder({ "response.xml": xml, "sp.pem": privateKey }, (folder) =>
    execFileSync(
      "xmlsec1",
      [
        "decrypt",
        "--id-attr:Id",
        "http://www.w3.org/2001/04/xmlenc#:EncryptedKey",
        "--privkey-pem",
        join(folder, "sp.pem"),
        join(folder, "response.xml"),
      ],
      { encoding: "utf8" },
    ),
  );
}

function inFolder<T>(files: Readonly<Record<string, string>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "signing-idp-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
