import type { Asserted } from "../../domain/provisioning-rules.ts";
import { DEFAULT_CONNECTION } from "../../domain/settings.ts";
import type { VerifiedAssertion } from "../../ports/identity-port.ts";

/** What of a verified assertion the rules for new users look at. */
export function assertedOf({ claims }: VerifiedAssertion): Asserted {
  return { attributes: claims.attributes, connection: DEFAULT_CONNECTION };
}
