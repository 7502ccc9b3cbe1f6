import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Koa from "koa";
import {
  type CatalogLists,
  type FixedClock,
  type MemoryCatalog,
  type MemoryLogger,
  makeFixedClock,
  makeMemoryCatalog,
  makeMemoryLogger,
} from "../../src/adapters/memory/memory-environment.ts";
import { type MemoryStores, makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { type OneConnectionSettings, toOneConnection } from "../../src/domain/one-connection.ts";
import type { Settings, VersionedSettings } from "../../src/domain/settings.ts";
import { parseTenantId, type TenantId } from "../../src/domain/tenant.ts";
import {
  createSamlJit,
  type RequestFailed,
  type SamlJit,
  type SamlJitOptions,
  type SignInEvent,
} from "../../src/mod.ts";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/signing-idp.ts";

/** A bare host with the plugin mounted, on a port of this computer. */
export interface TestHost {
  /** The host's own application, with the plugin mounted already. */
  readonly app: Koa;
  readonly baseUrl: string;
  readonly saml: SamlJit;
  readonly memory: MemoryStores;
  readonly catalog: MemoryCatalog;
  readonly clock: FixedClock;
  readonly logger: MemoryLogger;
  readonly idp: SigningIdp;
  readonly tenant: TenantId;
  /** Everybody who got in, in order. */
  readonly signedIn: SignInEvent[];
  /** Who administers: cleared to be nobody. */
  admin: { id: string } | undefined;
  /** The most seats; no limit when absent. */
  licenseLimit: number | undefined;
  stop(): Promise<void>;
}

export const DEFAULT_TENANT: TenantId = tenant("default");

/** A tenant's ID, or an exception. */
export function tenant(raw: string): TenantId {
  const parsed = parseTenantId(raw);
  if (parsed === undefined) throw new Error(`no tenant ID: ${raw}`);
  return parsed;
}

/** Roles, groups and organizations of the tests. */
export const LISTS: CatalogLists = {
  roles: [
    { id: "editor", name: "Editor", licensed: true, privileged: false },
    { id: "lite", name: "Lite", licensed: false, privileged: false, maxOrganizations: 2 },
    { id: "administrator", name: "Administrator", licensed: true, privileged: true },
  ],
  groups: [
    { id: "g1", name: "Support" },
    { id: "g2", name: "Sales" },
  ],
  organizations: [
    { id: "o1", name: "North" },
    { id: "o2", name: "South" },
    { id: "o3", name: "West" },
  ],
};

/** What the log has of requests that failed, in order. */
export function failuresIn({ events }: MemoryLogger): readonly RequestFailed[] {
  return events.flatMap(({ event }) => (event.event === "saml.request.failed" ? [event] : []));
}

// One key for all tests: making keys takes longer than anything else here.
let sharedIdp: SigningIdp | undefined;

/**
 * Starts a host; `public` says how browsers are told to reach it, `upstream` adds what runs before
 * the plugin. With `server`, which listens already, the host takes its requests over from the host
 * before it, as a deployment does, and leaves it running.
 */
export async function startHost(
  options: Partial<SamlJitOptions> & {
    readonly public?: string;
    readonly upstream?: (app: Koa) => void;
    readonly server?: Server;
  } = {},
): Promise<TestHost> {
  const app = new Koa();
  app.keys = ["a key of the tests"];
  app.silent = true;
  const { public: publicUrl, upstream, server: shared, ...given } = options;
  const server = shared ?? createServer();
  const port = await listen(server);
  const baseUrl = publicUrl ?? `http://127.0.0.1:${port}`;
  const memory = makeMemoryStores();
  const catalog = makeMemoryCatalog(LISTS);
  const clock = makeFixedClock();
  const logger = makeMemoryLogger();
  const signedIn: SignInEvent[] = [];
  sharedIdp ??= makeSigningIdp();
  const idp = makeSigningIdp({ clock, key: sharedIdp.key });
  const saml = createSamlJit({
    baseUrl,
    ...(given.knex === undefined ? { storage: memory } : {}),
    catalog,
    clock,
    logger,
    requireAdmin: () => host.admin,
    licenseLimit: () => host.licenseLimit,
    signIn: (_ctx, event) => {
      signedIn.push(event);
    },
    ...given,
  });
  upstream?.(app);
  app.use(saml.routes());
  app.use((ctx) => {
    ctx.body = "the host's own page";
  });
  server.removeAllListeners("request").on("request", app.callback());
  const host: TestHost = {
    app,
    baseUrl: `http://127.0.0.1:${port}`,
    saml,
    memory,
    catalog,
    clock,
    logger,
    idp,
    tenant: DEFAULT_TENANT,
    signedIn,
    admin: { id: "admin-1" },
    licenseLimit: undefined,
    stop: () => (shared === undefined ? close(server) : Promise.resolve()),
  };
  return host;
}

/** Settings with which anybody gets in, and new users get the role `editor`, a group and two organizations. */
export function openSettings(
  host: Pick<TestHost, "idp">,
  changes: Partial<OneConnectionSettings> = {},
): OneConnectionSettings {
  return {
    enabled: true,
    connection: host.idp.connection(),
    email: { source: { kind: "automatic" }, allowedDomains: [] },
    profile: {},
    autoProvisioning: {
      enabled: true,
      role: "editor",
      privilegedRoleConfirmed: false,
      groups: ["g1"],
      organizations: { kind: "selected", ids: ["o1", "o2"] },
      whenLicensesRunOut: { kind: "deny" },
      rules: [],
      whenNoRuleMatches: "defaults",
    },
    ...changes,
  };
}

/** The short form of settings that have one. */
export function shortForm(settings: Settings): OneConnectionSettings {
  const short = toOneConnection(settings);
  if (short === undefined) throw new Error("the settings have more than one connection");
  return short;
}

/** The stored settings of the default tenant in the short form. */
export async function readShort(
  host: Pick<TestHost, "saml">,
): Promise<Omit<VersionedSettings, "settings"> & { readonly settings: OneConnectionSettings }> {
  const stored = await host.saml.readSettings("default");
  return { ...stored, settings: shortForm(stored.settings) };
}

async function listen(server: Server): Promise<number> {
  if (!server.listening) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
