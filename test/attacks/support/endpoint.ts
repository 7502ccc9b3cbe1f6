import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import Koa from "koa";
import type { SignInEvent } from "../../../src/adapters/koa/host-callbacks.ts";
import { makeMemoryCatalog } from "../../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../../src/adapters/memory/memory-stores.ts";
import {
  fromOneConnection,
  type OneConnectionSettings,
} from "../../../src/domain/one-connection.ts";
import { DEFAULT_SETTINGS, nextVersion, UNSAVED_SETTINGS } from "../../../src/domain/settings.ts";
import { parseTenantId, type TenantId } from "../../../src/domain/tenant.ts";
import { createSamlJit } from "../../../src/plugin.ts";
import { startProcessorTime } from "../../support/processor-time.ts";
import type { AcsRequest, Flow, Sending } from "./attack.ts";
import { ask } from "./browser.ts";
import { idp, NOW, ORIGIN, spKey } from "./parties.ts";

/** What came of a request, seen from outside and in the stores. */
export interface Aftermath {
  readonly status: number;
  /** What the browser was shown. */
  readonly body: string;
  readonly location: string | undefined;
  /** The audit entries that the request added, newest first. */
  readonly audited: readonly { readonly outcome: string; readonly code: string | undefined }[];
  readonly usersAdded: number;
  readonly consumed: number;
  /** Sessions that the host was told to begin. */
  readonly sessions: readonly SignInEvent[];
  readonly cookies: readonly string[];
  /** Processor time of the request and the answer, in milliseconds. */
  readonly tookMs: number;
}

/** The plugin in a bare Koa host, over memory, behind a real HTTP port. */
export interface Endpoint {
  /** Configures the tenant for `sending`, begins a login if it is solicited, and posts it. */
  send(sending: Sending): Promise<Aftermath>;
  /** Posts the same request again, with the same cookies. */
  post(request: AcsRequest, cookie?: string): Promise<Aftermath>;
  /** Begins a login in a fresh browser. */
  begin(): Promise<{ readonly flow: Flow; readonly cookie: string }>;
  configure(sending: Pick<Sending, "connection" | "settings">): Promise<void>;
  close(): Promise<void>;
}

const TENANT = tenant("default");

/** Starts an endpoint of its own stores. */
export async function startEndpoint(): Promise<Endpoint> {
  const memory = makeMemoryStores();
  const sessions: SignInEvent[] = [];
  const plugin = createSamlJit({
    baseUrl: ORIGIN,
    storage: { stores: memory.stores, unitOfWork: memory.unitOfWork },
    catalog: makeMemoryCatalog({
      roles: [{ id: "member", name: "Member", licensed: true, privileged: false }],
      groups: [],
      organizations: [],
    }),
    serviceProvider: {
      keys: [{ privateKey: spKey.privateKey, certificate: spKey.certificate }],
    },
    requireAdmin: () => undefined,
    signIn: (_ctx, event) => {
      sessions.push(event);
    },
    clock: { now: () => NOW },
    logger: { info: nothing, warn: nothing, error: nothing },
  });
  const app = new Koa();
  app.keys = ["a key of the attack suite"];
  app.proxy = true;
  app.use(plugin.routes());
  const server = await listening(createServer(app.callback()));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/saml`;

  async function configure({ connection, settings }: Pick<Sending, "connection" | "settings">) {
    const stored = (await memory.stores.settings.load(TENANT)) ?? UNSAVED_SETTINGS;
    const plain: OneConnectionSettings = {
      enabled: true,
      connection: idp.connection(connection),
      email: { source: { kind: "automatic" }, allowedDomains: [] },
      profile: {},
      autoProvisioning: { ...DEFAULT_SETTINGS.autoProvisioning, enabled: true, role: "member" },
    };
    const wanted = fromOneConnection(settings?.(plain) ?? plain);
    const next = nextVersion(stored, wanted, { at: NOW, by: "suite" });
    await memory.stores.settings.save(TENANT, next);
  }

  async function begin() {
    const { headers } = await ask({ url: `${base}/login`, method: "GET", headers: PROXIED });
    const request = new URL(headers.location ?? "").searchParams.get("SAMLRequest");
    const xml = inflateRawSync(Buffer.from(request ?? "", "base64")).toString();
    const cookie = (headers["set-cookie"] ?? []).map((set) => set.split(";")[0]).join("; ");
    return { flow: { requestId: / ID="([^"]*)"/.exec(xml)?.[1] ?? "" }, cookie };
  }

  async function post(request: AcsRequest, cookie?: string): Promise<Aftermath> {
    const before = { users: memory.usersOf(TENANT).length, ledger: memory.ledgerSize() };
    const known = new Set(memory.auditEntries(TENANT).map(({ id }) => id));
    const begun = sessions.length;
    const spent = startProcessorTime();
    const { method = "POST", query, contentType, body } = request;
    const answer = await ask({
      url: `${base}/acs${query === undefined ? "" : `?${query}`}`,
      method,
      headers: {
        ...PROXIED,
        "Content-Type": contentType ?? "application/x-www-form-urlencoded",
        ...(cookie === undefined ? {} : { Cookie: cookie }),
      },
      ...(method === "GET" ? {} : { body: Buffer.from(body) }),
    });
    return {
      status: answer.status,
      body: answer.body,
      location: answer.headers.location,
      audited: memory
        .auditEntries(TENANT)
        .filter(({ id }) => !known.has(id))
        .map(({ outcome, code }) => ({ outcome, code })),
      usersAdded: memory.usersOf(TENANT).length - before.users,
      consumed: memory.ledgerSize() - before.ledger,
      sessions: sessions.slice(begun),
      cookies: answer.headers["set-cookie"] ?? [],
      tookMs: spent(),
    };
  }

  return {
    configure,
    begin,
    post,
    async send(sending) {
      await configure(sending);
      if (sending.solicited !== true) return post(sending.request({}));
      const { flow, cookie } = await begin();
      return post(sending.request(flow), cookie);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await plugin.close();
    },
  };
}

const PROXIED = { "X-Forwarded-Proto": "https", Host: "app.example" };

function listening(server: Server): Promise<Server> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function tenant(id: string): TenantId {
  const parsed = parseTenantId(id);
  if (parsed === undefined) throw new Error(`${id} is no tenant`);
  return parsed;
}

function nothing(): void {}
