import { type AuditFilter, type AuditOutcome, REFUSED_OUTCOMES } from "../../domain/audit.ts";
import { parseEmailAddress } from "../../domain/email-address.ts";

/**
 * Translates a filter for the storage: normalizes the address and maps refusals to indexed
 * outcomes.
 *
 * @returns `undefined` if nothing can match.
 */
export function soughtEntries(filter: AuditFilter): AuditFilter | undefined {
  const outcomes = outcomesOf(filter);
  if (outcomes?.length === 0) return undefined;
  const narrowed = outcomes === undefined ? filter : { ...filter, outcomes };
  if (narrowed.email === undefined) return narrowed;
  const address = parseEmailAddress(narrowed.email);
  // An invalid address matches nothing; skip the query, since some storages reject certain strings.
  return address.ok ? { ...narrowed, email: address.address } : undefined;
}

function outcomesOf({ outcomes, refused }: AuditFilter): readonly AuditOutcome[] | undefined {
  if (refused === undefined) return outcomes;
  return outcomes === undefined
    ? REFUSED_OUTCOMES
    : REFUSED_OUTCOMES.filter((outcome) => outcomes.includes(outcome));
}
