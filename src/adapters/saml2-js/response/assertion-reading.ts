import { defined } from "../../../domain/defined.ts";
import type { NameId } from "../../../domain/email-identity.ts";
import { quote, refuse } from "../rejection-error.ts";
import { NS, UNSPECIFIED } from "../xml/names.ts";
import {
  attributeOf,
  childrenNamed,
  elementsOf,
  isNamed,
  textOf,
  trimmedAttributeOf,
  trimXmlSpace,
  type XmlElement,
} from "../xml/tree.ts";
import { issuerText } from "./response-reading.ts";

/** A SubjectConfirmation with its data (SAML core sections 2.4.1.1 and 2.4.1.2). */
export interface ConfirmationReading {
  readonly method: string | undefined;
  readonly recipient: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
}

/** One attribute. */
export interface AttributeReading {
  readonly name: string;
  /** Values that are text; those with elements in them are left out. */
  readonly values: readonly string[];
}

/** Content of the assertion, not yet checked. */
export interface AssertionReading {
  readonly id: string;
  readonly version: string | undefined;
  readonly issueInstant: string | undefined;
  readonly issuer: string;
  readonly nameId: NameId;
  readonly confirmations: readonly ConfirmationReading[];
  readonly conditions: XmlElement | undefined;
  readonly authnInstant: string | undefined;
  readonly authnContextClassRef: string | undefined;
  readonly sessionIndex: string | undefined;
  readonly sessionNotOnOrAfter: string | undefined;
  readonly attributes: readonly AttributeReading[];
}

const NO_NAME_ID: NameId = { value: "", format: UNSPECIFIED };
const STATEMENTS: ReadonlySet<string> = new Set([
  "AuthnStatement",
  "AttributeStatement",
  "AuthzDecisionStatement",
  "Statement",
]);
const PARTS: ReadonlySet<string> = new Set([
  "Issuer",
  "Subject",
  "Conditions",
  "Advice",
  ...STATEMENTS,
]);

/**
 * Reads an assertion (SAML core section 2.3.3) from the octets that were signed. One of each: two
 * subjects, two NameIDs or two authentications would leave it to the reader whom it is about.
 *
 * @throws RejectionError `structure-invalid`, `subject-invalid`, `name-id-…`, `authn-statement-…`,
 * `attribute-invalid`.
 */
export function assertionReading(assertion: XmlElement): AssertionReading {
  requireKnownParts(assertion);
  const issuer = childrenNamed(assertion, NS.saml, "Issuer")[0];
  const subject = childrenNamed(assertion, NS.saml, "Subject")[0];
  if (issuer === undefined)
    return refuse("structure-invalid", "the assertion has no Issuer", "malformed");
  if (subject === undefined) return refuse("subject-invalid", "the assertion has no Subject");
  const authn = authnStatement(assertion);
  return {
    id:
      attributeOf(assertion, "ID") ??
      refuse("structure-invalid", "the assertion has no ID", "malformed"),
    version: attributeOf(assertion, "Version"),
    issueInstant: attributeOf(assertion, "IssueInstant"),
    issuer: issuerText(issuer),
    nameId: optionalNameId(
      elementsOf(subject).filter((part) => !isNamed(part, NS.saml, "SubjectConfirmation")),
    ),
    confirmations: childrenNamed(subject, NS.saml, "SubjectConfirmation").map(confirmation),
    conditions: childrenNamed(assertion, NS.saml, "Conditions")[0],
    authnInstant: attributeOf(authn, "AuthnInstant"),
    authnContextClassRef: authnContextClassRef(authn),
    sessionIndex: attributeOf(authn, "SessionIndex") || undefined,
    sessionNotOnOrAfter: attributeOf(authn, "SessionNotOnOrAfter"),
    attributes: attributes(assertion),
  };
}

function requireKnownParts(assertion: XmlElement): void {
  const counts = new Map<string, number>();
  for (const part of elementsOf(assertion)) {
    if (part.namespace !== NS.saml || !PARTS.has(part.local)) {
      if (isNamed(part, NS.ds, "Signature")) continue;
      refuse("structure-invalid", `unexpected ${quote(part.local)} in the assertion`, "misplaced");
    }
    counts.set(part.local, (counts.get(part.local) ?? 0) + 1);
  }
  for (const single of ["Issuer", "Subject", "Conditions", "Advice", "AttributeStatement"]) {
    if ((counts.get(single) ?? 0) > 1)
      refuse(
        "structure-invalid",
        `the assertion has more than one ${single}, of which only one is read here`,
        single === "AttributeStatement" ? "several" : "malformed",
      );
  }
}

/**
 * SAML core section 2.4.1: a Subject may consist of its confirmations alone. Some products send an
 * empty NameID then.
 */
function optionalNameId(identifiers: readonly XmlElement[]): NameId {
  const [only, ...more] = identifiers;
  const isAbsent =
    only === undefined ||
    (more.length === 0 && isNamed(only, NS.saml, "NameID") && textOf(only) === "");
  return isAbsent ? NO_NAME_ID : subjectNameId(identifiers);
}

/**
 * The one NameID among the elements that identify a subject.
 *
 * @throws RejectionError `name-id-missing`, `name-id-encrypted` or `subject-invalid`.
 */
export function subjectNameId(identifiers: readonly XmlElement[]): NameId {
  const [nameId, ...more] = identifiers;
  if (nameId === undefined) return refuse("name-id-missing", "the Subject has no NameID");
  if (isNamed(nameId, NS.saml, "EncryptedID")) {
    return refuse(
      "name-id-encrypted",
      "the NameID is encrypted: turn this off at the identity provider",
    );
  }
  if (more.length > 0 || !isNamed(nameId, NS.saml, "NameID")) {
    return refuse("subject-invalid", "the Subject must contain exactly one NameID");
  }
  const value = textOf(nameId);
  if (value === undefined || value === "") return refuse("name-id-missing", "the NameID is empty");
  const nameQualifier = attributeOf(nameId, "NameQualifier") || undefined;
  const spNameQualifier = attributeOf(nameId, "SPNameQualifier") || undefined;
  return {
    value,
    format: trimmedAttributeOf(nameId, "Format") ?? UNSPECIFIED,
    ...defined({ nameQualifier, spNameQualifier }),
  };
}

function confirmation(element: XmlElement): ConfirmationReading {
  // A NameID in here names another party; a reader that looks for any NameID would take it.
  const parts = elementsOf(element);
  const data = childrenNamed(element, NS.saml, "SubjectConfirmationData");
  if (data.length > 1 || parts.length !== data.length) {
    refuse("subject-invalid", "unexpected content in SubjectConfirmation");
  }
  const [one] = data;
  const reference = (name: string): string | undefined => one && trimmedAttributeOf(one, name);
  // An empty time counts as one that cannot be read: a limit may be missing in it.
  const time = (name: string): string | undefined => one && attributeOf(one, name);
  return {
    method: trimmedAttributeOf(element, "Method"),
    recipient: reference("Recipient"),
    inResponseTo: reference("InResponseTo"),
    notBefore: time("NotBefore"),
    notOnOrAfter: time("NotOnOrAfter"),
  };
}

/** The Web Browser SSO profile demands one (profiles section 4.1.4.2). */
function authnStatement(assertion: XmlElement): XmlElement {
  const [one, ...more] = childrenNamed(assertion, NS.saml, "AuthnStatement");
  if (one === undefined)
    return refuse("authn-statement-missing", "the assertion has no AuthnStatement");
  return more.length === 0
    ? one
    : refuse("authn-statement-invalid", "the assertion has more than one AuthnStatement");
}

/**
 * SAML core section 2.7.2.2. A context by declaration alone has no class; empty counts as absent.
 */
function authnContextClassRef(statement: XmlElement): string | undefined {
  const [context, ...contexts] = childrenNamed(statement, NS.saml, "AuthnContext");
  if (context === undefined) return undefined;
  const [reference, ...references] = childrenNamed(context, NS.saml, "AuthnContextClassRef");
  if (contexts.length > 0 || references.length > 0) {
    refuse(
      "authn-statement-invalid",
      "the AuthnStatement has more than one authentication context",
    );
  }
  if (reference === undefined) return undefined;
  const text =
    textOf(reference) ??
    refuse("authn-statement-invalid", "the AuthnContextClassRef contains elements");
  return trimXmlSpace(text) || undefined;
}

function attributes(assertion: XmlElement): readonly AttributeReading[] {
  const [statement] = childrenNamed(assertion, NS.saml, "AttributeStatement");
  if (statement === undefined) return [];
  return elementsOf(statement).map((element) => {
    if (isNamed(element, NS.saml, "EncryptedAttribute")) {
      return refuse(
        "attribute-invalid",
        "an attribute is encrypted: turn this off at the identity provider",
      );
    }
    return isNamed(element, NS.saml, "Attribute")
      ? attributeReading(element)
      : refuse("attribute-invalid", `unexpected ${quote(element.local)} in AttributeStatement`);
  });
}

function attributeReading(element: XmlElement): AttributeReading {
  const name = attributeOf(element, "Name");
  if (name === undefined || name === "")
    return refuse("attribute-invalid", "an attribute has no Name");
  if (name === "__proto__") return refuse("attribute-invalid", "an attribute is named __proto__");
  const values = elementsOf(element);
  if (!values.every((value) => isNamed(value, NS.saml, "AttributeValue"))) {
    refuse("attribute-invalid", "an attribute contains something other than values");
  }
  return {
    name,
    values: values.map(textOf).filter((text) => text !== undefined),
  };
}
