import { z } from "zod";
import type {
  ReadMetadataStatus,
  ResolvePendingChange,
} from "../../../application/connections/pending-change.ts";
import type {
  FetchIdpMetadata,
  InspectCertificates,
} from "../../../application/connections/read-connections.ts";
import type { RefreshConnection } from "../../../application/connections/refresh-connections.ts";
import type { LoadSettings } from "../../../application/settings/read-settings.ts";
import {
  type ConnectionSaved,
  type SaveConnection,
  type TagConnection,
  withDomainMoved,
} from "../../../application/settings/save-connection.ts";
import { defined } from "../../../domain/defined.ts";
import { parseDomain } from "../../../domain/email-address.ts";
import {
  type Connection,
  connectionById,
  isConnected,
  type Settings,
} from "../../../domain/settings.ts";
import type { SettingsFault } from "../../../domain/settings-rules.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import type { Answers, ConnectionView } from "../api-answers.ts";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { problem } from "../problems.ts";
import { parseBody, type RequestBodies } from "../request.ts";
import { sendJson } from "../send.ts";
import type { TenantContext } from "../tenant-context.ts";
import { settingsInvalid } from "./read-draft.ts";
import { certificateView, readMetadataAnswer } from "./routes.ts";

export interface ConnectionRoutesDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly loadSettings: LoadSettings;
  readonly parseSettings: ParseSettings;
  readonly saveConnection: SaveConnection;
  readonly tagConnection: TagConnection;
  readonly inspectCertificates: InspectCertificates;
  readonly readMetadataStatus: ReadMetadataStatus;
  readonly resolvePendingChange: ResolvePendingChange;
  readonly refreshConnection: RefreshConnection;
  readonly fetchIdpMetadata: FetchIdpMetadata;
}

/** The routes of single connections, below `/settings`. */
export interface ConnectionRoutes {
  /** `GET /connections`. */
  readonly list: Handler;
  /** `GET /connections/:id`: a connection with an `ETag` of its own. */
  readonly read: Handler;
  /**
   * `PUT /connections/:id`: saves it over what `If-Match` names, or adds it with `If-None-Match: *`.
   */
  readonly save: Handler;
  /** `DELETE /connections/:id`: removes what `If-Match` names. */
  readonly remove: Handler;
  /** `POST /connections/:id/domains`: takes a domain from all others. */
  readonly moveDomain: Handler;
  /** `GET /connections/:id/metadata`: its state, with a waiting change as the `ETag`. */
  readonly metadata: Handler;
  /** `POST /connections/:id/metadata/refresh`: reads it now. */
  readonly refresh: Handler;
  /** `POST /connections/:id/metadata/accept` and `/dismiss`: the change that `If-Match` names. */
  readonly accept: Handler;
  readonly dismiss: Handler;
  /** `POST /fetch-metadata`: reads metadata at a URL; saves nothing. */
  readonly fetchMetadata: Handler;
}

/** Body of `POST /settings/connections/{id}/domains`. */
export const MoveDomainRequest: z.ZodType<{ readonly domain: string }> = z.strictObject({
  domain: z.string().max(1024),
});

/** Body of `POST /settings/fetch-metadata`. */
export const FetchMetadataRequest: z.ZodType<{ readonly url: string }> = z.strictObject({
  url: z.string().max(2000).meta({ description: "https URL on the public internet." }),
});

export function makeConnectionRoutes(deps: ConnectionRoutesDeps): ConnectionRoutes {
  const { adminGuard, bodies, loadSettings, parseSettings, saveConnection, tagConnection } = deps;
  const { inspectCertificates, readMetadataStatus, resolvePendingChange } = deps;

  async function viewsOf(
    { tenant }: TenantContext,
    settings: Settings,
  ): Promise<readonly ConnectionView[]> {
    const statuses = await readMetadataStatus(tenant, settings);
    return settings.connections.map((connection) => {
      const metadata = statuses.get(connection.id);
      const certificates = inspectCertificates(connection.idp?.certificates ?? []);
      return {
        ...connection,
        meta: {
          certificates: certificates.map(certificateView),
          ...defined({ metadata }),
        },
      };
    });
  }

  async function send(
    ctx: HostContext,
    tenantContext: TenantContext,
    settings: Settings,
  ): Promise<void> {
    const connection = connectionIn(ctx, settings);
    const view = (await viewsOf(tenantContext, settings)).find(({ id }) => id === connection.id);
    if (view === undefined) throw problem("connection-unknown");
    ctx.set("ETag", `"${tagConnection(connection)}"`);
    sendJson<Answers["getConnection"]>(ctx, view);
  }

  async function sendStatus(
    ctx: HostContext,
    { tenant }: TenantContext,
    settings: Settings,
  ): Promise<void> {
    const { id } = connectionIn(ctx, settings);
    const status = (await readMetadataStatus(tenant, settings)).get(id);
    if (status === undefined) throw problem("connection-unknown", { detail: NO_METADATA });
    if (status.pending !== undefined) ctx.set("ETag", `"${status.pending.tag}"`);
    sendJson<Answers["getMetadataStatus"]>(ctx, status);
  }

  function resolving(resolution: "accept" | "dismiss"): Handler {
    return async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      const by = await adminGuard.writing(ctx, tenantContext);
      const tag = tagIn(ctx);
      const { settings } = await loadSettings(tenant);
      const { id: connection } = connectionIn(ctx, settings);
      const resolved = await resolvePendingChange({ tenant, connection, tag, by, resolution });
      if (resolved.kind === "changed") throw problem("metadata-change-gone");
      if (resolved.kind === "invalid") throw settingsInvalid(resolved.faults);
      await sendStatus(ctx, tenantContext, resolved.stored.settings);
    };
  }

  function requireSaved(saved: ConnectionSaved): Settings {
    if (saved.kind === "saved") return saved.stored.settings;
    if (saved.kind === "invalid") throw settingsInvalid(saved.faults);
    throw problem(saved.kind === "unknown" ? "connection-unknown" : "connection-changed");
  }

  return {
    list: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      const { settings } = await loadSettings(tenantContext.tenant);
      sendJson<Answers["listConnections"]>(ctx, { items: await viewsOf(tenantContext, settings) });
    },
    read: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      await send(ctx, tenantContext, (await loadSettings(tenantContext.tenant)).settings);
    },
    save: async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      const by = await adminGuard.writing(ctx, tenantContext);
      const body = await bodies.json(ctx);
      const connection = idIn(ctx);
      const tag = ctx.get("If-None-Match").trim() === "*" ? undefined : tagIn(ctx);
      const change = async (settings: Settings) => {
        const { document, at } = documentWith(settings, connection, body);
        const parsed = await parseSettings(tenant, document);
        return parsed.ok ? parsed : { ok: false as const, faults: within(parsed.faults, at) };
      };
      const saved = await saveConnection({ tenant, connection, tag, change, by });
      if (saved.kind === "invalid") throw settingsInvalid(saved.faults);
      if (tag === undefined) ctx.status = 201;
      await send(ctx, tenantContext, requireSaved(saved));
    },
    remove: async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      const by = await adminGuard.writing(ctx, tenantContext);
      const connection = idIn(ctx);
      const change = async (settings: Settings) => ({
        ok: true as const,
        settings: {
          ...settings,
          connections: settings.connections.filter(({ id }) => id !== connection),
        },
      });
      requireSaved(await saveConnection({ tenant, connection, tag: tagIn(ctx), change, by }));
      ctx.status = 204;
    },
    moveDomain: async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      const by = await adminGuard.writing(ctx, tenantContext);
      const { domain: raw } = parseBody(MoveDomainRequest, await bodies.json(ctx));
      const connection = idIn(ctx);
      const domain = parseDomain(raw.trim()) ?? raw;
      const change = async (settings: Settings) => ({
        ok: true as const,
        settings: withDomainMoved(settings, connection, domain),
      });
      const saved = await saveConnection({ tenant, connection, tag: tagIn(ctx), change, by });
      await send(ctx, tenantContext, requireSaved(saved));
    },
    metadata: async (ctx, tenantContext) => {
      await adminGuard.reading(ctx, tenantContext);
      await sendStatus(ctx, tenantContext, (await loadSettings(tenantContext.tenant)).settings);
    },
    refresh: async (ctx, tenantContext) => {
      const { tenant } = tenantContext;
      await adminGuard.writing(ctx, tenantContext);
      const connection = connectionIn(ctx, (await loadSettings(tenant)).settings);
      if (isConnected(connection)) await deps.refreshConnection({ tenant, connection });
      await sendStatus(ctx, tenantContext, (await loadSettings(tenant)).settings);
    },
    accept: resolving("accept"),
    dismiss: resolving("dismiss"),
    fetchMetadata: async (ctx, tenantContext) => {
      await adminGuard.writing(ctx, tenantContext);
      const { url } = parseBody(FetchMetadataRequest, await bodies.json(ctx));
      const fetched = await deps.fetchIdpMetadata(url);
      if (fetched.kind === "off" || fetched.kind === "failed") {
        const { code, detail } =
          fetched.kind === "off"
            ? { code: "off", detail: "This service fetches no metadata." }
            : fetched;
        throw problem("metadata-not-fetched", { errors: [{ pointer: "/url", code, detail }] });
      }
      sendJson<Answers["fetchMetadata"]>(ctx, readMetadataAnswer(fetched, "/url"));
    },
  };
}

const NO_METADATA = "This connection follows no metadata.";

const Id = z.string().regex(/^[a-z0-9-]{1,40}$/);

function idIn(ctx: HostContext): string {
  const parsed = Id.safeParse(ctx.params["id"]);
  if (!parsed.success) throw problem("connection-unknown");
  return parsed.data;
}

function connectionIn(ctx: HostContext, settings: Settings): Connection {
  const connection = connectionById(settings, idIn(ctx));
  if (connection === undefined) throw problem("connection-unknown");
  return connection;
}

/**
 * The one strong entity tag in `If-Match`; `*` says nothing about what was read.
 *
 * @throws HttpProblem 428 without one.
 */
function tagIn(ctx: HostContext): string {
  const [, tag] = /^"([0-9a-f]{1,64})"$/.exec(ctx.get("If-Match").trim()) ?? [];
  if (tag === undefined) throw problem("if-match-required");
  return tag;
}

/** The settings document with `body` as one of its connections, at its place or last. */
function documentWith(settings: Settings, id: string, body: unknown) {
  const { meta: _, ...given } =
    typeof body === "object" && body !== null ? { meta: 0, ...body } : { meta: 0 };
  const connection = { id, ...given };
  const found = settings.connections.findIndex((one) => one.id === id);
  const at = found < 0 ? settings.connections.length : found;
  const connections: unknown[] = [...settings.connections];
  connections[at] = connection;
  return { at, document: { ...settings, connections } };
}

/** Faults of the connection at their paths in it; those of others where they are in the settings. */
function within(faults: readonly SettingsFault[], at: number): readonly SettingsFault[] {
  return faults.map((fault) =>
    fault.path[0] === "connections" && fault.path[1] === at
      ? { ...fault, path: fault.path.slice(2) }
      : fault,
  );
}
