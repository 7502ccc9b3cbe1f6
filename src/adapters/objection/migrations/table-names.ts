/** The names of the plugin's own tables. */
export interface Tables {
  readonly settings: string;
  readonly ledger: string;
  readonly audit: string;
  readonly refusals: string;
  readonly receipts: string;
  readonly testSignIns: string;
  readonly domainProofs: string;
  readonly events: string;
  /** Each tenant's count of events, and who delivers them. */
  readonly eventStreams: string;
  /** Locks for seats, of all prefixes: their instances may share the users. */
  readonly seatLocks: string;
  readonly refreshes: string;
  /** Knex's record of the migrations that ran. */
  readonly migrations: string;
  /** Of hosts that have no users of their own. */
  readonly users: string;
  readonly userGroups: string;
  readonly userOrganizations: string;
}

/** Default table prefix. */
export const DEFAULT_TABLE_PREFIX = "saml_jit_";

const SEAT_LOCKS_TABLE = "saml_jit_seat_locks";

const PREFIX = /^[a-z][a-z0-9_]{0,30}$/;

/**
 * The tables under `prefix`: 1 to 31 lower-case letters, digits and underscores, a letter first.
 *
 * @throws TypeError for another prefix.
 */
export function tablesOf(prefix: string): Tables {
  if (!PREFIX.test(prefix)) {
    throw new TypeError(
      `tablePrefix must be 1 to 31 lower-case letters, digits or "_", starting with a letter: ${prefix}`,
    );
  }
  return {
    settings: `${prefix}settings`,
    ledger: `${prefix}ledger`,
    audit: `${prefix}audit`,
    refusals: `${prefix}refusals`,
    receipts: `${prefix}receipts`,
    testSignIns: `${prefix}test_sign_ins`,
    domainProofs: `${prefix}domain_proofs`,
    events: `${prefix}events`,
    eventStreams: `${prefix}event_streams`,
    seatLocks: SEAT_LOCKS_TABLE,
    refreshes: `${prefix}refreshes`,
    migrations: `${prefix}migrations`,
    users: `${prefix}users`,
    userGroups: `${prefix}user_groups`,
    userOrganizations: `${prefix}user_organizations`,
  };
}
