import { randomBytes } from "node:crypto";
import { quoted, refuse } from "../rejection-error.ts";
import { NS } from "../xml/names.ts";
import { descendants, type XmlElement } from "../xml/tree.ts";

/** Attributes of type xs:ID in the schemas, as `namespace local attribute`. */
const ID_PLACES: ReadonlySet<string> = new Set([
  `${NS.samlp} Response ID`,
  `${NS.samlp} LogoutRequest ID`,
  `${NS.samlp} LogoutResponse ID`,
  `${NS.saml} Assertion ID`,
  ...["Signature", "SignedInfo", "SignatureValue", "Reference", "KeyInfo", "X509Data"].map(
    (local) => `${NS.ds} ${local} Id`,
  ),
  ...["EncryptedData", "EncryptedKey"].map((local) => `${NS.xenc} ${local} Id`),
]);

/**
 * What fits in a reference without escaping. Several products begin IDs with a digit, or write a
 * colon or a plus sign, which no NCName does; IDs are compared octet by octet.
 */
const ID = /^[A-Za-z0-9_.:+-]{1,256}$/;

/**
 * Every attribute that any reader could take for an ID stands where the schema puts one, is plain, and is unique over all spellings. References can then mean one element only.
 *
 * @throws RejectionError `id-invalid`.
 */
export function requireSoundIds(root: XmlElement): void {
  const seen = new Set<string>();
  for (const element of descendants(root)) {
    for (const { prefix, local, value } of element.attributes) {
      if (local.toLowerCase() !== "id") continue;
      const place = `${element.namespace} ${element.local} ${local}`;
      if (prefix !== "" || !ID_PLACES.has(place)) {
        refuse(
          "id-invalid",
          `the attribute ${quoted(local)} of ${quoted(element.local)} is not supported: only messages, assertions, signatures and encrypted data have IDs here`,
          "place",
        );
      }
      if (!ID.test(value)) refuse("id-invalid", `invalid ID ${quoted(value)}`, "characters");
      if (seen.has(value)) refuse("id-invalid", `duplicate ID ${quoted(value)}`, "duplicate");
      seen.add(value);
    }
  }
}

/** 160 random bits (SAML core section 1.3.4); a name has to start with a letter or underscore. */
export function freshId(): string {
  return `_${randomBytes(20).toString("hex")}`;
}
