import { type AuditFilter, type AuditOutcome, REFUSED_OUTCOMES } from "../domain/audit.ts";
import { parseEmailAddress } from "../domain/email-address.ts";

/**
 * A filter as the storage can answer it: the address in its normal form, refusals by their outcomes,
 * which storages find at once; `undefined` where nothing can match.
 */
export function soughtEntries(filter: AuditFilter): AuditFilter | undefined {
  const outcomes = outcomesOf(filter);
  if (outcomes?.length === 0) return undefined;
  const narrowed = outcomes === undefined ? filter : { ...filter, outcomes };
  if (narrowed.email === undefined) return narrowed;
  const address = parseEmailAddress(narrowed.email);
  // What is no address is nobody's: the storage need not look, and could not take every text.
  return address.ok ? { ...narrowed, email: address.address } : undefined;
}

function outcomesOf({ outcomes, refused }: AuditFilter): readonly AuditOutcome[] | undefined {
  if (refused === undefined) return outcomes;
  return outcomes === undefined
    ? REFUSED_OUTCOMES
    : REFUSED_OUTCOMES.filter((outcome) => outcomes.includes(outcome));
}
