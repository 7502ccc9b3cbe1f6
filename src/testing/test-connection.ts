import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { GroupId, OrganizationAccess, RoleId } from "../domain/access.ts";
import { defined } from "../domain/defined.ts";
import type { OneConnectionSettings } from "../domain/one-connection.ts";
import { DEFAULT_SETTINGS } from "../domain/settings.ts";
import type { Clock } from "../ports/environment.ts";
import { makeTestKey, type TestKey } from "./signing-idp/certificate.ts";
import { makeSigningIdp, type SigningIdp } from "./signing-idp.ts";
import { makeTestVisitor, type TestVisitor } from "./test-visitor.ts";

/** Options of {@link connectTestIdp}. */
export interface TestConnectionOptions {
  /** The host's Koa application, with the plugin mounted. */
  readonly app: { callback(): RequestListener };
  /** The plugin instance; its settings are overwritten. */
  readonly saml: {
    saveSettings(tenant: string, document: OneConnectionSettings, by: string): Promise<unknown>;
  };
  /**
   * The plugin's option; `:tenant` is replaced. A path of it is stripped, as by a proxy, unless the
   * application itself serves the plugin's routes below it, such as by koa-mount.
   */
  readonly baseUrl: string;
  /** The plugin's option; `:tenant` is replaced. Default: `/saml`. */
  readonly prefix?: string;
  /** The tenant, also in place of `:tenant`. Default: `default`. */
  readonly tenant?: string;
  /** Defaults for new users. Default: unknown users are refused. */
  readonly newUsers?: {
    /** Role. */
    readonly role: RoleId;
    /** Default: none. */
    readonly groups?: readonly GroupId[];
    /** Default: none. */
    readonly organizations?: OrganizationAccess;
  };
  /** Changes to the saved settings. */
  readonly settings?: (settings: OneConnectionSettings) => OneConnectionSettings;
  /** The plugin's option. Default: the system clock. */
  readonly clock?: Clock;
  /** The identity provider. Default: one whose key all tests of the process share. */
  readonly idp?: SigningIdp;
}

/** A host that listens on a loopback port and trusts an identity provider in memory. */
export interface TestConnection {
  /** The trusted identity provider. */
  readonly idp: SigningIdp;
  /** URL at which the host listens. */
  readonly url: string;
  /** Creates a visitor with an empty cookie jar. */
  visitor(): TestVisitor;
  /** Stops listening. */
  close(): Promise<void>;
}

// Generating an RSA key takes longer than everything else in a sign-in test.
let sharedKey: TestKey | undefined;

/**
 * Makes a host trust an identity provider in memory and signs users in from it, with real forms and
 * signatures over a loopback port. Works with any storage, including `"memory"`.
 *
 * @throws SettingsInvalidError if the settings are invalid.
 * @example
 * const sso = await connectTestIdp({ app, saml, baseUrl, newUsers: { role: "member" } });
 * const page = await sso.visitor().fromTile("ada@customer.example");
 * await sso.close();
 */
export async function connectTestIdp(options: TestConnectionOptions): Promise<TestConnection> {
  const { app, saml, tenant = "default", clock } = options;
  const baseUrl = options.baseUrl.replace("://:tenant.", () => `://${tenant}.`);
  const prefix = (options.prefix ?? "/saml").replace(":tenant", () => tenant);
  sharedKey ??= makeTestKey();
  const idp = options.idp ?? makeSigningIdp({ key: sharedKey, ...defined({ clock }) });
  await saml.saveSettings(tenant, settingsFor(idp, options), "test");
  const handle = app.callback();
  const { host } = new URL(baseUrl);
  const server = createServer((request, response) => {
    request.headers.host = host; // as browsers send it, and proxies pass it on
    handle(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the host has no port");
  const url = `http://127.0.0.1:${address.port}`;
  const strippedPath = await stripped(baseUrl, { listensAt: url, prefix });
  return {
    idp,
    url,
    visitor: () => makeTestVisitor({ baseUrl, listensAt: url, strippedPath, prefix, idp }),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The path of `baseUrl`; empty if the application serves the plugin's routes below it. */
async function stripped(
  baseUrl: string,
  { listensAt, prefix }: { readonly listensAt: string; readonly prefix: string },
): Promise<string> {
  const { pathname, protocol } = new URL(baseUrl);
  const path = pathname.replace(/\/$/, "");
  if (path === "") return "";
  const headers = { "x-forwarded-proto": protocol.slice(0, -1) };
  const response = await fetch(`${listensAt}${path}${prefix}/metadata`, {
    headers,
    redirect: "manual",
  });
  await response.body?.cancel();
  // Another route of the application may answer there, too.
  const type = response.headers.get("content-type") ?? "";
  return type.startsWith("application/samlmetadata+xml") ? "" : path;
}

function settingsFor(idp: SigningIdp, options: TestConnectionOptions): OneConnectionSettings {
  const { newUsers, settings = (same: OneConnectionSettings): OneConnectionSettings => same } =
    options;
  const defaults = DEFAULT_SETTINGS.autoProvisioning;
  return settings({
    enabled: true,
    connection: idp.connection(),
    email: { source: { kind: "automatic" }, allowedDomains: [] },
    profile: {},
    autoProvisioning:
      newUsers === undefined ? defaults : { ...defaults, enabled: true, ...newUsers },
  });
}
