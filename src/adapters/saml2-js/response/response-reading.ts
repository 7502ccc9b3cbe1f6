import { defined } from "../../../domain/defined.ts";
import type { RejectionCauses } from "../../../domain/rejection.ts";
import { quote, refuse } from "../rejection-error.ts";
import { NS, UNSPECIFIED } from "../xml/names.ts";
import {
  attributeOf,
  elementsOf,
  isNamed,
  textOf,
  trimmedAttributeOf,
  trimXmlSpace,
  type XmlElement,
} from "../xml/tree.ts";
import { compareTexts } from "./comparisons.ts";
import type { ResponseShape } from "./response-structure.ts";

/** The status of a response (SAML core section 3.2.2). */
export interface StatusReading {
  readonly code: string;
  /** The second-level status code, if present. */
  readonly subcode?: string;
  readonly message?: string;
}

/** Header of a response; trusted only if it is signed. */
export interface ResponseReading {
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly issueInstant: string | undefined;
  readonly destination: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly issuer: string | undefined;
  readonly signed: boolean;
}

/** Reads the head of a response. */
export function responseReading({ root, issuer }: ResponseShape, signed: boolean): ResponseReading {
  return {
    id: attributeOf(root, "ID"),
    version: attributeOf(root, "Version"),
    issueInstant: attributeOf(root, "IssueInstant"),
    destination: trimmedAttributeOf(root, "Destination"),
    inResponseTo: trimmedAttributeOf(root, "InResponseTo"),
    issuer: issuer === undefined ? undefined : issuerText(issuer),
    signed,
  };
}

/** SAML core section 8.3.6, and a meaningless value that some products send. */
const ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
const ISSUER_FORMATS: ReadonlySet<string> = new Set([ENTITY_FORMAT, UNSPECIFIED]);

/** The entity ID in an Issuer (SAML core section 2.2.5). */
export function issuerText(issuer: XmlElement): string {
  const format = trimmedAttributeOf(issuer, "Format");
  if (format !== undefined && !ISSUER_FORMATS.has(format)) {
    refuse(
      "issuer-mismatch",
      `the Issuer has the unsupported format ${quote(format)}`,
      "format",
      compareTexts(format, `${ENTITY_FORMAT}, or none`),
    );
  }
  return trimXmlSpace(
    textOf(issuer) ?? refuse("structure-invalid", "the Issuer contains elements", "malformed"),
  );
}

/**
 * Reads the status strictly: one StatusCode, first, with at most one below it.
 *
 * @throws RejectionError `structure-invalid`.
 */
export function statusReading(status: XmlElement): StatusReading {
  const [code, ...more] = elementsOf(status);
  const messages = more.filter((element) => isNamed(element, NS.samlp, "StatusMessage"));
  const details = more.filter((element) => isNamed(element, NS.samlp, "StatusDetail"));
  if (
    code === undefined ||
    !isNamed(code, NS.samlp, "StatusCode") ||
    messages.length > 1 ||
    details.length > 1 ||
    messages.length + details.length !== more.length
  ) {
    return refuse(
      "structure-invalid",
      "the Status must contain exactly one StatusCode",
      "malformed",
    );
  }
  const [subcode] = elementsOf(code);
  const second = subcode === undefined ? undefined : attributeOf(subcode, "Value");
  const message = messages[0] === undefined ? undefined : textOf(messages[0]);
  return {
    code:
      attributeOf(code, "Value") ??
      refuse("structure-invalid", "the StatusCode has no Value", "malformed"),
    ...defined({ subcode: second, message }),
  };
}

const STATUS = "urn:oasis:names:tc:SAML:2.0:status:";

/** What to do about a status depends on who has to do it (SAML core section 3.2.2.2). */
const STATUS_CAUSES: ReadonlyMap<string, RejectionCauses["status-not-success"]> = new Map([
  [`${STATUS}AuthnFailed`, "user-refused"],
  [`${STATUS}RequestDenied`, "user-refused"],
  [`${STATUS}UnknownPrincipal`, "user-refused"],
  [`${STATUS}RequestUnsupported`, "request-refused"],
  [`${STATUS}UnsupportedBinding`, "request-refused"],
  [`${STATUS}Requester`, "request-refused"],
  [`${STATUS}VersionMismatch`, "request-refused"],
  [`${STATUS}NoAuthnContext`, "context-unavailable"],
  [`${STATUS}NoPassive`, "not-passively"],
  [`${STATUS}InvalidNameIDPolicy`, "name-id-unavailable"],
  [`${STATUS}InvalidAttrNameOrValue`, "name-id-unavailable"],
]);

/** @param code the most specific status code. */
export function statusCause(code: string): RejectionCauses["status-not-success"] {
  return STATUS_CAUSES.get(code) ?? "other";
}
