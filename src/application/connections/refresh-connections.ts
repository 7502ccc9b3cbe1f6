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
  connectionById,
  type IdentityProvider,
  isConnected,
  nextVersion,
  type Settings,
  withConnection,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { FetchMetadata, RefreshStates } from "../../ports/metadata-refresh.ts";
import type { SettingsStore, TenantSettings, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, formatList, samlActor } from "../audit/audit.ts";
import type { RecordEvent } from "../events.ts";
import { runInTransaction } from "../run-in-transaction.ts";
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
 * @throws StorageUnavailableError
 */
export type RefreshConnections = () => Promise<ConnectionsRefreshed>;

/** Result of an attempt; `skipped` if it is another process's, or not due. */
export type RefreshOutcome =
  | "skipped"
  | "unchanged"
  | "certificates-added"
  | "change-waiting"
  | "failed";

/** Reads the metadata of one connection now, due or not. */
export type RefreshConnection = (query: {
  readonly tenant: TenantId;
  readonly connection: ConnectedConnection;
}) => Promise<RefreshOutcome>;

export interface RefreshConnectionsDeps {
  readonly settings: SettingsStore;
  readonly refreshes: RefreshStates;
  readonly unitOfWork: UnitOfWork;
  readonly identity: IdentityPort;
  /** Absent if nothing is fetched. */
  readonly fetchMetadata: FetchMetadata | undefined;
  readonly announceExpiry: AnnounceExpiry;
  readonly recordEvent: RecordEvent;
  /** The only tenant of this instance; absent if it serves several. */
  readonly servedTenant: TenantId | undefined;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

const PAGE = 100;
/** How many servers are asked concurrently. */
const CONCURRENT = 8;
/** How often settings may change concurrently between our read and our write. */
const MAX_ATTEMPTS = 5;

export function makeRefreshConnection(deps: AttemptDeps): RefreshConnection {
  const attempt = makeAttempt(deps);
  return async ({ tenant, connection }) => {
    const states = await deps.refreshes.load(tenant);
    return attempt(tenant, connection, states, true);
  };
}

export function makeRefreshConnections(deps: RefreshConnectionsDeps): RefreshConnections {
  const { settings, refreshes, fetchMetadata, announceExpiry, servedTenant } = deps;
  const attempt = makeAttempt(deps);

  async function ofTenant(tenant: TenantId, stored: Settings): Promise<readonly RefreshOutcome[]> {
    const following = stored.connections.filter(isConnected).filter(({ idp }) => idp.metadataUrl);
    if (fetchMetadata === undefined || following.length === 0) return [];
    const states = await refreshes.load(tenant);
    for (const { connection } of states) {
      const exists = connectionById(stored, connection) !== undefined;
      if (!exists) await refreshes.forget(tenant, connection);
    }
    const outcomes: RefreshOutcome[] = [];
    for (const one of following) outcomes.push(await attempt(tenant, one, states, false));
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
    let announced = 0;
    const outcomes: RefreshOutcome[] = [];
    for (let after: TenantId | undefined; ; ) {
      const page = await pageAfter(after);
      const rest = [...page];
      const work = async (): Promise<void> => {
        for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
          const { tenant, stored } = next;
          announced += await announceExpiry(tenant, stored.settings);
          outcomes.push(...(await ofTenant(tenant, stored.settings)));
        }
      };
      await Promise.all(Array.from({ length: CONCURRENT }, work));
      after = page.at(-1)?.tenant;
      if (page.length < PAGE || after === undefined) break;
    }
    const count = (wanted: RefreshOutcome) => outcomes.filter((one) => one === wanted).length;
    return {
      attempts: outcomes.length - count("skipped"),
      certificatesAdded: count("certificates-added"),
      changesWaiting: count("change-waiting"),
      failed: count("failed"),
      announced,
    };
  };
}

type Attempt = (
  tenant: TenantId,
  connection: ConnectedConnection,
  states: readonly RefreshState[],
  now: boolean,
) => Promise<RefreshOutcome>;

type Read =
  | {
      readonly kind: "read";
      readonly published: PublishedMetadata;
      readonly validators: Pick<RefreshState, "etag" | "lastModified">;
    }
  | { readonly kind: "failed"; readonly code: MetadataFailureCode; readonly detail: string };

type AttemptDeps = Omit<RefreshConnectionsDeps, "settings" | "announceExpiry" | "servedTenant">;

function makeAttempt(deps: AttemptDeps): Attempt {
  const { refreshes, unitOfWork, identity, fetchMetadata, clock, ids, logger } = deps;
  const failure = (code: MetadataFailureCode, detail: string): Read => {
    return { kind: "failed", code, detail };
  };

  async function read({ url, entityId, published, etag, lastModified }: RefreshState) {
    if (fetchMetadata === undefined) return failure("url-refused", "metadata is not fetched here");
    const fetched = await fetchMetadata({
      url,
      ...(published === undefined || etag === undefined ? {} : { etag }),
      ...(published === undefined || lastModified === undefined ? {} : { lastModified }),
    });
    if (fetched.kind === "failed") return fetched;
    if (fetched.kind === "not-modified") {
      return published === undefined
        ? failure("status-unexpected", "not modified, but it has not been read before")
        : ({ kind: "read", published, validators: validatorsOf({ etag, lastModified }) } as const);
    }
    const found = publishedIn(identity, fetched.xml, entityId);
    return found.kind === "failed"
      ? found
      : ({ kind: "read", published: found.published, validators: validatorsOf(fetched) } as const);
  }

  async function readSafely(state: RefreshState): Promise<Read> {
    try {
      return await read(state);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      return failure("host-failed", `fetching the metadata failed: ${name}`);
    }
  }

  /** `undefined` if the attempt is another process's by now, or the connection has changed. */
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
    if (!kept) return "skipped";
    const { connection } = claimed;
    logger.warn({ event: "saml.metadata.failed", tenant, connection, code });
    return "failed";
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
        if (current === undefined || connection?.idp === undefined) return "skipped";
        // Pinned: whoever changed either means something else than what was read.
        if (!isAbout(claimed, connection.idp)) return "skipped";
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
        if (!saved) return rollBack("skipped");
        if (added.length > 0) return "certificates-added";
        return isNew ? "change-waiting" : "unchanged";
      },
    );
  }

  /** A number from 0 to 1 that differs between connections and attempts. */
  function chanceOf(tenant: TenantId, { connection, revision }: RefreshState): number {
    const digest = ids.digest("jitter", tenant, connection, String(revision));
    return Number.parseInt(digest.slice(0, 8), 16) / 0xffffffff || 0;
  }

  return async (tenant, { id, idp }, states, force) => {
    const { metadataUrl: url, entityId } = idp;
    if (url === undefined) return "skipped";
    const stored = states.find(({ connection }) => connection === id);
    const before = stateFor(id, { url, entityId }, stored);
    const now = clock.now();
    if (!force && before.nextAttemptAt > now) return "skipped";
    const claimed = {
      ...before,
      revision: before.revision + 1,
      nextAttemptAt: now + ATTEMPT_LEASE_MS,
    };
    if (!(await refreshes.save(tenant, claimed))) return "skipped";
    const found = await readSafely(claimed);
    if (found.kind === "failed") return keepFailure(tenant, claimed, found);
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
      const outcome = await apply(tenant, claimed, found);
      if (outcome === "raced") continue;
      if (outcome === "certificates-added" || outcome === "change-waiting") {
        logger.info({ event: "saml.metadata.changed", tenant, connection: id, change: outcome });
      }
      return outcome;
    }
    return "skipped";
  };
}

function stateFor(
  connection: string,
  about: Pick<RefreshState, "url" | "entityId">,
  stored: RefreshState | undefined,
): RefreshState {
  if (stored !== undefined && stored.url === about.url && stored.entityId === about.entityId) {
    return stored;
  }
  const { revision = 0, known = [] } = stored ?? {};
  return { connection, revision, ...about, nextAttemptAt: 0, known, failures: 0 };
}

/** Whether a state is about what the connection follows. */
export function isAbout(
  { url, entityId }: Pick<RefreshState, "url" | "entityId">,
  idp: IdentityProvider,
): boolean {
  return idp.metadataUrl === url && idp.entityId === entityId;
}

/** What the document says of one identity provider: of it, and only once. */
function publishedIn(
  identity: IdentityPort,
  xml: string,
  entityId: string,
):
  | { readonly kind: "published"; readonly published: PublishedMetadata }
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
    kind: "published",
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

function validatorsOf({
  etag,
  lastModified,
}: {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}): Pick<RefreshState, "etag" | "lastModified"> {
  return {
    ...defined({ etag, lastModified }),
  };
}
