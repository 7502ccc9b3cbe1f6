import { domainOf, type EmailAddress } from "./email-address.ts";
import { domainClaim, openConnections, type Settings } from "./settings.ts";

/** Maximum number of exempt addresses. */
export const MAX_EXEMPT = 100;

/** Whether an address must sign in through single sign-on. */
export type PasswordRule = "not-enforced" | "exempt" | "enforced";

/**
 * The rule for an address. Enforcement applies to the domains that the enabled connections list, to
 * all addresses if they list none. Nobody is held to a way that is closed.
 */
export function passwordRule(settings: Settings, email: EmailAddress): PasswordRule {
  const domain = domainOf(email);
  const open = openConnections(settings);
  const listed = open.flatMap(({ domains }) => domains);
  const applies = listed.length === 0 || listed.includes(domain);
  const canSignIn = open.some(
    (connection) => domainClaim(settings, connection, domain).kind === "speaks",
  );
  if (!settings.enforcement.enabled || !applies || !canSignIn) return "not-enforced";
  return settings.enforcement.exempt.includes(email) ? "exempt" : "enforced";
}
