import type { SecondReadingStrength } from "../../../src/adapters/saml2-js/second-reading/second-reading.ts";
import type { Rejection } from "../../../src/domain/rejection.ts";
import type { IdentityProvider } from "../../../src/domain/settings.ts";
import type { IdentityPort, VerifiedAssertion } from "../../../src/ports/identity-port.ts";
import type { AcsRequest, Attack } from "./attack.ts";
import { ACS_URL, ENTITY_ID, idp, NOW, spKey } from "./parties.ts";

/** What makes the identity port under attack; the real factory, or one of a copy with a rule removed. */
export type MakeIdentity = (options: {
  readonly keys: readonly { readonly privateKey: string; readonly certificate: string }[];
  readonly clock: { now(): number };
  readonly logger: Record<"info" | "warn" | "error", () => void>;
  readonly secondReading?: SecondReadingStrength;
}) => IdentityPort;

/** The pending request of a browser that asked. */
export const PENDING = "_pending-request-0123456789abcdef";

/** An identity port with the key and the time of the suite. */
export function portOf(
  makeIdentity: MakeIdentity,
  secondReading?: SecondReadingStrength,
): IdentityPort {
  const ignore = (): void => {};
  return makeIdentity({
    ...(secondReading === undefined ? {} : { secondReading }),
    keys: [spKey],
    clock: { now: () => NOW },
    logger: { info: ignore, warn: ignore, error: ignore },
  });
}

/** The code with which the port alone answers, `verified` when it takes the message. */
export async function outcomeAtPort(port: IdentityPort, attack: Sendable): Promise<string> {
  const result = await resultAtPort(port, attack);
  return result.kind === "verified" ? "verified" : result.code;
}

/** What the port alone answers. */
export function resultAtPort(
  port: IdentityPort,
  attack: Sendable,
): Promise<VerifiedAssertion | Rejection> {
  const flow = attack.solicited === true ? { requestId: PENDING } : {};
  return port.verifyResponse(
    { entityId: ENTITY_ID, acsUrl: ACS_URL },
    idp.connection(attack.connection),
    formOf(attack.request(flow)),
    { pendingRequestIds: attack.solicited === true ? [PENDING] : [], now: NOW },
  );
}

/** What an attack or a legitimate response has for the port. */
export interface Sendable extends Pick<Attack, "request" | "solicited"> {
  readonly connection?: Partial<IdentityProvider>;
}

/** The decoded form, repeated fields as lists, as a body parser gives it. */
export function formOf({ body }: AcsRequest): Readonly<Record<string, unknown>> {
  const fields = new URLSearchParams(Buffer.from(body).toString("utf8"));
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}
