import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { TestKey } from "../testing/signing-idp/certificate.ts";
import { makeIdentityProvider } from "./identity-provider.ts";
import { DevIdpFault, type Received } from "./messages.ts";
import {
  faultPage,
  type Page,
  postPage,
  type SignInForm,
  signedOutPage,
  signInPage,
} from "./pages.tsx";

/** Both addresses of `localhost`. There is no option for another one. */
const LOOPBACK = "127.0.0.1";
const LOOPBACK_IPV6 = "::1";
/** What proxies and tunnels add: a user behind one is not in front of this computer. */
const OF_PROXIES = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"];
const MAX_FORM_BYTES = 256 * 1024;

/** Options of {@link startDevIdp}. */
export interface DevIdpOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** URL of the metadata of the service provider, for sign-ins that begin here. */
  readonly serviceProvider: string;
  readonly key: TestKey;
}

/** A development identity provider that listens. */
export interface DevIdp {
  /** Its URL, at `localhost`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts an identity provider without passwords, on loopback addresses only: anyone who reaches it can
 * sign in as any user.
 */
export async function startDevIdp(options: DevIdpOptions): Promise<DevIdp> {
  let handle: Handle | undefined;
  const servers = await listenOnBoth(options.port, () =>
    createServer((request, response) => {
      if (handle === undefined) response.writeHead(503).end();
      else void handle(request, response);
    }),
  );
  const { port, close } = servers;
  const url = new URL(`http://localhost:${port}`).origin;
  handle = makeHandler({ ...options, url, port });
  return { url, close };
}

/**
 * Listens on both addresses of `localhost`: with one of them, another program could have the other,
 * and browsers choose.
 */
async function listenOnBoth(
  port: number,
  makeServer: () => Server,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const first = await listen(makeServer(), port, LOOPBACK);
  const address = first.address();
  const found = typeof address === "object" && address !== null ? address.port : port;
  try {
    const second = await listen(makeServer(), found, LOOPBACK_IPV6);
    return { port: found, close: () => closeAll([first, second]) };
  } catch (error) {
    // A computer without IPv6 does without.
    if (!isPortInUse(error)) return { port: found, close: () => closeAll([first]) };
    await closeAll([first]);
    if (port === 0) return listenOnBoth(port, makeServer);
    throw error;
  }
}

/** Whether another program listens there. */
export function isPortInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

async function listen(server: Server, port: number, host: string): Promise<Server> {
  server.listen({ port, host });
  await once(server, "listening");
  return server;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    }),
  );
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function makeHandler({
  url,
  port,
  key,
  serviceProvider,
}: DevIdpOptions & { readonly url: string }): Handle {
  const hosts = new Set(
    ["localhost", LOOPBACK, `[${LOOPBACK_IPV6}]`].map(
      (name) => new URL(`http://${name}:${port}`).host, // without 80
    ),
  );
  const idp = makeIdentityProvider({ url, key, serviceProvider });

  async function signIn(request: IncomingMessage): Promise<Answer> {
    requireOwnForm(request);
    const form = signInForm(await readForm(request));
    const fields = idp.respond(form);
    return { page: postPage(form.acsUrl, fields) };
  }

  async function receiveLogout(received: Received): Promise<Answer> {
    const answer = await idp.receiveLogout(received);
    return "redirect" in answer ? answer : { page: signedOutPage(answer.status) };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, search, searchParams } = new URL(request.url ?? "/", url);
    const query = search.slice(1);
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return { page: signInPage(await idp.start()) };
      case "GET /metadata":
        return { type: "application/samlmetadata+xml", text: idp.metadata() };
      case "GET /koa-saml-jit.json": {
        const document = idp.settingsDocument(searchParams.get("role"));
        return { type: "application/json", text: JSON.stringify(document) };
      }
      case "GET /sso":
        return { page: signInPage({ form: await idp.ask(query) }) };
      case "POST /sso":
        return { page: signInPage({ form: await idp.ask(await readForm(request)) }) };
      case "POST /sign-in":
        return signIn(request);
      case "POST /sign-out":
        requireOwnForm(request);
        return { redirect: await idp.beginLogout() };
      case "GET /slo":
        return receiveLogout(query);
      case "POST /slo":
        return receiveLogout(await readForm(request));
      default:
        return { status: 404, page: faultPage("There is no such page.") };
    }
  }

  return async (request, response) => {
    const { headers } = request;
    if (!hosts.has(headers.host ?? "") || OF_PROXIES.some((name) => name in headers)) {
      response.writeHead(421, { "content-type": "text/plain; charset=utf-8" });
      response.end(`This identity provider is for ${url} on this computer only.\n`);
      return;
    }
    send(response, await answer(request).catch(refusal));
  };
}

type Answer =
  /** `status` is 200 by default. */
  | { readonly status?: number; readonly page: Page }
  | { readonly type: string; readonly text: string }
  | { readonly redirect: string };

function send(response: ServerResponse, answer: Answer): void {
  const common = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  if ("redirect" in answer) {
    response.writeHead(303, { ...common, Location: answer.redirect }).end();
  } else if ("text" in answer) {
    response.writeHead(200, { ...common, "Content-Type": answer.type }).end(answer.text);
  } else {
    const { status = 200, page } = answer;
    response.writeHead(status, {
      ...common,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": page.contentSecurityPolicy,
      "X-Frame-Options": "DENY",
      // Not no-referrer: browsers would then send `Origin: null` with the form.
      "Referrer-Policy": "same-origin",
    });
    response.end(page.html);
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof DevIdpFault) return { status: 400, page: faultPage(error.message) };
  console.error(error);
  return { status: 500, page: faultPage("This is a fault of the identity provider; see its log.") };
}

/** A page of another site must not sign in the browser as somebody. */
function requireOwnForm({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin === undefined || origin === `http://${host}`) return;
  throw new DevIdpFault("This form was sent by another site.");
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) throw new DevIdpFault("This form is too large.");
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function signInForm(form: URLSearchParams): SignInForm {
  const text = (name: keyof SignInForm): string => form.get(name)?.trim() ?? "";
  return {
    acsUrl: text("acsUrl"),
    audience: text("audience"),
    inResponseTo: text("inResponseTo"),
    relayState: text("relayState"),
    email: text("email"),
    nameId: text("nameId"),
    nameIdFormat: text("nameIdFormat"),
    authnContextClassRef: text("authnContextClassRef"),
    attributes: text("attributes"),
  };
}
