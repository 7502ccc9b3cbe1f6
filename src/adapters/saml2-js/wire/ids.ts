import { quoted, refuse } from "../rejection-error.ts";
import { NS } from "../xml/namespaces.ts";
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

/** NCName, narrowed to what fits in a reference without escaping. */
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;

/**
 * Every attribute that any reader could take for an ID stands where the schema puts one, is a plain
 * name, and is unique over all spellings. References can then mean one element only.
 *
 * @throws Refusal `id-invalid`.
 */
export function requireSoundIds(root: XmlElement): void {
  const seen = new Set<string>();
  for (const element of descendants(root)) {
    for (const { prefix, local, value } of element.attributes) {
      if (local.toLowerCase() !== "id") continue;
      const place = `${element.namespace} ${element.local} ${local}`;
      if (prefix !== "" || !ID_PLACES.has(place)) {
        refuse("id-invalid", `unexpected ID attribute on ${quoted(element.local)}`);
      }
      if (!ID.test(value)) refuse("id-invalid", `invalid ID ${quoted(value)}`);
      if (seen.has(value)) refuse("id-invalid", `duplicate ID ${quoted(value)}`);
      seen.add(value);
    }
  }
}
