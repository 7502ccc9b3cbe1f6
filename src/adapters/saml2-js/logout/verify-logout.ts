import { defined } from "../../../domain/defined.ts";
import type { NameId } from "../../../domain/email-identity.ts";
import type { RejectionCode } from "../../../domain/rejection.ts";
import type { IdentityProvider } from "../../../domain/settings.ts";
import type {
  LogoutStatus,
  ReceivedMessage,
  RejectedLogout,
  ServiceProvider,
  VerifiedLogout,
} from "../../../ports/identity-port.ts";
import { makeAlgorithmPolicy } from "../crypto/algorithms.ts";
import type { VerificationKeys } from "../crypto/certificates.ts";
import { decrypt, type ServiceProviderKey, wrongKey } from "../crypto/decrypt.ts";
import { encryptedForm } from "../crypto/encryption-structure.ts";
import { signatureForm } from "../crypto/signature-structure.ts";
import { certificateMoment, verifySignature } from "../crypto/verify-signature.ts";
import { quote, RejectionError, refuse, rejectionOf } from "../rejection-error.ts";
import { subjectNameId } from "../response/assertion-reading.ts";
import type { TimeLimits } from "../response/checks.ts";
import { compareTexts, early, late } from "../response/comparisons.ts";
import { issuerText, statusReading } from "../response/response-reading.ts";
import { MESSAGE_RULES } from "../response/response-structure.ts";
import { instant } from "../wire/lexical-forms.ts";
import { fieldsOf, messageOctets, utf8Text } from "../wire/message-bytes.ts";
import { presentRelayState, verifyRedirectMessage } from "../wire/redirect-binding.ts";
import { DECRYPTED_LIMITS } from "../xml/limits.ts";
import { NS, STATUS_PARTIAL_LOGOUT, STATUS_SUCCESS } from "../xml/names.ts";
import { readFragment, readXml } from "../xml/read-xml.ts";
import {
  attributeOf,
  childrenNamed,
  elementsOf,
  isNamed,
  textOf,
  trimmedAttributeOf,
  type XmlElement,
} from "../xml/tree.ts";

/** What a logout message is checked against. */
export interface LogoutTask {
  /** Of the service provider, to decrypt with. */
  readonly keys: readonly ServiceProviderKey[];
  readonly sp: ServiceProvider;
  readonly connection: IdentityProvider;
  readonly now: number;
  readonly limits: TimeLimits;
  readonly verificationKeys: VerificationKeys;
  /** Called when a key that is being retired has decrypted the NameID of a verified message. */
  readonly onRetiringKey: () => void;
}

/** What verified: the message, read from signed octets only. */
interface SignedMessage {
  readonly root: XmlElement;
  readonly relayState?: string;
}

type LogoutCheck = (root: XmlElement, task: LogoutTask) => void;

/** Every check, in the order in which the first that fails is reported. */
export const LOGOUT_CHECKS: readonly LogoutCheck[] = [
  checkVersion,
  checkIssuer,
  checkDestination,
  checkTime,
];

/**
 * Verifies a LogoutRequest or LogoutResponse (profiles section 4.4.4): signed by the connection,
 * for us, now. saml2-js verifies nothing of these.
 */
export function verifyLogout(
  message: ReceivedMessage,
  task: LogoutTask,
): VerifiedLogout | RejectedLogout {
  let signed: SignedMessage | undefined;
  try {
    signed = readSignedMessage(message, task);
    const { root, relayState } = signed;
    for (const check of LOGOUT_CHECKS) check(root, task);
    return isNamed(root, NS.samlp, "LogoutRequest")
      ? logoutRequest(root, relayState, task)
      : logoutResponse(root, task);
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    return signed === undefined
      ? rejectionOf(error, false)
      : { ...rejectionOf(error, true), ...requestIn(signed, task) };
  }
}

/** What a response to an authentic request repeats. One that is for somebody else is not ours. */
function requestIn(
  { root, relayState }: SignedMessage,
  { sp }: LogoutTask,
): Pick<RejectedLogout, "request"> {
  const id = attributeOf(root, "ID");
  const destination = trimmedAttributeOf(root, "Destination");
  const isOurs = destination === undefined || destination === sp.sloUrl;
  if (id === undefined || !isOurs || !isNamed(root, NS.samlp, "LogoutRequest")) return {};
  return { request: { id, ...defined({ relayState }) } };
}

function readSignedMessage(message: ReceivedMessage, task: LogoutTask): SignedMessage {
  const { connection, now, limits } = task;
  const policy = makeAlgorithmPolicy(connection.weakAlgorithms);
  const keys = task.verificationKeys(connection);
  const moment = certificateMoment(connection, now, limits.clockSkewMs);
  if (message.binding === "redirect") {
    const { xml, parameter, ...relayed } = verifyRedirectMessage(
      message.rawQuery,
      policy,
      keys,
      moment,
    );
    return { root: soundMessage(readXml(xml), parameter), ...relayed };
  }
  const parameter = fieldsOf(message.form).has("SAMLRequest") ? "SAMLRequest" : "SAMLResponse";
  const other = parameter === "SAMLRequest" ? "SAMLResponse" : "SAMLRequest";
  const root = soundMessage(
    readXml(utf8Text(messageOctets(message.form, parameter, other))),
    parameter,
  );
  const [signature] = childrenNamed(root, NS.ds, "Signature");
  if (signature === undefined) return refuse("signature-missing", "the message is not signed");
  const form = signatureForm(signature, root, policy);
  const { canonical } = verifySignature(form, root, new Map(), keys, moment);
  return {
    root: readXml(canonical),
    ...presentRelayState(fieldsOf(message.form).get("RelayState")),
  };
}

function soundMessage(root: XmlElement, parameter: "SAMLRequest" | "SAMLResponse"): XmlElement {
  const expected = parameter === "SAMLRequest" ? "LogoutRequest" : "LogoutResponse";
  if (!isNamed(root, NS.samlp, expected)) {
    refuse(
      "structure-invalid",
      `${parameter} contains ${quote(root.local)}, not ${expected}`,
      "other-message",
    );
  }
  for (const rule of MESSAGE_RULES) rule(root);
  return root;
}

function checkVersion(root: XmlElement): void {
  const version = attributeOf(root, "Version");
  if (version !== "2.0") refuse("version-unsupported", `SAML version ${quote(version)}`);
}

function checkIssuer(root: XmlElement, { connection }: LogoutTask): void {
  const [issuer, ...more] = childrenNamed(root, NS.saml, "Issuer");
  const text = issuer === undefined || more.length > 0 ? undefined : issuerText(issuer);
  if (text !== connection.entityId) {
    refuse(
      "issuer-mismatch",
      `Issuer ${quote(text)}, expected ${quote(connection.entityId)}`,
      "entity-id",
      compareTexts(text, connection.entityId),
    );
  }
}

/** Bindings sections 3.4.5.2 and 3.5.5.2: required in a signed message. */
function checkDestination(root: XmlElement, { sp }: LogoutTask): void {
  const destination = trimmedAttributeOf(root, "Destination");
  if (destination === undefined) {
    refuse(
      "destination-missing",
      "the logout message has no Destination",
      compareTexts(destination, sp.sloUrl),
    );
  }
  if (destination !== sp.sloUrl) {
    refuse(
      "destination-mismatch",
      `Destination ${quote(destination)}, expected ${quote(sp.sloUrl)}`,
      compareTexts(destination, sp.sloUrl),
    );
  }
}

function checkTime(root: XmlElement, { now, limits }: LogoutTask): void {
  const issueInstant = attributeOf(root, "IssueInstant");
  const moment = { issueInstant, now, limits };
  const issued = instant(issueInstant ?? "", "IssueInstant");
  if (issued > now + limits.clockSkewMs)
    refuse("not-yet-valid", "the message was issued in the future", early(issued, moment));
  if (now >= issued + limits.maxUnsolicitedAgeMs + limits.clockSkewMs)
    refuse(
      "too-old",
      "the message was issued too long ago",
      late(issued, moment, limits.maxUnsolicitedAgeMs),
    );
  const notOnOrAfter = trimmedAttributeOf(root, "NotOnOrAfter");
  if (notOnOrAfter === undefined) return;
  const end = instant(notOnOrAfter, "NotOnOrAfter");
  if (now >= end + limits.clockSkewMs)
    refuse("expired", "the logout request has expired", late(end, moment));
}

function logoutRequest(
  root: XmlElement,
  relayState: string | undefined,
  task: LogoutTask,
): VerifiedLogout {
  const sessionIndexes = childrenNamed(root, NS.samlp, "SessionIndex").map(
    (index) =>
      textOf(index) ?? refuse("structure-invalid", "a SessionIndex contains elements", "malformed"),
  );
  return {
    kind: "logout-request",
    ...head(root, task),
    subject: { nameId: nameIdOf(root, task), sessionIndexes },
    ...defined({ relayState }),
  };
}

/** SAML core section 3.7.1: a NameID, or one in an EncryptedID. */
function nameIdOf(root: XmlElement, task: LogoutTask): NameId {
  const identifiers = elementsOf(root).filter(isIdentifier);
  const [only, ...more] = identifiers;
  return only !== undefined && more.length === 0 && isNamed(only, NS.saml, "EncryptedID")
    ? decryptNameId(only, task)
    : subjectNameId(identifiers);
}

/** Refusals before anything is decrypted. */
const NO_SECRETS: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  "decryption-key-missing",
  "algorithm-not-allowed",
]);

/**
 * The NameID in an EncryptedID of an authentic message. Whatever is wrong from the decryption on is
 * one failure.
 */
function decryptNameId(encrypted: XmlElement, task: LogoutTask): NameId {
  const { connection, keys, onRetiringKey } = task;
  const policy = makeAlgorithmPolicy(connection.weakAlgorithms);
  const form = encryptedForm(encrypted, policy, { authentic: true });
  // The prefix of the EncryptedID is the one declaration around it that a signature surely covers.
  const around = new Map([[encrypted.prefix, encrypted.namespace]]);
  try {
    const { plaintext, openedWith } = decrypt(form, keys);
    const { root } = readFragment(utf8Text(plaintext), DECRYPTED_LIMITS, around);
    for (const rule of MESSAGE_RULES) rule(root);
    if (!isNamed(root, NS.saml, "NameID")) refuse("subject-invalid", "not a NameID");
    const nameId = subjectNameId([root]);
    if (openedWith.retiring) onRetiringKey();
    return nameId;
  } catch (error) {
    if (!(error instanceof RejectionError) || NO_SECRETS.has(error.code)) throw error;
    return refuse(
      "decryption-failed",
      "the encrypted NameID cannot be used: it is encrypted for another key, or it is no NameID",
      ...wrongKey(form, keys, "other-key"),
    );
  }
}

function isIdentifier({ namespace, local }: XmlElement): boolean {
  return namespace === NS.saml && ["BaseID", "NameID", "EncryptedID"].includes(local);
}

function logoutResponse(root: XmlElement, task: LogoutTask): VerifiedLogout {
  const [status, ...more] = childrenNamed(root, NS.samlp, "Status");
  if (status === undefined || more.length > 0)
    return refuse("structure-invalid", "the message must contain exactly one Status", "malformed");
  return {
    kind: "logout-response",
    ...head(root, task),
    inResponseTo:
      trimmedAttributeOf(root, "InResponseTo") ??
      refuse("in-response-to-mismatch", "the logout response has no InResponseTo"),
    status: logoutStatus(status),
  };
}

/** Core section 3.7.3.2: the first code is about the identity provider's own session. */
function logoutStatus(status: XmlElement): LogoutStatus {
  const { code, subcode } = statusReading(status);
  if (code !== STATUS_SUCCESS) return "failed";
  return subcode === STATUS_PARTIAL_LOGOUT ? "partial" : "success";
}

function head(
  root: XmlElement,
  { connection, limits }: LogoutTask,
): { readonly id: string; readonly issuer: string; readonly replayableUntil: number } {
  const issued = instant(attributeOf(root, "IssueInstant") ?? "", "IssueInstant");
  return {
    id:
      attributeOf(root, "ID") ?? refuse("structure-invalid", "the message has no ID", "malformed"),
    issuer: connection.entityId,
    replayableUntil: issued + limits.maxUnsolicitedAgeMs + 2 * limits.clockSkewMs,
  };
}
