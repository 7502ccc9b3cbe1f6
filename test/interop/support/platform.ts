import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AuditEntry } from "../../../src/domain/audit.ts";
import type { FetchMetadata, SamlJitOptions, SignInEvent } from "../../../src/mod.ts";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";

/** A host with sessions of its own, on the system's clock. */
export interface Platform {
  readonly host: TestHost;
  readonly entityId: string;
  readonly loginUrl: string;
  readonly acsUrl: string;
  readonly logoutUrl: string;
  /** The key that we sign with and others encrypt to. */
  readonly certificate: string;
  /** Sets our clock so much before (or, negative, behind) everybody else's, in milliseconds. */
  shiftClock(ms: number): void;
  /** Sessions that are open. */
  sessions(): readonly SignInEvent[];
  /** Saves settings with the identity provider's own metadata, as an administrator would. */
  connect(idp: MetadataSource, changes?: ConnectionChanges): Promise<void>;
  /** Our metadata, by HTTP. */
  metadata(): Promise<string>;
  /** How an identity provider is told of us without metadata. */
  registration(): Readonly<Record<string, unknown>>;
  /** The newest entry of the audit trail. */
  lastEntry(): Promise<AuditEntry>;
  stop(): Promise<void>;
}

/** An identity provider that publishes its metadata. */
export interface MetadataSource {
  metadata(): Promise<string>;
}

/** What a test wants otherwise than the metadata says. */
export interface ConnectionChanges {
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

// Making one takes longer than most tests.
const { privateKey, certificate } = makeTestKey({ subject: "the platform" });

/** What a platform may be started with. */
export interface PlatformOptions {
  /** Default: one, the same for all platforms. */
  readonly keys?: NonNullable<SamlJitOptions["serviceProvider"]>["keys"];
  /** A server whose requests it takes over. Default: one of its own. */
  readonly server?: Server;
  /** Default: nothing is fetched. */
  readonly fetchMetadata?: FetchMetadata;
}

/** Starts a platform. */
export async function startPlatform({
  keys = [{ privateKey, certificate }],
  server,
  fetchMetadata,
}: PlatformOptions = {}): Promise<Platform> {
  let shift = 0;
  const open = new Map<string, SignInEvent>();
  const host = await startHost({
    clock: { now: () => Date.now() + shift },
    serviceProvider: { keys },
    ...(server === undefined ? {} : { server }),
    ...(fetchMetadata === undefined ? {} : { fetchMetadata }),
    signIn: (ctx, event) => {
      const id = randomUUID();
      open.set(id, event);
      ctx.cookies.set("session", id, { signed: false });
    },
    logout: {
      currentSamlSession: (ctx) => open.get(ctx.cookies.get("session") ?? "")?.session,
      signOut: (ctx, { demand }) => {
        for (const [id, { session }] of open) {
          const meant =
            demand === undefined
              ? id === ctx.cookies.get("session")
              : demand.nameId.value === session.nameId.value;
          if (meant) open.delete(id);
        }
      },
    },
  });
  const base = `${host.baseUrl}/saml`;
  return {
    host,
    entityId: `${base}/metadata`,
    loginUrl: `${base}/login`,
    acsUrl: `${base}/acs`,
    logoutUrl: `${base}/logout`,
    certificate,
    shiftClock: (ms) => {
      shift = ms;
    },
    sessions: () => [...open.values()],
    async connect(idp, { connection = {}, settings = {} } = {}) {
      const parsed = host.saml.parseIdpMetadata(await idp.metadata());
      if (parsed.kind === "invalid") throw new Error(parsed.detail);
      const [first] = parsed.identityProviders;
      if (first === undefined) throw new Error("no identity provider");
      const { wantsSignedRequests, notes: _, ...rest } = first;
      const document = openSettings(host, {
        connection: {
          ...rest,
          idpInitiated: true,
          signRequests: wantsSignedRequests,
          weakAlgorithms: [],
          acceptExpiredCertificates: false,
          ...connection,
        },
        ...settings,
      });
      await host.saml.saveSettings("default", document, "admin-1");
    },
    metadata: async () => (await fetch(`${base}/metadata`)).text(),
    registration: () => ({
      acs: `${base}/acs`,
      slo: `${base}/slo`,
      certificatePem: certificate,
    }),
    async lastEntry() {
      const [entry] = (await host.memory.stores.audit.page(host.tenant, { filter: {}, limit: 1 }))
        .entries;
      if (entry === undefined) throw new Error("nothing was recorded");
      return entry;
    },
    stop: () => host.stop(),
  };
}
