import type { Actor } from "../../domain/audit.ts";
import {
  differenceOf,
  type MetadataDifference,
  type MetadataFailure,
  type PublishedMetadata,
  type RefreshState,
  withPublished,
} from "../../domain/metadata-refresh.ts";
import {
  type ConnectionId,
  connectionById,
  type IdentityProvider,
  nextVersion,
  type Settings,
  type VersionedSettings,
  withConnection,
} from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { RefreshStates } from "../../ports/metadata-refresh.ts";
import type { Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail } from "../audit/audit.ts";
import type { EventContent, RecordEvent } from "../events.ts";
import { retryWhileRaced, runInTransaction } from "../run-in-transaction.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { announce } from "./announcements.ts";
import { differenceTag, differenceTexts, following, isAbout } from "./refresh-connections.ts";

/** What administrators read of the metadata of a connection. */
export interface MetadataStatus {
  /** URL of the metadata. */
  readonly url: string;
  /** Whether the last attempt failed. */
  readonly failing: boolean;
  /** Last success, in milliseconds since the epoch; absent if there was none. */
  readonly lastSuccessAt?: number;
  /** Last failure; absent if there was none. */
  readonly lastFailure?: MetadataFailure;
  /** A change that waits for an administrator; absent if there is none. */
  readonly pending?: PendingChange;
}

/** A change that waits for an administrator. */
export interface PendingChange extends MetadataDifference {
  /** Names exactly this difference. */
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The metadata of each connection that follows any, by ID. */
export type ReadMetadataStatus = (
  tenant: TenantId,
  settings: Settings,
) => Promise<ReadonlyMap<ConnectionId, MetadataStatus>>;

export function makeReadMetadataStatus({
  refreshes,
  identity,
  clock,
  ids,
}: {
  readonly refreshes: RefreshStates;
  readonly identity: IdentityPort;
  readonly clock: Clock;
  readonly ids: IdSource;
}): ReadMetadataStatus {
  return async (tenant, { connections }) => {
    const followed = connections.flatMap(({ id, idp }) =>
      idp?.metadataUrl === undefined ? [] : [{ id, idp, url: idp.metadataUrl }],
    );
    if (followed.length === 0) return new Map();
    const states = new Map(
      (await refreshes.load(tenant)).map((state) => [state.connection, state]),
    );
    return new Map(
      followed.map(({ id, idp, url }) => {
        const state = states.get(id);
        if (state === undefined || !isAbout(state, idp)) return [id, { url, failing: false }];
        const { failures, lastSuccessAt, lastFailure } = state;
        const found = pendingIn(state, idp, { identity, ids, now: clock.now() });
        return [
          id,
          {
            url,
            failing: failures > 0,
            ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
            ...(lastFailure === undefined ? {} : { lastFailure }),
            ...(found === undefined ? {} : { pending: found.pending }),
          },
        ];
      }),
    );
  };
}

/** Compares with the settings of now: a change made by hand is no longer pending. */
function pendingIn(
  state: RefreshState,
  idp: IdentityProvider,
  {
    identity,
    ids,
    now,
  }: { readonly identity: IdentityPort; readonly ids: IdSource; readonly now: number },
): { readonly pending: PendingChange; readonly published: PublishedMetadata } | undefined {
  const { published, waiting, dismissed, lastSuccessAt = 0 } = state;
  if (published === undefined) return undefined;
  const difference = differenceOf(following(identity, idp), published, now);
  if (difference === undefined) return undefined;
  const tag = differenceTag(ids, difference);
  if (tag === dismissed) return undefined;
  const since = waiting?.tag === tag ? waiting.since : lastSuccessAt;
  return { pending: { ...difference, tag, since }, published };
}

/** A pending change, as an administrator has seen it. */
export interface PendingChangeInput {
  readonly tenant: TenantId;
  readonly connection: ConnectionId;
  /** Tag of the difference that was shown. */
  readonly tag: string;
  /** The administrator. */
  readonly by: Actor;
}

/** Result of {@link ResolvePendingChange}. */
export type PendingChangeResolved =
  | { readonly kind: "done"; readonly stored: VersionedSettings }
  /** Nothing waits any more, or something else than what was shown; nothing was changed. */
  | { readonly kind: "changed" }
  /** The settings would be invalid; nothing was changed. */
  | { readonly kind: "invalid"; readonly faults: readonly SettingsFault[] };

/** Accepts or dismisses a pending change. A dismissed one is shown again when it changes. */
export type ResolvePendingChange = (
  input: PendingChangeInput & { readonly resolution: "accept" | "dismiss" },
) => Promise<PendingChangeResolved>;

export function makeResolvePendingChange(deps: {
  readonly unitOfWork: UnitOfWork;
  readonly refreshes: RefreshStates;
  readonly checkSettings: CheckSettings;
  readonly identity: IdentityPort;
  readonly recordEvent: RecordEvent;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}): ResolvePendingChange {
  const { unitOfWork, checkSettings, identity, clock, ids, logger } = deps;

  async function find({ settings, refreshes }: Stores, input: PendingChangeInput) {
    const { tenant, connection: id, tag } = input;
    const stored = await settings.load(tenant);
    const state = (await refreshes.load(tenant)).find(({ connection }) => connection === id);
    const connection = stored && connectionById(stored.settings, id);
    if (stored === undefined || state === undefined) return undefined;
    if (connection?.idp === undefined || !isAbout(state, connection.idp)) return undefined;
    const found = pendingIn(state, connection.idp, { identity, ids, now: clock.now() });
    if (found?.pending.tag !== tag) return undefined;
    const accepted = withPublished(
      following(identity, connection.idp),
      found.published,
      found.pending,
    );
    const wanted = withConnection(stored.settings, { ...connection, idp: accepted });
    return { stored, state, ...found, wanted };
  }

  async function faultsOf({ tenant, connection }: PendingChangeInput, wanted: Settings) {
    const at = wanted.connections.findIndex(({ id }) => id === connection);
    const { faults } = await checkSettings(tenant, wanted);
    return faults.filter(
      ({ path }) => path[0] === "connections" && path[1] === at && path[2] === "idp",
    );
  }

  async function attempt(
    input: Parameters<ResolvePendingChange>[0],
  ): Promise<PendingChangeResolved | "raced"> {
    const { tenant, connection, by } = input;
    const accepts = input.resolution === "accept";
    if (accepts) {
      const shown = await unitOfWork.run(tenant, (stores) => find(stores, input));
      if (shown === undefined) return { kind: "changed" };
      const faults = await faultsOf(input, shown.wanted);
      if (faults.length > 0) return { kind: "invalid", faults };
    }
    return runInTransaction<PendingChangeResolved | "raced">(
      unitOfWork,
      tenant,
      async (stores, rollBack) => {
        const found = await find(stores, input);
        if (found === undefined) return { kind: "changed" };
        const at = clock.now();
        const { stored, state, pending } = found;
        const next = accepts ? nextVersion(stored, found.wanted, { at, by: by.id }) : stored;
        if (accepts && !(await stores.settings.save(tenant, next))) return rollBack("raced");
        const { waiting: _, ...rest } = state;
        const saved = await stores.refreshes.save(tenant, {
          ...rest,
          revision: state.revision + 1,
          ...(accepts ? {} : { dismissed: pending.tag }),
        });
        if (!saved) return rollBack("raced");
        await announce(stores, deps, tenant, {
          at,
          outcome: "metadata-changed",
          actor: by.id,
          detail: auditDetail({
            connection,
            change: accepts ? "accepted" : "dismissed",
            version: accepts ? next.version : undefined,
            ...differenceTexts(pending),
            actorName: by.name,
          }),
          ...(accepts ? { event: savedEvent(next, by.id, connection, pending) } : {}),
        });
        return { kind: "done", stored: next };
      },
    );
  }

  return async (input) => {
    const resolved = (await retryWhileRaced(() => attempt(input))) ?? { kind: "changed" };
    if (resolved.kind === "done") {
      const { tenant, connection, resolution } = input;
      const change = resolution === "accept" ? "accepted" : "dismissed";
      logger.info({ event: "saml.metadata.changed", tenant, connection, change });
    }
    return resolved;
  };
}

/** The event of an accepted change: the settings were saved. */
function savedEvent(
  { version, settings: { enabled } }: VersionedSettings,
  by: string,
  connection: ConnectionId,
  { members, removed, added }: MetadataDifference,
): (reference: string) => EventContent {
  const certificates = removed.length + added.length > 0 ? ["certificates"] : [];
  const changes = [...members.map(({ member }) => member), ...certificates].map(
    (member) => `connections.${connection}.idp.${member}`,
  );
  return (reference) => ({
    type: "settings-saved",
    data: { version, by, enabled, changes, reference },
  });
}
