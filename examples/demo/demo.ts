import type { RequestListener } from "node:http";
import type { Knex } from "knex";
import { makeGuardedFetch } from "../../src/adapters/guarded-fetch/guarded-fetch.ts";
import {
  createSamlJit,
  type IdpMetadata,
  type OneConnectionSettings,
  type SamlJit,
  type Settings,
} from "../../src/mod.ts";
import { makeDemoApp } from "./app.ts";
import { makeDemoCatalog } from "./catalog.ts";
import type { DemoConfig, DemoConnection } from "./config.ts";
import { openDatabase } from "./database.ts";
import { type DemoIdp, makeDemoIdp } from "./demo-idp.ts";
import {
  applyEnvironment,
  oneIdentityProvider,
  readIdpMetadata,
  settingsOf,
  severalSettingsOf,
  withLoopbackMetadata,
} from "./environment-settings.ts";
import { makeLastEvents } from "./events.ts";
import { migrateDemo } from "./migrations.ts";
import { HOST_USERS, makePeople } from "./people.ts";
import { ADMINISTRATOR } from "./roles.ts";
import { type KeyPair, keepSecrets } from "./secrets.ts";
import { addNames, seed } from "./seed.ts";
import { type DemoSessions, makeDemoSessions } from "./session.ts";
import { makeDemoState } from "./state.ts";

const PURGE_EVERY_MS = 60 * 60 * 1000;
/** How often it is looked at which metadata is due; it is read less often. */
const REFRESH_EVERY_MS = 5 * 60 * 1000;

/** A demo that is ready for requests. */
export interface Demo {
  readonly handler: RequestListener;
  close(): Promise<void>;
}

/**
 * Sets the database up, applies the environment and builds the application.
 *
 * @throws ConfigError for an environment that cannot work.
 */
export async function startDemo(config: DemoConfig, baseUrl: string): Promise<Demo> {
  const knex = openDatabase(config.database);
  try {
    return await buildDemo(config, baseUrl, knex);
  } catch (error) {
    await knex.destroy();
    throw error;
  }
}

async function buildDemo(config: DemoConfig, baseUrl: string, knex: Knex): Promise<Demo> {
  await migrateDemo(knex);
  await seed(knex);
  await addNames(knex, namesIn(config));

  const state = makeDemoState({ knex });
  const secrets = await keepSecrets(state);
  const people = makePeople({ knex });
  const sessions = makeDemoSessions({ knex, people });
  const saml = mountPlugin({ config, baseUrl, knex, sessions, key: secrets.serviceProvider });
  await saml.migrate();

  const ownIdp =
    config.idpMetadata === undefined && config.connections === undefined
      ? ownIdentityProvider(baseUrl, secrets.identityProvider)
      : undefined;
  const settings = await environmentSettings(saml, config, ownIdp);
  await applyEnvironment({ saml, state, settings });

  const lastEvents = makeLastEvents({ saml });
  const app = makeDemoApp({
    baseUrl,
    appKey: secrets.appKey,
    people,
    sessions,
    saml,
    lastEvents,
    ...(ownIdp === undefined ? {} : { ownIdp }),
    identityProvider: entityIdsOf(settings),
  });
  for (const { remedy } of await saml.checkHost({ app })) console.warn(remedy);
  const purge = () =>
    Promise.all([saml.purge(), sessions.purge(), lastEvents()]).catch(reportPurge);
  const refresh = () => saml.refreshConnections().catch(reportRefresh);
  const upkeep = [setInterval(purge, PURGE_EVERY_MS), setInterval(refresh, REFRESH_EVERY_MS)];
  void refresh();
  return {
    handler: app.callback(),
    async close() {
      for (const timer of upkeep) clearInterval(timer);
      await saml.close();
      await knex.destroy();
    },
  };
}

/** The settings of the environment, with the metadata that it names. */
async function environmentSettings(
  saml: SamlJit,
  config: DemoConfig,
  ownIdp: DemoIdp | undefined,
): Promise<OneConnectionSettings | Settings> {
  const { connections, idpMetadata } = config;
  if (connections !== undefined) {
    const connected: (DemoConnection & { readonly idp: IdpMetadata })[] = [];
    for (const connection of connections) {
      const idp = await readIdpMetadata(saml, connection.metadata, "CONNECTIONS");
      connected.push({ ...connection, idp });
    }
    return severalSettingsOf(config, connected);
  }
  const idp =
    idpMetadata === undefined
      ? oneIdentityProvider(saml, ownIdp?.metadata() ?? "", "the demo's own metadata")
      : await readIdpMetadata(saml, idpMetadata, "IDP_METADATA");
  return settingsOf(config, idp);
}

function entityIdsOf(settings: OneConnectionSettings | Settings): string {
  const idps =
    "connections" in settings ? settings.connections.map(({ idp }) => idp) : [settings.connection];
  return idps.flatMap((idp) => idp?.entityId ?? []).join(", ");
}

/** The groups and organizations that new users get. */
function namesIn({ defaults, rules }: DemoConfig) {
  const { organizations } = defaults;
  return {
    groups: [...defaults.groups, ...rules.flatMap(({ groups = [] }) => groups)],
    organizations: [
      ...(organizations === "all" ? [] : organizations),
      ...rules.flatMap((rule) =>
        rule.organizations?.kind === "selected" ? rule.organizations.ids : [],
      ),
    ],
  };
}

function reportPurge(error: unknown): void {
  console.error("Used assertions and old sessions could not be forgotten:", error);
}

function reportRefresh(error: unknown): void {
  console.error("The metadata of connections could not be refreshed:", error);
}

/** This is all that a host does to have the plugin. */
function mountPlugin(deps: {
  readonly config: DemoConfig;
  readonly baseUrl: string;
  readonly knex: Knex;
  readonly sessions: DemoSessions;
  readonly key: KeyPair;
}): SamlJit {
  const { config, baseUrl, knex, sessions, key } = deps;
  const { verifiedDomains, loopbackMetadata } = config;
  return createSamlJit({
    baseUrl,
    prefix: "/saml",
    knex,
    hostUsers: HOST_USERS,
    serviceProvider: { keys: [key] },
    catalog: makeDemoCatalog({ knex }),
    licenseLimit: () => config.licenseLimit,
    events: true,
    fetchMetadata: loopbackMetadata ? withLoopbackMetadata(makeGuardedFetch()) : "guarded",
    ...(verifiedDomains === undefined ? {} : { verifiedDomains: () => verifiedDomains }),
    signIn: (ctx, { user, session }) => sessions.begin(ctx, Number(user.id), session),
    logout: {
      currentSamlSession: (ctx) => sessions.samlOf(ctx),
      signOut: (ctx, { demand }) =>
        demand === undefined ? sessions.end(ctx) : sessions.endDemanded(demand),
    },
    async requireAdmin(ctx) {
      const user = await sessions.userOf(ctx);
      return user?.role === ADMINISTRATOR ? { id: user.email } : undefined;
    },
  });
}

function ownIdentityProvider(baseUrl: string, key: KeyPair): DemoIdp {
  const serviceProvider = { entityId: `${baseUrl}/saml/metadata`, acsUrl: `${baseUrl}/saml/acs` };
  return makeDemoIdp({ baseUrl, key, serviceProvider });
}
