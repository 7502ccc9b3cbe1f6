import type { OneConnectionSettings } from "../../../src/domain/one-connection.ts";
import type { RejectionCode } from "../../../src/domain/rejection.ts";
import type { IdentityProvider } from "../../../src/domain/settings.ts";
import type { DenyReason } from "../../../src/domain/sign-in-decision.ts";
import { type Base, build, type Edit, EVERY, type Stages } from "./build.ts";

/** What the audit trail must say; `http` when the request is refused before it is a SAML message. */
export type Outcome = RejectionCode | DenyReason | "http";

/** A request to the assertion consumer service. */
export interface AcsRequest {
  readonly method?: "GET" | "POST" | "PUT";
  /** Default `application/x-www-form-urlencoded`. */
  readonly contentType?: string;
  readonly query?: string;
  readonly body: string | Uint8Array;
}

/** What an attack knows of the browser that it comes from. */
export interface Flow {
  /** The pending login request of that browser; absent when it has none. */
  readonly requestId?: string;
}

/** Something that is posted, and how the tenant is configured when it is. */
export interface Sending {
  /** Unique within the suite. */
  readonly name: string;
  readonly request: (flow: Flow) => AcsRequest;
  readonly connection?: Partial<IdentityProvider>;
  readonly settings?: (settings: OneConnectionSettings) => OneConnectionSettings;
  /** The browser has asked for a login before. */
  readonly solicited?: boolean;
}

/** A hostile request. */
export interface Attack extends Sending {
  /** Outcomes that are right; several where the order of checks is a matter of taste. */
  readonly expected: readonly Outcome[];
  /** Refused by what needs state or policy, not by the identity port alone. */
  readonly beyondThePort?: boolean;
}

/** What may be said of an attack besides its request. */
export type AttackOptions = Partial<Omit<Attack, "name" | "request" | "expected">>;

/** The form that a browser posts for a response. */
export function posting(xml: string | Uint8Array): AcsRequest {
  return field(Buffer.from(xml).toString("base64"));
}

/** A form with this very SAMLResponse. */
export function field(samlResponse: string): AcsRequest {
  return { body: `SAMLResponse=${encodeURIComponent(samlResponse)}` };
}

/** What nobody may learn of a ciphertext that no signature covers: it fails, and not how. */
const NOT_TOLD: ReadonlySet<Outcome> = new Set<Outcome>([
  "xml-malformed",
  "xml-forbidden",
  "xml-too-complex",
  "structure-invalid",
  "id-invalid",
  "signature-missing",
  "signature-structure-invalid",
  "signature-reference-invalid",
  "signature-invalid",
  "algorithm-not-allowed",
  "certificate-expired",
]);

function expectedOver(base: Base, expected: readonly Outcome[]): readonly Outcome[] {
  return base === "encrypted-assertion" && expected.some((code) => NOT_TOLD.has(code))
    ? [...expected, "decryption-failed"]
    : expected;
}

/** One attack for each of `bases`: `stages` say what is changed, before or after signing. */
export function over(
  name: string,
  expected: Outcome | readonly Outcome[],
  stages: Stages | ((base: Base, flow: Flow) => Stages),
  bases: readonly Base[] = EVERY,
  options: AttackOptions = {},
): readonly Attack[] {
  return bases.map((base) => ({
    ...options,
    name: `${name} [${base}]`,
    expected: expectedOver(base, [expected].flat()),
    request: (flow) =>
      posting(
        build(base, typeof stages === "function" ? stages(base, flow) : stages, flow.requestId),
      ),
  }));
}

/** Stages that change the assertion once its signatures are made, within the encryption if any. */
export function afterSigning(edit: Edit): (base: Base) => Stages {
  return (base) => (base.startsWith("encrypted") ? { signedAssertion: edit } : { sent: edit });
}

/** One attack with a request of its own. */
export function once(
  name: string,
  expected: Outcome | readonly Outcome[],
  request: (flow: Flow) => AcsRequest,
  options: AttackOptions = {},
): Attack {
  return { ...options, name, expected: [expected].flat(), request };
}
