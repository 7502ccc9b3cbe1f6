import type { CatalogFacts, RoleId, SeatsTaken } from "./access.ts";
import { defined } from "./defined.ts";
import { parseEmailAddress } from "./email-address.ts";
import type { AssertedAttribute, EmailIdentity } from "./email-identity.ts";
import { connectionFor, type Excerpt, type ProvisionedBy, provisionedBy } from "./preview.ts";
import type { ReceiptCount } from "./receipt.ts";
import {
  type Connection,
  type ConnectionId,
  domainClaim,
  openConnections,
  type ProvisioningRule,
  type VersionedSettings,
} from "./settings.ts";
import {
  type Admission,
  admitIdentity,
  type Denial,
  type DenyReason,
  decideForUnknown,
  type Provision,
} from "./sign-in-decision.ts";

/** Users whom the plugin created, counted when they were created. */
export interface CreatedUsers {
  /** All of them, whatever has become of them. */
  readonly created: number;
  /** Those of them who were created with a role that uses a license, by the catalog of today. */
  readonly seats: number;
}

/** The counts of receipts, added up by `keyOf`: by role, by connection or by month. */
export function createdBy(
  counts: readonly ReceiptCount[],
  licensedRoles: ReadonlySet<RoleId>,
  keyOf: (count: ReceiptCount) => string,
): ReadonlyMap<string, CreatedUsers> {
  const sums = new Map<string, CreatedUsers>();
  for (const count of counts) {
    const { created, seats } = sums.get(keyOf(count)) ?? { created: 0, seats: 0 };
    sums.set(keyOf(count), {
      created: created + count.users,
      seats: seats + (licensedRoles.has(count.role) ? count.users : 0),
    });
  }
  return sums;
}

/** Number of newcomers of a forecast, who come one after the other. */
export const NEWCOMERS = 10;

/** Rules that have a forecast of their own: the first ones. */
export const RULES_FORECAST = 20;

/** Unknown users whom a forecast assumes. */
export interface AssumedNewcomers {
  /** The rule that they are made to match, from 1; absent for those of whom nothing is said. */
  readonly rule?: number;
  /** The connection that they come through. */
  readonly connection: ConnectionId;
  /** The domain of their addresses; absent for any that no connection lists. */
  readonly domain?: string;
  /** The rules that match them, from 1; empty where the defaults hold. */
  readonly matching: readonly number[];
}

/** What happens to several newcomers in a row. */
export type ForecastOutcome =
  | {
      /** They are created. */
      readonly decision: "provision";
      readonly newcomers: number;
      readonly role: RoleId;
      /** What decides the role. */
      readonly rule: ProvisionedBy;
      /** Seats taken after the last of them. */
      readonly seatsAfter: number;
    }
  | {
      /** They are refused. */
      readonly decision: "deny";
      readonly newcomers: number;
      readonly rule: DenyReason;
      /** Reason for administrators. */
      readonly detail: string;
    };

/** What would happen with the next {@link NEWCOMERS} newcomers of one kind. */
export interface Forecast {
  readonly assumed: AssumedNewcomers;
  /** In order. */
  readonly outcomes: readonly ForecastOutcome[];
}

/** What forecasts are made from. */
export interface ForecastFacts {
  readonly settings: VersionedSettings;
  /** Everything that the defaults and all rules name. */
  readonly catalog: CatalogFacts;
  readonly seats: SeatsTaken;
  /** Email domains that are proven to be the tenant's; `undefined` if none need a proof. */
  readonly verifiedDomains?: ReadonlySet<string> | undefined;
}

/**
 * What would happen with the next newcomers, each decided by the policy of sign-ins with the seats
 * that those before have taken. The first forecast is for newcomers of whom the identity provider says
 * nothing: no rule matches them, unless every connection and domain has one. The others are for those
 * whom a rule is for, by its first value.
 */
export function forecasts(facts: ForecastFacts): Excerpt<Forecast> {
  const { rules } = facts.settings.settings.autoProvisioning;
  const plain = plainNewcomer(facts);
  const first = rules.slice(0, RULES_FORECAST).map((rule, index) => {
    const { assumed, outcomes } = forecast(facts, newcomerOf(facts, plain, rule));
    return { assumed: { rule: index + 1, ...assumed }, outcomes };
  });
  return { count: rules.length + 1, first: [forecast(facts, plain), ...first] };
}

interface Newcomer {
  readonly connection: Connection;
  readonly domain?: string;
  readonly attributes: readonly AssertedAttribute[];
}

/** Nobody can own it (RFC 6761 section 6.4), so no connection and no rule of anybody lists it. */
const UNLISTED_DOMAIN = "newcomer.invalid";

function forecast(facts: ForecastFacts, newcomer: Newcomer): Forecast {
  const { settings, catalog, seats } = facts;
  const { connection, domain } = newcomer;
  const admission = admit(facts, newcomer);
  const outcomes: ForecastOutcome[] = [];
  let { used } = seats;
  let left = NEWCOMERS;
  while (left > 0) {
    const lookup = { kind: "unknown", catalog, licenses: { ...seats, used } } as const;
    const decision =
      admission.kind === "deny" ? admission : decideForUnknown(admission, settings, lookup);
    const after = seatsAfter(decision, used);
    // Who takes no seat leaves the facts to the others as they were.
    const newcomers = after === used ? left : 1;
    const last = outcomes.at(-1);
    const outcome = outcomeOf(decision, newcomers, after);
    // One rule gives one role.
    const isRepeated = last?.rule === outcome.rule;
    if (isRepeated) outcomes.pop();
    outcomes.push({ ...outcome, newcomers: newcomers + (isRepeated ? last.newcomers : 0) });
    used = after;
    left -= newcomers;
  }
  return {
    assumed: {
      connection: connection.id,
      matching: matchedBy(admission),
      ...defined({ domain }),
    },
    outcomes,
  };
}

function admit(
  { settings, verifiedDomains }: ForecastFacts,
  { connection, domain = UNLISTED_DOMAIN, attributes }: Newcomer,
): Admission | Denial {
  const asserted = { connection, attributes };
  return admitIdentity(identityAt(domain), asserted, settings, verifiedDomains);
}

function identityAt(domain: string): EmailIdentity {
  const from = "the assumed address";
  const parsed = parseEmailAddress(`newcomer@${domain}`);
  return parsed.ok
    ? { kind: "email", address: parsed.address, from: [from] }
    : { kind: "invalid", from, fault: parsed.fault };
}

function matchedBy(admission: Admission | Denial): readonly number[] {
  const newUser = admission.kind === "deny" ? admission : admission.newUser;
  const rules = newUser.kind === "deny" ? [newUser.rule ?? []].flat() : newUser.rules;
  return rules.map(({ number }) => number);
}

function seatsAfter(decision: Provision | Denial, used: number): number {
  return (decision.kind === "provision" ? decision.receipt.seatsAfter : undefined) ?? used;
}

function outcomeOf(
  decision: Provision | Denial,
  newcomers: number,
  after: number,
): ForecastOutcome {
  if (decision.kind === "deny") {
    const { reason, detail } = decision;
    return { decision: "deny", newcomers, rule: reason, detail };
  }
  const rule = provisionedBy(decision);
  const { role } = decision.user;
  return { decision: "provision", newcomers, role, rule, seatsAfter: after };
}

/** Somebody of whom nothing is said, where no rule matches, if there is such a place. */
function plainNewcomer(facts: ForecastFacts): Newcomer {
  const { settings } = facts.settings;
  const candidates = openConnections(settings).flatMap((connection) =>
    newcomersThrough(facts, connection),
  );
  const unmatched = candidates.find((one) => matchedBy(admit(facts, one)).length === 0);
  return unmatched ?? candidates[0] ?? newcomerAt(connectionFor(settings, undefined, undefined));
}

function newcomerAt(connection: Connection, domain?: string): Newcomer {
  return { connection, attributes: [], ...defined({ domain }) };
}

/** Domains of each kind that are looked at; a connection may have a thousand. */
const DOMAINS_TRIED = 20;

/** One newcomer for each of the first domains that a connection speaks for. */
function newcomersThrough(
  { settings: { settings }, verifiedDomains }: ForecastFacts,
  connection: Connection,
): readonly Newcomer[] {
  const isProven = (domain: string) => verifiedDomains?.has(domain) !== false;
  const listed = connection.domains.filter(isProven).slice(0, DOMAINS_TRIED);
  // Where domains are proven, others of them; otherwise any.
  const candidates = connection.acceptsOtherDomains ? (verifiedDomains ?? [UNLISTED_DOMAIN]) : [];
  const others = [...candidates]
    .slice(0, DOMAINS_TRIED)
    .filter((domain) => domainClaim(settings, connection, domain).kind === "speaks");
  return [...listed, ...others].map((domain) =>
    newcomerAt(connection, domain === UNLISTED_DOMAIN ? undefined : domain),
  );
}

function newcomerOf(
  facts: ForecastFacts,
  plain: Newcomer,
  { when }: Pick<ProvisioningRule, "when">,
): Newcomer {
  const { settings } = facts.settings;
  if ("attribute" in when) {
    const { attribute, anyOf } = when;
    return { ...plain, attributes: [{ name: attribute, values: anyOf.slice(0, 1) }] };
  }
  if ("emailDomain" in when) {
    const [domain] = when.emailDomain;
    return newcomerAt(connectionFor(settings, domain, undefined), domain);
  }
  const connection = connectionFor(settings, undefined, when.connection[0]);
  return newcomersThrough(facts, connection)[0] ?? newcomerAt(connection);
}
