import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { GroupId, OrganizationAccess, RoleId } from "../domain/access.ts";
import { DEFAULT_SETTINGS, type Settings } from "../domain/settings.ts";
import type { Clock } from "../ports/environment.ts";
import { makeTestKey, type TestKey } from "./signing-idp/certificate.ts";
import { makeSigningIdp, type SigningIdp } from "./signing-idp.ts";
import { makeTestVisitor, type TestVisitor } from "./test-visitor.ts";

/** What {@link connectTestIdp} takes. */
export interface TestConnectionOptions {
  /** The host's Koa application, with the plugin mounted. */
  readonly app: { callback(): RequestListener };
  /** The plugin, whose settings are saved. */
  readonly saml: {
    saveSettings(tenant: string, document: Settings, by: string): Promise<unknown>;
  };
  /** As the plugin was given it. */
  readonly baseUrl: string;
  /** As the plugin was given it, the tenant filled in; `/saml` unless given. */
  readonly prefix?: string;
  /** `default` unless given. */
  readonly tenant?: string;
  /** What people get whom nobody knows; they are refused unless given. */
  readonly newUsers?: {
    /** Their role. */
    readonly role: RoleId;
    /** None unless given. */
    readonly groups?: readonly GroupId[];
    /** None unless given. */
    readonly organizations?: OrganizationAccess;
  };
  /** Changes what is saved otherwise. */
  readonly settings?: (settings: Settings) => Settings;
  /** As the plugin was given it; the system's clock unless given. */
  readonly clock?: Clock;
  /** One with a key that all tests of the process share, unless given. */
  readonly idp?: SigningIdp;
}

/** A host that listens on the loopback address and trusts an identity provider in memory. */
export interface TestConnection {
  /** Whom the settings trust. */
  readonly idp: SigningIdp;
  /** Where the host listens. */
  readonly url: string;
  /** Somebody with an empty cookie jar. */
  visitor(): TestVisitor;
  /** Lets go of the port. */
  close(): Promise<void>;
}

// Making an RSA key takes longer than everything else that a test of a sign-in does.
let sharedKey: TestKey | undefined;

/**
 * Makes a host trust an identity provider in memory, and lets people come from it: by real forms
 * with real signatures over the loopback address. The plugin needs no storage but `"memory"`.
 *
 * @throws what `saveSettings` throws for settings that would not work.
 * @example
 * const sso = await connectTestIdp({ app, saml, baseUrl, newUsers: { role: "member" } });
 * const page = await sso.visitor().fromTile("ada@customer.example");
 * await sso.close();
 */
export async function connectTestIdp(options: TestConnectionOptions): Promise<TestConnection> {
  const { app, saml, baseUrl, prefix = "/saml", tenant = "default", clock } = options;
  sharedKey ??= makeTestKey();
  const idp =
    options.idp ?? makeSigningIdp({ key: sharedKey, ...(clock === undefined ? {} : { clock }) });
  await saml.saveSettings(tenant, settingsFor(idp, options), "test");
  const server = createServer(app.callback()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the host has no port");
  const url = `http://127.0.0.1:${address.port}`;
  return {
    idp,
    url,
    visitor: () => makeTestVisitor({ baseUrl, listensAt: url, prefix, idp }),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function settingsFor(idp: SigningIdp, options: TestConnectionOptions): Settings {
  const { newUsers, settings = (same: Settings): Settings => same } = options;
  const defaults = DEFAULT_SETTINGS.autoProvisioning;
  return settings({
    ...DEFAULT_SETTINGS,
    enabled: true,
    connection: idp.connection(),
    autoProvisioning:
      newUsers === undefined ? defaults : { ...defaults, enabled: true, ...newUsers },
  });
}
