import { randomBytes } from "node:crypto";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";
import type { Connection } from "../domain/settings.ts";
import type { Clock } from "../ports/environment.ts";
import {
  type DigestAlgorithm,
  keyKindFor,
  type SignatureAlgorithm,
} from "./signing-idp/algorithms.ts";
import { assertionXml } from "./signing-idp/assertion-xml.ts";
import { makeTestKey, type TestKey } from "./signing-idp/certificate.ts";
import { encryptAssertion, type XmlEncryptionOptions } from "./signing-idp/encrypt-xml.ts";
import { metadataXml } from "./signing-idp/metadata-xml.ts";
import { responseXml, STATUS_SUCCESS } from "./signing-idp/response-xml.ts";
import { signXml, type XmlSignatureOptions } from "./signing-idp/sign-xml.ts";

/** What {@link makeSigningIdp} takes. */
export interface SigningIdpOptions {
  /** Default `https://idp.example/metadata`. */
  readonly entityId?: string;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** How it signs. */
  readonly algorithms?: {
    /** Default `rsa-sha256`; the key is made to fit. */
    readonly signature?: SignatureAlgorithm;
    /** Default `sha256`. */
    readonly digest?: DigestAlgorithm;
  };
  /** Key and certificate to sign with; fresh ones by default. */
  readonly key?: TestKey;
}

/** What a response says, and how it is protected. */
export interface ResponseOptions {
  /** Destination and Recipient. */
  readonly acsUrl: string;
  /** The service provider's entity ID. */
  readonly audience: string;
  /** The NameID when {@link nameId} is absent, in the emailAddress format. */
  readonly email?: string;
  /** The NameID as it is sent; {@link email} when absent. */
  readonly nameId?: string;
  /** Default emailAddress. */
  readonly nameIdFormat?: string;
  /** Attributes by name; none by default. */
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  /** The request that is answered; absent when nobody asked. */
  readonly inResponseTo?: string;
  /** What is signed; default `assertion`. `none` is for tests of refusals. */
  readonly sign?: "assertion" | "response" | "both" | "none";
  /** Certificate of the service provider, PEM; the assertion is encrypted to it when given. */
  readonly encryptTo?: string;
  /** How to encrypt. */
  readonly encryption?: Omit<XmlEncryptionOptions, "to">;
  /** Further settings of every signature. */
  readonly signature?: Partial<XmlSignatureOptions>;
  /** Milliseconds since the epoch; default: the clock's. */
  readonly now?: number;
  /** How long the assertion can be used, in milliseconds; default five minutes. */
  readonly validForMs?: number;
  /** When the session ends, in milliseconds from now; nothing is said when absent. */
  readonly sessionForMs?: number;
  /** Default: a fresh one; none when empty. */
  readonly sessionIndex?: string;
  /** ID of the Response; a fresh one when absent. */
  readonly responseId?: string;
  /** ID of the Assertion; a fresh one when absent. */
  readonly assertionId?: string;
  /** Status codes, outermost first; default Success. */
  readonly status?: readonly string[];
  /**
   * Changes the XML before it is signed. What is returned must be in exclusive-canonical form;
   * whatever is signed cannot be changed afterwards.
   */
  readonly edit?: {
    readonly assertion?: (xml: string) => string;
    readonly response?: (xml: string) => string;
  };
}

/** A response as it would be posted. */
export interface SignedResponse {
  /** The value of the form field. */
  readonly samlResponse: string;
  /** The same, readable. */
  readonly xml: string;
  /** ID of the Assertion. */
  readonly assertionId: string;
  /** ID of the Response. */
  readonly responseId: string;
}

/** The form that the browser posts to the assertion consumer service. */
export interface SignedForm {
  /** The response, base64. */
  readonly SAMLResponse: string;
  /** What goes back to the service provider unseen. */
  readonly RelayState?: string;
}

/** An identity provider in memory. */
export interface SigningIdp {
  /** The Issuer of everything that it says. */
  readonly entityId: string;
  /** Its signing certificate, PEM. */
  readonly certificate: string;
  /** Key and certificate. */
  readonly key: TestKey;
  /** What a tenant would save to trust it; IdP-initiated sign-in is on. */
  connection(overrides?: Partial<Connection>): Connection;
  /** Its metadata, with every certificate of {@link connection}. */
  metadata(): string;
  /** A fresh response. */
  respond(options: ResponseOptions): SignedResponse;
  /** The form that posts a fresh response. */
  form(options: ResponseOptions & { readonly relayState?: string }): SignedForm;
}

/**
 * An identity provider for tests: real keys, a real certificate, real signatures and encryption,
 * and no library but node:crypto.
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
  const ssoUrl = "https://idp.example/sso";
  const sloUrl = "https://idp.example/slo";

  const respond = (wanted: ResponseOptions): SignedResponse =>
    buildResponse({ entityId, now: wanted.now ?? clock.now(), signing }, wanted);

  return {
    entityId,
    certificate: key.certificate,
    key,
    connection: (overrides = {}) => ({
      entityId,
      ssoUrl,
      sloUrl,
      certificates: [key.certificate],
      idpInitiated: true,
      signRequests: false,
      weakAlgorithms: [],
      acceptExpiredCertificates: false,
      ...overrides,
    }),
    metadata: () => metadataXml({ entityId, ssoUrl, sloUrl, certificates: [key.certificate] }),
    respond,
    form: ({ relayState, ...wanted }) => ({
      SAMLResponse: respond(wanted).samlResponse,
      ...(relayState === undefined ? {} : { RelayState: relayState }),
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
    ...(wanted.inResponseTo === undefined ? {} : { inResponseTo: wanted.inResponseTo }),
    status: wanted.status ?? [STATUS_SUCCESS],
    assertion: inner,
  });
  const final = edit.response?.(whole) ?? whole;
  const xml = sign === "response" || sign === "both" ? signXml(final, signing) : final;
  return { samlResponse: encodeResponse(xml), xml, assertionId, responseId };
}

function plainAssertion(signer: Signer, wanted: ResponseOptions, id: string): string {
  const { now } = signer;
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
    ...(wanted.inResponseTo === undefined ? {} : { inResponseTo: wanted.inResponseTo }),
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
