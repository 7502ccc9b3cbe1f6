import { defined } from "../../domain/defined.ts";
import {
  ATTEMPT_LEASE_MS,
  certificatesToAdd,
  differenceOf,
  type FollowingConnection,
  fingerprintsOf,
  knownAfter,
  type MetadataDifference,
  type MetadataFailureCode,
  nextAttempt,
  type PublishedCertificate,
  type PublishedMetadata,
  type RefreshState,
} from "../../domain/metadata-refresh.ts";
import {
  type ConnectedConnection,
  type Connection,
  type ConnectionId,
  connectionById,
  type IdentityProvider,
  nextVersion,
  type Settings,
  withConnection,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import { errorName, thrownIn } from "../../ports/errors.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { FetchMetadata, RefreshStates } from "../../ports/metadata-refresh.ts";
import type { SettingsStore, TenantSettings, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, formatList, samlActor } from "../audit/audit.ts";
import type { RecordEvent } from "../events.ts";
import { retryWhileRaced, runInTransaction } from "../run-in-transaction.ts";
import { type AnnounceExpiry, announce } from "./announcements.ts";

/** What one call of {@link RefreshConnections} did. */
export interface ConnectionsRefreshed {
  /** Attempts to read metadata; those that other processes make are not counted. */
  readonly attempts: number;
  /** Connections that got certificates. */
  readonly certificatesAdded: number;
  /** Connections with a change that waits for an administrator since this call. */
  readonly changesWaiting: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Certificates whose expiry was announced. */
  readonly announced: number;
}

/**
 * Reads the metadata of connections that have a URL of it, where it is due, and announces which
 * certificates expire soon. For a timer; any number of processes may call it concurrently.
 *
 * @throws the first failure of a tenant, after all others have been looked at.
 * @throws StorageUnavailableError if tenants cannot be listed.
 */
export type RefreshConnections = () => Promise<ConnectionsRefreshed>;

/** A connection whose metadata is to be read, and what is known of it. */
export interface Followed extends About {
  readonly tenant: TenantId;
  readonly connection: ConnectionId;
  readonly state: RefreshState | undefined;
}

/** What a state is about: where it was read, and of whom. */
type About = Pick<RefreshState, "url" | "entityId">;

/** Result of an attempt. */
export type RefreshOutcome =
  /** The attempt is another process's, or the connection has changed. */
  | { readonly kind: "skipped" }
  | { readonly kind: "failed"; readonly code: MetadataFailureCode }
  | {
      readonly kind: "read";
      readonly certificatesAdded: boolean;
      /** Whether a change waits since this attempt. */
      readonly changeWaits: boolean;
    };

const SKIPPED: RefreshOutcome = { kind: "skipped" };

/** Reads the metadata of a connection, due or not, and applies it. */
export type AttemptRefresh = (followed: Followed) => Promise<RefreshOutcome>;

/** Reads the metadata of one connection now, if it follows any. */
export type RefreshConnection = (query: {
  readonly tenant: TenantId;
  readonly connection: ConnectedConnection;
}) => Promise<RefreshOutcome>;

const PAGE = 100;
/** How many servers are asked concurrently. */
const CONCURRENT = 8;

export function makeRefreshConnection({
  refreshes,
  attemptRefresh,
}: {
  readonly refreshes: RefreshStates;
  readonly attemptRefresh: AttemptRefresh;
}): RefreshConnection {
  return async ({ tenant, connection }) => {
    const [followed] = followedIn(tenant, [connection], await refreshes.load(tenant));
    return followed === undefined ? SKIPPED : attemptRefresh(followed);
  };
}

/** Those of `connections` that follow metadata. */
function followedIn(
  tenant: TenantId,
  connections: readonly Connection[],
  states: readonly RefreshState[],
): readonly Followed[] {
  return connections.flatMap(({ id, idp }) => {
    if (idp?.metadataUrl === undefined) return [];
    const { metadataUrl: url, entityId } = idp;
    const state = states.find(({ connection }) => connection === id);
    return [{ tenant, connection: id, url, entityId, state }];
  });
}

export function makeRefreshConnections({
  settings,
  refreshes,
  attemptRefresh,
  fetchesMetadata,
  announceExpiry,
  servedTenant,
  clock,
}: {
  readonly settings: SettingsStore;
  readonly refreshes: RefreshStates;
  readonly attemptRefresh: AttemptRefresh;
  readonly fetchesMetadata: boolean;
  readonly announceExpiry: AnnounceExpiry;
  /** The only tenant of this instance; absent if it serves several. */
  readonly servedTenant: TenantId | undefined;
  readonly clock: Clock;
}): RefreshConnections {
  async function ofTenant(
    tenant: TenantId,
    { connections }: Settings,
  ): Promise<readonly RefreshOutcome[]> {
    const follows = connections.some(({ idp }) => idp?.metadataUrl !== undefined);
    if (!fetchesMetadata || !follows) return [];
    const states = await refreshes.load(tenant);
    for (const { connection } of states) {
      const exists = connections.some(({ id }) => id === connection);
      if (!exists) await refreshes.forget(tenant, connection);
    }
    const outcomes: RefreshOutcome[] = [];
    for (const followed of followedIn(tenant, connections, states)) {
      const { nextAttemptAt } = stateOf(followed);
      if (nextAttemptAt <= clock.now()) outcomes.push(await attemptRefresh(followed));
    }
    return outcomes;
  }

  async function pageAfter(after: TenantId | undefined): Promise<readonly TenantSettings[]> {
    if (servedTenant === undefined) {
      return settings.list({ limit: PAGE, ...defined({ after }) });
    }
    const stored = await settings.load(servedTenant);
    return stored === undefined ? [] : [{ tenant: servedTenant, stored }];
  }

  return async () => {
    const notices: number[] = [];
    const outcomes: RefreshOutcome[] = [];
    const failures: unknown[] = [];
    for (let after: TenantId | undefined; ; ) {
      const page = await pageAfter(after);
      const rest = [...page];
      const work = async (): Promise<void> => {
        for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
          const { tenant, stored } = next;
          try {
            notices.push(await announceExpiry(tenant, stored.settings));
            outcomes.push(...(await ofTenant(tenant, stored.settings)));
          } catch (error) {
            failures.push(error);
          }
        }
      };
      await Promise.all(Array.from({ length: CONCURRENT }, work));
      after = page.at(-1)?.tenant;
      if (page.length < PAGE || after === undefined) break;
    }
    if (failures.length > 0) throw failures[0];
    const read = outcomes.filter((one) => one.kind === "read");
    const failed = outcomes.filter(({ kind }) => kind === "failed").length;
    return {
      attempts: read.length + failed,
      certificatesAdded: read.filter(({ certificatesAdded }) => certificatesAdded).length,
      changesWaiting: read.filter(({ changeWaits }) => changeWaits).length,
      failed,
      announced: notices.reduce((sum, one) => sum + one, 0),
    };
  };
}

type Read =
  | {
      readonly kind: "read";
      readonly published: PublishedMetadata;
      readonly validators: Validators;
    }
  | { readonly kind: "failed"; readonly code: MetadataFailureCode; readonly detail: string };

export function makeAttemptRefresh(deps: {
  readonly refreshes: RefreshStates;
  readonly unitOfWork: UnitOfWork;
  readonly identity: IdentityPort;
  /** Absent if nothing is fetched. */
  readonly fetchMetadata: FetchMetadata | undefined;
  readonly recordEvent: RecordEvent;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}): AttemptRefresh {
  const { refreshes, unitOfWork, identity, fetchMetadata, clock, ids, logger } = deps;
  // A host that fetches nothing has nothing to fail.
  if (fetchMetadata === undefined) return async () => SKIPPED;

  const failure = (code: MetadataFailureCode, detail: string): Read => {
    return { kind: "failed", code, detail };
  };

  const read = async (state: RefreshState): Promise<Read> => {
    const { url, entityId, published, etag, lastModified } = state;
    const fetched = await fetchMetadata({ url, ...defined({ etag, lastModified }) });
    if (fetched.kind === "failed") return fetched;
    if (fetched.kind === "metadata") {
      const found = publishedIn(identity, fetched.xml, entityId);
      return found.kind === "failed" ? found : { ...found, validators: validatorsOf(fetched) };
    }
    return published === undefined
      ? failure("status-unexpected", "not modified, but it has not been read before")
      : { kind: "read", published, validators: validatorsOf(state) };
  };

  async function readSafely(state: RefreshState): Promise<Read> {
    try {
      return await read(state);
    } catch (error) {
      const name = errorName(thrownIn(error));
      return failure("host-failed", `fetching the metadata failed: ${name}`);
    }
  }

  async function keepFailure(
    tenant: TenantId,
    claimed: RefreshState,
    { code, detail }: Extract<Read, { readonly kind: "failed" }>,
  ): Promise<RefreshOutcome> {
    const at = clock.now();
    const failures = claimed.failures + 1;
    const kept = await runInTransaction<boolean>(unitOfWork, tenant, async (stores, rollBack) => {
      const next: RefreshState = {
        ...claimed,
        revision: claimed.revision + 1,
        nextAttemptAt: nextAttempt(at, failures, chanceOf(tenant, claimed)),
        failures,
        lastFailure: { at, code, detail },
      };
      if (!(await stores.refreshes.save(tenant, next))) return rollBack(false);
      if (failures === 1) {
        await announce(stores, deps, tenant, {
          at,
          outcome: "metadata-failed",
          actor: samlActor(claimed.entityId),
          detail: auditDetail({
            connection: claimed.connection,
            url: claimed.url,
            cause: code,
            reason: detail,
          }),
        });
      }
      return true;
    });
    if (!kept) return SKIPPED;
    const { connection } = claimed;
    logger.warn({ event: "saml.metadata.failed", tenant, connection, code });
    return { kind: "failed", code };
  }

  /** `raced` if settings were saved concurrently. */
  async function apply(
    tenant: TenantId,
    claimed: RefreshState,
    { published, validators }: Extract<Read, { readonly kind: "read" }>,
  ): Promise<RefreshOutcome | "raced"> {
    const at = clock.now();
    const actor = samlActor(claimed.entityId);
    const { connection: id } = claimed;
    return runInTransaction<RefreshOutcome | "raced">(
      unitOfWork,
      tenant,
      async (stores, rollBack) => {
        const current = await stores.settings.load(tenant);
        const connection = current && connectionById(current.settings, id);
        if (current === undefined || connection?.idp === undefined) return SKIPPED;
        // Pinned: whoever changed either means something else than what was read.
        if (!isAbout(claimed, connection.idp)) return SKIPPED;
        const before = following(identity, connection.idp);
        const added = certificatesToAdd(before, published, claimed.known, at);
        const idp = {
          ...connection.idp,
          certificates: [...connection.idp.certificates, ...added.map(({ text }) => text)],
        };
        const after = following(identity, idp);
        const say = (
          change: string,
          detail: Readonly<Record<string, string | undefined>>,
          what: { readonly applied?: readonly string[]; readonly waiting?: readonly string[] },
        ) =>
          announce(stores, deps, tenant, {
            at,
            outcome: "metadata-changed",
            actor,
            detail: auditDetail({ connection: id, change, ...detail }),
            event: (reference) => ({
              type: "metadata-changed",
              data: { connection: id, applied: [], waiting: [], ...what, reference },
            }),
          });
        if (added.length > 0) {
          const wanted = withConnection(current.settings, { ...connection, idp });
          const next = nextVersion(current, wanted, { at, by: actor });
          if (!(await stores.settings.save(tenant, next))) return rollBack("raced");
          const applied = fingerprintsOf(added);
          const detail = { version: String(next.version), certificates: formatList(applied) };
          await say("certificates-added", detail, { applied });
        }
        const difference = differenceOf(after, published, at);
        const tag = difference && differenceTag(ids, difference);
        const { waiting, etag: _, lastModified: __, ...rest } = claimed;
        const waits = tag !== undefined && tag !== claimed.dismissed;
        const isNew = waits && tag !== waiting?.tag;
        if (difference !== undefined && isNew) {
          const texts = differenceTexts(difference);
          const lines = Object.entries(texts).map(([what, text]) => `${what}: ${text}`);
          await say("waiting", texts, { waiting: lines });
        }
        const saved = await stores.refreshes.save(tenant, {
          ...rest,
          ...validators,
          revision: claimed.revision + 1,
          nextAttemptAt: nextAttempt(at, 0, chanceOf(tenant, claimed)),
          published,
          known: knownAfter(claimed.known, [...after.certificates, ...published.certificates]),
          ...(waits ? { waiting: waiting?.tag === tag ? waiting : { tag, since: at } } : {}),
          failures: 0,
          lastSuccessAt: at,
        });
        if (!saved) return rollBack(SKIPPED);
        return { kind: "read", certificatesAdded: added.length > 0, changeWaits: isNew };
      },
    );
  }

  /** A number from 0 to 1 that differs between connections and attempts. */
  function chanceOf(tenant: TenantId, { connection, revision }: RefreshState): number {
    const digest = ids.digest("jitter", tenant, connection, String(revision));
    return Number.parseInt(digest.slice(0, 8), 16) / 0xffffffff || 0;
  }

  return async (followed) => {
    const { tenant, connection } = followed;
    const before = stateOf(followed);
    const claimed = {
      ...before,
      revision: before.revision + 1,
      nextAttemptAt: clock.now() + ATTEMPT_LEASE_MS,
    };
    if (!(await refreshes.save(tenant, claimed))) return SKIPPED;
    const found = await readSafely(claimed);
    if (found.kind === "failed") return keepFailure(tenant, claimed, found);
    const outcome = (await retryWhileRaced(() => apply(tenant, claimed, found))) ?? SKIPPED;
    if (outcome.kind !== "read") return outcome;
    const say = (change: "certificates-added" | "change-waiting") =>
      logger.info({ event: "saml.metadata.changed", tenant, connection, change });
    if (outcome.certificatesAdded) say("certificates-added");
    if (outcome.changeWaits) say("change-waiting");
    return outcome;
  };
}

/** The state of an attempt; without what was read at another URL, or of another identity provider. */
function stateOf({ connection, url, entityId, state }: Followed): RefreshState {
  if (state?.url === url && state.entityId === entityId) return state;
  const { revision = 0, known = [] } = state ?? {};
  return { connection, revision, url, entityId, nextAttemptAt: 0, known, failures: 0 };
}

/** Whether a state is about what the connection follows. */
export function isAbout({ url, entityId }: About, idp: IdentityProvider): boolean {
  return idp.metadataUrl === url && idp.entityId === entityId;
}

/** What the document says of one identity provider: of it, and only once. */
function publishedIn(
  identity: IdentityPort,
  xml: string,
  entityId: string,
):
  | { readonly kind: "read"; readonly published: PublishedMetadata }
  | Extract<Read, { readonly kind: "failed" }> {
  const parsed = identity.parseIdpMetadata(xml);
  if (parsed.kind === "invalid") {
    return { kind: "failed", code: "metadata-invalid", detail: parsed.detail };
  }
  const [found, ...more] = parsed.identityProviders.filter((one) => one.entityId === entityId);
  if (found === undefined) {
    const reason = parsed.leftOut.find((one) => one.entityId === entityId)?.message;
    const detail = reason ?? `the metadata does not describe ${entityId}`;
    return { kind: "failed", code: "entity-missing", detail };
  }
  if (more.length > 0) {
    const detail = `the metadata describes ${entityId} more than once`;
    return { kind: "failed", code: "metadata-invalid", detail };
  }
  const { ssoUrl, ssoBinding, sloUrl, sloResponseUrl, sloBinding, certificates } = found;
  return {
    kind: "read",
    published: {
      ssoUrl,
      ...defined({ ssoBinding, sloUrl, sloResponseUrl, sloBinding }),
      certificates: inspected(identity, certificates),
    },
  };
}

/** A connection with what identifies its certificates. */
export function following(identity: IdentityPort, idp: IdentityProvider): FollowingConnection {
  return { idp, certificates: inspected(identity, idp.certificates) };
}

function inspected(
  identity: IdentityPort,
  certificates: readonly string[],
): readonly PublishedCertificate[] {
  return certificates.flatMap((text) => {
    const facts = identity.inspectCertificate(text);
    return facts === undefined
      ? []
      : [{ text, fingerprint: facts.fingerprint, notAfter: facts.notAfter }];
  });
}

/** Names a difference: an administrator accepts what was shown, or nothing. */
export function differenceTag(ids: IdSource, difference: MetadataDifference): string {
  const { members, removed, added } = difference;
  return ids.digest(
    "metadata-difference",
    JSON.stringify(members),
    JSON.stringify(fingerprintsOf(removed)),
    JSON.stringify(fingerprintsOf(added)),
  );
}

/** A difference for the audit trail. */
export function differenceTexts({
  members,
  removed,
  added,
}: MetadataDifference): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(
      members.map(({ member, from = "(none)", to = "(none)" }) => [member, `${from} -> ${to}`]),
    ),
    ...(removed.length === 0 ? {} : { removed: formatList(fingerprintsOf(removed)) }),
    ...(added.length === 0 ? {} : { added: formatList(fingerprintsOf(added)) }),
  };
}

type Validators = Pick<RefreshState, "etag" | "lastModified">;

function validatorsOf({ etag, lastModified }: Validators): Validators {
  return defined({ etag, lastModified });
}
