import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";
import type { TestKey } from "../testing/signing-idp/certificate.ts";
import { makeSigningIdp, type SigningIdp } from "../testing/signing-idp.ts";
import {
  type AuthnRequest,
  DevIdpFault,
  fetchServiceProvider,
  isPermittedAcs,
  readPostedRequest,
  readRedirectRequest,
} from "./messages.ts";
import { faultPage, type Page, postPage, type SignInForm, signInPage } from "./pages.tsx";

/** Both addresses of `localhost`. There is no option for another one. */
const LOOPBACK = "127.0.0.1";
const LOOPBACK_IPV6 = "::1";
/** What proxies and tunnels add: whoever is behind one is not in front of this computer. */
const OF_PROXIES = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"];
const MAX_FORM_BYTES = 256 * 1024;
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const PASSWORD_PROTECTED_TRANSPORT =
  "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

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

/** What the developer typed last: the next form begins with it. */
type Typed = Pick<SignInForm, "email" | "nameId" | "attributes">;

/**
 * Starts an identity provider without passwords, on loopback addresses only: whoever reaches it can be
 * anybody.
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
  const idp = makeSigningIdp({
    entityId: `${url}/metadata`,
    endpoints: { ssoUrl: `${url}/sso` },
    key,
  });
  let typed: Typed = { email: "", nameId: "", attributes: "" };

  async function formFor(request: AuthnRequest): Promise<SignInForm> {
    const acsUrl = request.acsUrl ?? (await acsOf(request.issuer, serviceProvider));
    requirePermitted(acsUrl);
    return {
      ...typed,
      acsUrl,
      audience: request.issuer,
      inResponseTo: request.id,
      relayState: request.relayState ?? "",
      nameIdFormat: chosenFormat(request),
      authnContextClassRef: request.authnContextClassRef ?? PASSWORD_PROTECTED_TRANSPORT,
    };
  }

  async function startPage(): Promise<Page> {
    const known = await fetchServiceProvider(serviceProvider).catch(faultOf);
    const [provider, fault] =
      known instanceof DevIdpFault ? [undefined, known] : [known, undefined];
    const form: SignInForm = {
      ...typed,
      acsUrl: provider?.acsUrl ?? "",
      audience: provider?.entityId ?? "",
      inResponseTo: "",
      relayState: "",
      nameIdFormat: EMAIL_NAME_ID_FORMAT,
      authnContextClassRef: PASSWORD_PROTECTED_TRANSPORT,
    };
    return signInPage(form, fault?.message);
  }

  function signIn(form: SignInForm): Page {
    requirePermitted(form.acsUrl);
    typed = { email: form.email, nameId: form.nameId, attributes: form.attributes };
    return postPage(form.acsUrl, responseTo(form, idp));
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, search, searchParams } = new URL(request.url ?? "/", url);
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return { status: 200, page: await startPage() };
      case "GET /metadata":
        return { status: 200, type: "application/samlmetadata+xml", text: idp.metadata() };
      case "GET /koa-saml-jit.json":
        return { status: 200, type: "application/json", text: settingsDocument(idp, searchParams) };
      case "GET /sso":
        return {
          status: 200,
          page: signInPage(await formFor(readRedirectRequest(search.slice(1)))),
        };
      case "POST /sso":
        return {
          status: 200,
          page: signInPage(await formFor(readPostedRequest(await readForm(request)))),
        };
      case "POST /sign-in":
        requireOwnForm(request);
        return { status: 200, page: signIn(signInForm(await readForm(request))) };
      default:
        return { status: 404, page: faultPage("There is no such page.") };
    }
  }

  return async (request, response) => {
    if (
      !hosts.has(request.headers.host ?? "") ||
      OF_PROXIES.some((name) => name in request.headers)
    ) {
      response.writeHead(421, { "content-type": "text/plain; charset=utf-8" });
      response.end(`This identity provider is for ${url} on this computer only.\n`);
      return;
    }
    send(response, await answer(request).catch(refusal));
  };
}

/** What `PUT {prefix}/settings` of koa-saml-jit takes: everybody of this identity provider gets in. */
function settingsDocument(idp: SigningIdp, query: URLSearchParams): string {
  const role = query.get("role");
  const organizations = { kind: "selected", ids: [] };
  return JSON.stringify({
    enabled: true,
    connection: idp.connection(),
    email: { source: { kind: "automatic" } },
    ...(role === null ? {} : { autoProvisioning: { enabled: true, role, organizations } }),
  });
}

type Answer =
  | { readonly status: number; readonly page: Page }
  | { readonly status: 200; readonly type: string; readonly text: string };

function send(response: ServerResponse, answer: Answer): void {
  const common = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  if ("text" in answer) {
    response.writeHead(answer.status, { ...common, "Content-Type": answer.type });
    response.end(answer.text);
    return;
  }
  response.writeHead(answer.status, {
    ...common,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": answer.page.contentSecurityPolicy,
    "X-Frame-Options": "DENY",
    // Not no-referrer: browsers would then send `Origin: null` with the form.
    "Referrer-Policy": "same-origin",
  });
  response.end(answer.page.html);
}

function refusal(error: unknown): Answer {
  if (error instanceof DevIdpFault) return { status: 400, page: faultPage(error.message) };
  console.error(error);
  return { status: 500, page: faultPage("This is a fault of the identity provider; see its log.") };
}

/** The fault; anything else is thrown on. */
function faultOf(error: unknown): DevIdpFault {
  if (error instanceof DevIdpFault) return error;
  throw error;
}

async function acsOf(issuer: string, metadataUrl: string): Promise<string> {
  const { entityId, acsUrl } = await fetchServiceProvider(metadataUrl);
  if (entityId === issuer) return acsUrl;
  throw new DevIdpFault(
    `The request names no AssertionConsumerServiceURL, and ${metadataUrl} is the metadata of ${entityId}, not of ${issuer}.`,
  );
}

function requirePermitted(acsUrl: string): void {
  if (isPermittedAcs(acsUrl)) return;
  throw new DevIdpFault(
    `A response is not sent to ${acsUrl}: only to this computer (localhost, 127.0.0.1, [::1]), or over https.`,
  );
}

/** `unspecified` leaves the choice to the identity provider (SAML core section 8.3.1). */
function chosenFormat({ nameIdFormat = UNSPECIFIED }: AuthnRequest): string {
  return nameIdFormat === UNSPECIFIED ? EMAIL_NAME_ID_FORMAT : nameIdFormat;
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
    nameIdFormat: text("nameIdFormat") || EMAIL_NAME_ID_FORMAT,
    authnContextClassRef: text("authnContextClassRef") || PASSWORD_PROTECTED_TRANSPORT,
    attributes: text("attributes"),
  };
}

/** Response and assertion are both signed: every service provider finds what it verifies. */
function responseTo(form: SignInForm, idp: SigningIdp): Readonly<Record<string, string>> {
  const { acsUrl, audience, email, nameIdFormat, authnContextClassRef, relayState } = form;
  return {
    ...idp.form({
      acsUrl,
      audience,
      email,
      nameId: form.nameId || email,
      nameIdFormat,
      authnContextClassRef,
      attributes: readAttributes(form.attributes),
      sign: "both",
      ...(form.inResponseTo === "" ? {} : { inResponseTo: form.inResponseTo }),
      ...(relayState === "" ? {} : { relayState }),
    }),
  };
}

/** Lines of `name=value`; a name may stand on several. */
function readAttributes(text: string): Readonly<Record<string, readonly string[]>> {
  const attributes = new Map<string, readonly string[]>();
  for (const line of text.split(/\r?\n/).filter((one) => one.trim() !== "")) {
    const split = line.indexOf("=");
    const name = line.slice(0, split).trim();
    if (split === -1 || name === "") {
      throw new DevIdpFault(`Write attributes as name=value, not ${JSON.stringify(line)}.`);
    }
    attributes.set(name, [...(attributes.get(name) ?? []), line.slice(split + 1).trim()]);
  }
  return Object.fromEntries(attributes);
}
