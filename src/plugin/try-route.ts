import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { ProbeHeaders, RouteProbe } from "../adapters/koa/setup-findings.ts";
import type { PublicUrls } from "../adapters/koa/tenant-context.ts";
import type { HostFinding } from "../adapters/objection/integrity/host-schema.ts";

/** What of a Koa application is used. */
export interface HostApplication {
  /** A handler for requests of `node:http`. */
  callback(): (request: IncomingMessage, response: ServerResponse) => unknown;
}

/** Parts of {@link tryRoute}. */
export interface TryRouteParts {
  readonly publicUrls: PublicUrls;
  readonly routeProbe: RouteProbe;
}

/**
 * Posts to the assertion consumer service as a browser would, from the page of another site.
 *
 * @throws TypeError if `slug` would have to be a part of a host name, and cannot.
 */
export async function tryRoute(
  { publicUrls, routeProbe }: TryRouteParts,
  app: HostApplication,
  slug: string,
): Promise<readonly HostFinding[]> {
  const acs = new URL(publicUrls.forTenant(slug).serviceProvider.acsUrl);
  // What a proxy strips, koa-mount does not.
  const stripped = acs.pathname.slice(publicUrls.landing.length - 1);
  const server = createServer(app.callback()).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    return await routeProbe.during<readonly HostFinding[]>(async (headers, hasCome) => {
      let status = 404;
      for (const path of new Set([stripped, acs.pathname])) {
        const answered = await post(server, { acs, path, headers });
        if (answered === 204 && hasCome()) return [];
        if (status === 404) status = answered;
      }
      return [{ code: "acs-not-reached", remedy: routeRemedy(acs.href, status, hasCome()) }];
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function routeRemedy(acsUrl: string, status: number, hasCome: boolean): string {
  if (hasCome) return `A post to ${acsUrl} reaches the plugin and fails: the log says why.`;
  if (status === 404) {
    return `A post to ${acsUrl} does not reach the plugin: mount it by app.use(saml.routes()), or by router.all, below the path of baseUrl and prefix.`;
  }
  if (status === 0) {
    return `A post to ${acsUrl} gets no answer: see to what is mounted before the plugin.`;
  }
  return `A post to ${acsUrl} is answered with ${status} before it reaches the plugin: mount the plugin before CSRF protection and routes of your own, or exclude the path from them.`;
}

/** How long the host may take for the post, in milliseconds. */
const POST_LIMIT_MS = 5000;

/** The status of the answer; 0 if there is none. */
async function post(
  server: Server,
  to: { readonly acs: URL; readonly path: string; readonly headers: ProbeHeaders },
): Promise<number> {
  const address = server.address();
  if (typeof address !== "object" || address === null) return 0;
  const sent = request({
    host: "127.0.0.1",
    port: address.port,
    path: to.path,
    method: "POST",
    signal: AbortSignal.timeout(POST_LIMIT_MS),
    headers: {
      ...to.headers,
      Host: to.acs.host,
      "X-Forwarded-Host": to.acs.host,
      "X-Forwarded-Proto": to.acs.protocol.slice(0, -1),
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "https://identity-provider.invalid",
      "Sec-Fetch-Site": "cross-site",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
    },
  });
  sent.end("SAMLResponse=probe");
  try {
    const [answer]: IncomingMessage[] = await once(sent, "response");
    answer?.resume();
    return answer?.statusCode ?? 0;
  } catch {
    return 0;
  }
}
