import { type KeyObject, sign } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type AlgorithmPolicy, RSA_SHA256 } from "../crypto/algorithms.ts";
import type { VerificationKey } from "../crypto/certificates.ts";
import { type CertificateMoment, signerOf, verifies } from "../crypto/verify-signature.ts";
import { refuse } from "../rejection-error.ts";
import { base64Octets, utf8Text } from "./message-bytes.ts";

/** The parameter with the message. */
export type MessageParameter = "SAMLRequest" | "SAMLResponse";

const MAX_QUERY_LENGTH = 32 * 1024;
/** A logout message has a few hundred octets; a bomb has millions. */
const MAX_INFLATED_OCTETS = 64 * 1024;
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  "SAMLRequest",
  "SAMLResponse",
  "RelayState",
  "SigAlg",
  "Signature",
]);

/** A message to send by HTTP-Redirect. */
export interface OutgoingMessage {
  readonly parameter: MessageParameter;
  readonly xml: string;
  readonly relayState?: string;
}

/**
 * URL with a message to `endpoint` (bindings section 3.4.4.1).
 *
 * @param key signs the message; absent for an unsigned one.
 */
export function redirectUrl(
  endpoint: string,
  { parameter, xml, relayState }: OutgoingMessage,
  key: KeyObject | undefined,
): string {
  const message = deflateRawSync(xml).toString("base64");
  const parameters = [
    `${parameter}=${encodeURIComponent(message)}`,
    ...(relayState === undefined || relayState === ""
      ? []
      : [`RelayState=${encodeURIComponent(relayState)}`]),
  ];
  const target = `${endpoint}${endpoint.includes("?") ? "&" : "?"}`;
  if (key === undefined) return `${target}${parameters.join("&")}`;
  const signed = [...parameters, `SigAlg=${encodeURIComponent(RSA_SHA256)}`].join("&");
  const signature = sign("sha256", Buffer.from(signed), key).toString("base64");
  return `${target}${signed}&Signature=${encodeURIComponent(signature)}`;
}

/** A message that came by HTTP-Redirect, its signature verified. */
export interface IncomingMessage {
  readonly parameter: MessageParameter;
  readonly xml: string;
  readonly relayState?: string;
}

/**
 * Takes a message out of a raw query string. The signature covers the octets as they were sent, so
 * nothing is decoded before they are put together (bindings section 3.4.4.1).
 *
 * @throws RejectionError
 */
export function verifyRedirectMessage(
  rawQuery: string,
  policy: AlgorithmPolicy,
  keys: readonly VerificationKey[],
  moment: CertificateMoment,
): IncomingMessage {
  const raw = rawParameters(rawQuery);
  const parameter = messageParameter(raw);
  requireSignedQuery(raw, parameter, policy, keys, moment);
  return readMessage(raw, parameter);
}

/**
 * Takes a message out of a raw query string without verifying anything. Use it only to choose the
 * keys to verify with.
 *
 * @throws RejectionError
 */
export function readUnverifiedRedirectMessage(rawQuery: string): IncomingMessage {
  const raw = rawParameters(rawQuery);
  return readMessage(raw, messageParameter(raw));
}

function readMessage(
  raw: ReadonlyMap<string, string>,
  parameter: MessageParameter,
): IncomingMessage {
  const relayState = decodeComponent(raw.get("RelayState"));
  return {
    parameter,
    xml: messageText(raw, parameter),
    ...presentRelayState(relayState),
  };
}

/**
 * The response in a raw query, its signature not verified; `undefined` for a request.
 *
 * @throws RejectionError
 */
export function claimedRedirectResponse(rawQuery: string): string | undefined {
  const raw = rawParameters(rawQuery);
  return messageParameter(raw) === "SAMLResponse" ? messageText(raw, "SAMLResponse") : undefined;
}

function messageText(raw: ReadonlyMap<string, string>, parameter: MessageParameter): string {
  return utf8Text(inflate(base64Octets(decodeComponent(raw.get(parameter)) ?? "")));
}

/** An empty RelayState counts as absent: not sending it back loses nothing. */
export function presentRelayState(relayState: unknown): { readonly relayState?: string } {
  return typeof relayState === "string" && relayState !== "" ? { relayState } : {};
}

function rawParameters(rawQuery: string): ReadonlyMap<string, string> {
  if (rawQuery.length > MAX_QUERY_LENGTH) refuse("message-too-large", "the query is too long");
  const raw = new Map<string, string>();
  for (const pair of rawQuery.split("&")) {
    const separator = pair.indexOf("=");
    const name = separator === -1 ? pair : pair.slice(0, separator);
    if (!SIGNED_PARAMETERS.has(name)) continue;
    if (raw.has(name)) refuse("message-ambiguous", `the request contains ${name} more than once`);
    raw.set(name, separator === -1 ? "" : pair.slice(separator + 1));
  }
  return raw;
}

function messageParameter(raw: ReadonlyMap<string, string>): MessageParameter {
  const [request, response] = [raw.has("SAMLRequest"), raw.has("SAMLResponse")];
  if (request && response)
    refuse("message-ambiguous", "the request contains both SAMLRequest and SAMLResponse");
  if (!request && !response)
    refuse("message-missing", "the request contains neither SAMLRequest nor SAMLResponse");
  return request ? "SAMLRequest" : "SAMLResponse";
}

function requireSignedQuery(
  raw: ReadonlyMap<string, string>,
  parameter: MessageParameter,
  policy: AlgorithmPolicy,
  keys: readonly VerificationKey[],
  moment: CertificateMoment,
): void {
  if (!raw.has("Signature") || !raw.has("SigAlg")) {
    refuse("signature-missing", "the query is not signed");
  }
  const method = policy.signature(decodeComponent(raw.get("SigAlg")));
  const signature = base64Octets(decodeComponent(raw.get("Signature")) ?? "");
  const signed = signedOctets(raw, parameter);
  signerOf(keys, moment, { what: "the query" }, (key) =>
    signed.some((octets) => verifies(method, key, octets, signature)),
  );
}

/**
 * What may have been signed. Some products send an empty RelayState without having signed it, or
 * sign one and do not send it; it means the same as none.
 */
function signedOctets(
  raw: ReadonlyMap<string, string>,
  parameter: MessageParameter,
): readonly Buffer[] {
  const relayState = raw.get("RelayState") ?? "";
  const [message, algorithm] = [parameter, "SigAlg"].map((name) => `${name}=${raw.get(name)}`);
  const written = [`${message}&RelayState=${relayState}&${algorithm}`];
  if (relayState === "") written.push(`${message}&${algorithm}`);
  return written.map((text) => Buffer.from(text));
}

function decodeComponent(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  try {
    return decodeURIComponent(raw.replaceAll("+", " "));
  } catch {
    return refuse("message-not-base64", "a parameter is not URL-encoded");
  }
}

function inflate(octets: Buffer): Buffer {
  try {
    return inflateRawSync(octets, { maxOutputLength: MAX_INFLATED_OCTETS });
  } catch {
    return refuse("message-not-deflate", "the message is not valid DEFLATE data or is too large");
  }
}
