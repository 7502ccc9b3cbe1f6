import { randomBytes } from "node:crypto";
import { defined } from "../domain/defined.ts";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";
import { IDENTITY_PROVIDER_DEFAULTS, type IdentityProvider } from "../domain/settings.ts";
import type { Clock } from "../ports/environment.ts";
import {
  type DigestAlgorithm,
  keyKindFor,
  type SignatureAlgorithm,
} from "./signing-idp/algorithms.ts";
import { makeTestKey, type TestKey } from "./signing-idp/certificate.ts";
import { encryptAssertion, type XmlEncryptionOptions } from "./signing-idp/encrypt-xml.ts";
import { assertionXml, metadataXml, responseXml, STATUS_SUCCESS } from "./signing-idp/idp-xml.ts";
import { signXml, type XmlSignatureOptions } from "./signing-idp/sign-xml.ts";

/** Options of {@link makeSigningIdp}. */
export interface SigningIdpOptions {
  /** Entity ID. Default: `https://idp.example/metadata`. */
  readonly entityId?: string;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Signature settings. */
  readonly algorithms?: {
    /** Signature method; the key is generated to match. Default: `rsa-sha256`. */
    readonly signature?: SignatureAlgorithm;
    /** Digest method. Default: `sha256`. */
    readonly digest?: DigestAlgorithm;
  };
  /** Key and certificate to sign with. Default: generated. */
  readonly key?: TestKey;
  /** Where messages are sent. Default: URLs at `https://idp.example`. */
  readonly endpoints?: {
    readonly ssoUrl: string;
    /** Absent without single logout. */
    readonly sloUrl?: string;
  };
}

/** Content and protection of a response. */
export interface ResponseOptions {
  /** Destination and Recipient. */
  readonly acsUrl: string;
  /** The service provider's entity ID. */
  readonly audience: string;
  /** Email address, used as the NameID unless {@link nameId} is set. */
  readonly email?: string;
  /** NameID. Default: {@link email}. */
  readonly nameId?: string;
  /** Format of the NameID. Default: emailAddress. */
  readonly nameIdFormat?: string;
  /** Attributes by name. Default: none. */
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  /** ID of the answered request. Default: an unsolicited response. */
  readonly inResponseTo?: string;
  /** What is signed; `none` is for tests of rejections. Default: `assertion`. */
  readonly sign?: "assertion" | "response" | "both" | "none";
  /** Certificate to encrypt the assertion to, PEM. Default: not encrypted. */
  readonly encryptTo?: string;
  /** Encryption settings. */
  readonly encryption?: Omit<XmlEncryptionOptions, "to">;
  /** Further settings of every signature. */
  readonly signature?: Partial<XmlSignatureOptions>;
  /** Milliseconds since the epoch. Default: the clock's time. */
  readonly now?: number;
  /** When the user was authenticated, in milliseconds since the epoch. Default: {@link now}. */
  readonly authnInstant?: number;
  /** How the user was authenticated. Default: PasswordProtectedTransport. */
  readonly authnContextClassRef?: string;
  /** Lifetime of the assertion, in milliseconds. Default: five minutes. */
  readonly validForMs?: number;
  /** SessionNotOnOrAfter, in milliseconds from now. Default: not sent. */
  readonly sessionForMs?: number;
  /** SessionIndex; not sent if empty. Default: generated. */
  readonly sessionIndex?: string;
  /** ID of the Response. Default: generated. */
  readonly responseId?: string;
  /** ID of the Assertion. Default: generated. */
  readonly assertionId?: string;
  /** Status codes, outermost first. Default: Success. */
  readonly status?: readonly string[];
  /**
   * Changes the XML before it is signed. The result must be in exclusive canonical form.
   */
  readonly edit?: {
    readonly assertion?: (xml: string) => string;
    readonly response?: (xml: string) => string;
  };
}

/** A response to post. */
export interface SignedResponse {
  /** Value of the form field: Base64. */
  readonly samlResponse: string;
  /** The XML. */
  readonly xml: string;
  /** ID of the Assertion. */
  readonly assertionId: string;
  /** ID of the Response. */
  readonly responseId: string;
}

/** The form to post to the assertion consumer service. */
export interface SignedForm {
  /** The response, Base64. */
  readonly SAMLResponse: string;
  /** RelayState. */
  readonly RelayState?: string;
}

/** A signing identity provider in memory. */
export interface SigningIdp {
  /** Its entity ID. */
  readonly entityId: string;
  /** Its signing certificate, PEM. */
  readonly certificate: string;
  /** Key and certificate. */
  readonly key: TestKey;
  /** The connection settings that trust it; unsolicited responses are allowed. */
  connection(overrides?: Partial<IdentityProvider>): IdentityProvider;
  /** Its metadata, with every certificate of {@link connection}. */
  metadata(): string;
  /** Creates a response. */
  respond(options: ResponseOptions): SignedResponse;
  /** Creates a response as a form. */
  form(options: ResponseOptions & { readonly relayState?: string }): SignedForm;
}

const IDP_EXAMPLE = { ssoUrl: "https://idp.example/sso", sloUrl: "https://idp.example/slo" };

/**
 * Creates an identity provider for tests, with real keys, certificates, signatures and encryption,
 * using only node:crypto.
 *
 * @example
 * const idp = makeSigningIdp();
 * await saveSettings({ enabled: true, connection: idp.connection() });
 * const form = idp.form({
 *   acsUrl: "https://app.example/saml/acs",
 *   audience: "https://app.example/saml/metadata",
 *   email: "ada@customer.example",
 * });
 */
export function makeSigningIdp(options: SigningIdpOptions = {}): SigningIdp {
  const { entityId = "https://idp.example/metadata", clock = { now: Date.now } } = options;
  const algorithm = options.algorithms?.signature ?? "rsa-sha256";
  const key = options.key ?? makeTestKey({ kind: keyKindFor(algorithm) });
  const signing: XmlSignatureOptions = {
    privateKey: key.privateKey,
    certificate: key.certificate,
    algorithm,
    digest: options.algorithms?.digest ?? "sha256",
  };
  const { ssoUrl, sloUrl } = options.endpoints ?? IDP_EXAMPLE;

  const respond = (wanted: ResponseOptions): SignedResponse =>
    buildResponse({ entityId, now: wanted.now ?? clock.now(), signing }, wanted);

  return {
    entityId,
    certificate: key.certificate,
    key,
    connection: (overrides = {}) => ({
      entityId,
      ssoUrl,
      ...defined({ sloUrl }),
      certificates: [key.certificate],
      ...IDENTITY_PROVIDER_DEFAULTS,
      ...overrides,
    }),
    metadata: () => metadataXml({ entityId, ssoUrl, sloUrl, certificates: [key.certificate] }),
    respond,
    form: ({ relayState, ...wanted }) => ({
      SAMLResponse: respond(wanted).samlResponse,
      ...defined({ RelayState: relayState }),
    }),
  };
}

interface Signer {
  readonly entityId: string;
  readonly now: number;
  readonly signing: XmlSignatureOptions;
}

function buildResponse(signer: Signer, wanted: ResponseOptions): SignedResponse {
  const { sign = "assertion", edit = {}, encryptTo } = wanted;
  const signing = { ...signer.signing, ...wanted.signature };
  const assertionId = wanted.assertionId ?? freshId();
  const responseId = wanted.responseId ?? freshId();
  const plain = plainAssertion(signer, wanted, assertionId);
  const edited = edit.assertion?.(plain) ?? plain;
  const signed = sign === "assertion" || sign === "both" ? signXml(edited, signing) : edited;
  const inner =
    encryptTo === undefined
      ? signed
      : encryptAssertion(signed, { ...wanted.encryption, to: encryptTo });
  const whole = responseXml({
    id: responseId,
    issuer: signer.entityId,
    issueInstant: instant(signer.now),
    destination: wanted.acsUrl,
    ...defined({ inResponseTo: wanted.inResponseTo }),
    status: wanted.status ?? [STATUS_SUCCESS],
    assertion: inner,
  });
  const final = edit.response?.(whole) ?? whole;
  const xml = sign === "response" || sign === "both" ? signXml(final, signing) : final;
  return { samlResponse: encodeResponse(xml), xml, assertionId, responseId };
}

function plainAssertion(signer: Signer, wanted: ResponseOptions, id: string): string {
  const { now } = signer;
  const { authnInstant, authnContextClassRef } = wanted;
  const sessionIndex = wanted.sessionIndex ?? freshId();
  return assertionXml({
    id,
    issuer: signer.entityId,
    issueInstant: instant(now),
    nameId: wanted.nameId ?? wanted.email ?? "",
    nameIdFormat: wanted.nameIdFormat ?? EMAIL_NAME_ID_FORMAT,
    recipient: wanted.acsUrl,
    audience: wanted.audience,
    notBefore: instant(now),
    notOnOrAfter: instant(now + (wanted.validForMs ?? 300_000)),
    attributes: wanted.attributes ?? {},
    ...defined({ inResponseTo: wanted.inResponseTo }),
    ...(authnInstant === undefined ? {} : { authnInstant: instant(authnInstant) }),
    ...defined({ authnContextClassRef }),
    ...(sessionIndex === "" ? {} : { sessionIndex }),
    ...(wanted.sessionForMs === undefined
      ? {}
      : { sessionNotOnOrAfter: instant(now + wanted.sessionForMs) }),
  });
}

/** The form field's value for a response: base64 of its UTF-8 octets. */
export function encodeResponse(xml: string): string {
  return Buffer.from(xml, "utf8").toString("base64");
}

/** A time as xs:dateTime in UTC (SAML core section 1.3.3). */
function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function freshId(): string {
  return `_${randomBytes(16).toString("hex")}`;
}
