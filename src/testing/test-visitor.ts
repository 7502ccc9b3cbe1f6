import { inflateRawSync } from "node:zlib";
import type { ResponseOptions, SigningIdp } from "./signing-idp.ts";

/** What a test can change in a response; URLs are filled in. */
export type ResponseChanges = Partial<Omit<ResponseOptions, "email">>;

/** A visitor with their own browser, which keeps cookies and follows redirects within the host. */
export interface TestVisitor {
  /**
   * Starts at the identity provider, authenticated as `email`.
   *
   * @returns the final page, or the refusal.
   */
  fromTile(email: string, changes?: ResponseChanges): Promise<Response>;
  /**
   * Starts at the host and is authenticated as `email`.
   *
   * @param returnTo path of the host to return to.
   * @returns the final page, or the refusal.
   */
  fromLogin(email: string, returnTo?: string, changes?: ResponseChanges): Promise<Response>;
  /** Requests a path of the host. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** Options of {@link makeTestVisitor}. */
export interface VisitedHost {
  /** The host's `baseUrl`. */
  readonly baseUrl: string;
  /** URL at which the host listens. */
  readonly listensAt: string;
  /** The path of `baseUrl` if it is stripped, as by a proxy; otherwise empty. */
  readonly strippedPath: string;
  /** Path of the plugin's routes. */
  readonly prefix: string;
  readonly idp: SigningIdp;
}

/** Maximum number of redirects before a visitor fails. */
const MAX_REDIRECTS = 10;

/** Creates a visitor without cookies. */
export function makeTestVisitor(host: VisitedHost): TestVisitor {
  const { baseUrl, listensAt, strippedPath, prefix, idp } = host;
  const base = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const saml = `${base.href.slice(0, -1)}${prefix}`;
  const cookies = new Map<string, string>();

  async function once(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("accept")) headers.set("accept", "text/html");
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    headers.set("x-forwarded-proto", base.protocol.slice(0, -1));
    const path = url.pathname.startsWith(`${strippedPath}/`)
      ? url.pathname.slice(strippedPath.length)
      : url.pathname;
    const options: RequestInit = { ...init, headers, redirect: "manual" };
    const response = await fetch(`${listensAt}${path}${url.search}`, options);
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    return response;
  }

  async function go(url: URL, init: RequestInit = {}): Promise<Response> {
    let [at, response] = [url, await once(url, init)];
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      const next = redirectOf(response, at);
      if (next?.origin !== base.origin) return response;
      await response.body?.cancel();
      [at, response] = [next, await once(next, {})];
    }
    throw new Error(`${url.pathname} redirects without end`);
  }

  const post = (email: string, changes: ResponseChanges): Promise<Response> => {
    const to = { acsUrl: `${saml}/acs`, audience: `${saml}/metadata` };
    const form = idp.form({ ...to, email, ...changes });
    return go(new URL(`${saml}/acs`), { method: "POST", body: new URLSearchParams({ ...form }) });
  };

  return {
    fromTile: (email, changes = {}) => post(email, changes),
    async fromLogin(email, returnTo = "/", changes = {}) {
      const asked = await go(new URL(`${saml}/login?returnTo=${encodeURIComponent(returnTo)}`));
      const inResponseTo = requestIdOf(asked);
      if (inResponseTo === undefined) return asked;
      await asked.body?.cancel();
      return post(email, { inResponseTo, ...changes });
    },
    request: (path, init) => go(new URL(path.replace(/^\//, ""), base), init),
  };
}

function redirectOf(response: Response, from: URL): URL | undefined {
  const location = response.headers.get("location");
  return location === null ? undefined : new URL(location, from);
}

/** The ID of the login request in a redirect (SAML bindings section 3.4.4.1). */
function requestIdOf(response: Response): string | undefined {
  const location = response.headers.get("location");
  const message = location === null ? null : new URL(location).searchParams.get("SAMLRequest");
  if (message === null) return undefined;
  const xml = inflateRawSync(Buffer.from(message, "base64")).toString("utf8");
  return / ID="([^"]+)"/.exec(xml)?.[1];
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const split = pair.indexOf("=");
  const name = pair.slice(0, split).trim();
  const expires = attributes.map((one) => one.trim()).find((one) => /^expires=/i.test(one));
  const gone = expires !== undefined && Date.parse(expires.slice("expires=".length)) < Date.now();
  if (gone) cookies.delete(name);
  else cookies.set(name, pair.slice(split + 1));
}
