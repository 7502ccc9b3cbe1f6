import type { TenantId } from "../../domain/tenant.ts";
import { parseTenantId } from "../../domain/tenant.ts";
import { callHost } from "../../ports/errors.ts";
import type { ServiceProvider } from "../../ports/identity-port.ts";
import type { HostContext, ResolveTenant } from "./host-callbacks.ts";
import { problem } from "./problems.ts";

/** Public location of the plugin. */
export interface PublicUrlOptions {
  /**
   * Absolute http or https URL of the host, with the path that proxies strip, if any. The first
   * label of its host name may be `:tenant`.
   */
  readonly baseUrl: string;
  /** Path of the plugin's routes; may hold `:tenant`. */
  readonly prefix: string;
  /**
   * The service provider's own entity ID; may hold `:tenant` where `prefix` or `baseUrl` does. The
   * metadata's URL when absent.
   */
  readonly entityId?: string;
  /** Further paths of the assertion consumer service, beside the prefix. Default: none. */
  readonly additionalAcsPaths?: readonly string[];
  /** Whether there is single logout. */
  readonly logout: boolean;
}

/** URLs of one tenant. */
export interface TenantUrls {
  readonly serviceProvider: ServiceProvider;
  readonly metadataUrl: string;
  /** Origin of the tenant's pages, such as `https://app.example`. */
  readonly origin: string;
  /** Base URL of the routes, without a trailing slash. */
  readonly root: string;
}

/** The public URLs of the plugin. */
export interface PublicUrls {
  /** Whether browsers use https, which decides the cookie attributes. */
  readonly secure: boolean;
  /** Whether browsers on other hosts use http, so that assertions and sessions are readable. */
  readonly exposed: boolean;
  /** Default return path: the host's start page. */
  readonly landing: string;
  /**
   * What stands for `:tenant` in a request.
   *
   * @returns `null` if the request's host name is not that of a tenant, `undefined` if no URL holds
   * `:tenant`.
   */
  slugOf(ctx: HostContext): string | null | undefined;
  /**
   * @param slug what stands for `:tenant` in the path or in the host name.
   * @throws TypeError if it cannot be a part of a host name, and would have to.
   */
  forTenant(slug: string): TenantUrls;
}

/** Names of this computer (RFC 6761 section 6.3, RFC 5735 section 3, RFC 4291 section 2.5.3). */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** A label of a host name (RFC 1123 section 2.1), in lower case. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The same URL with a label that parses in place of `:tenant`, which must be the first one. */
export function withExampleTenant(baseUrl: string): string {
  return baseUrl.replace(/^(https?:\/\/):tenant\./i, `$1${EXAMPLE_TENANT}.`);
}

const EXAMPLE_TENANT = "tenant";

export function makePublicUrls(options: PublicUrlOptions): PublicUrls {
  const exampleUrl = withExampleTenant(options.baseUrl);
  const byHost = exampleUrl !== options.baseUrl;
  const base = new URL(exampleUrl);
  const path = base.pathname.replace(/(?<!\/)\/+$/, "");
  const byPath = options.prefix.includes(":tenant");
  const { additionalAcsPaths = [] } = options;
  const parent = byHost ? base.hostname.slice(EXAMPLE_TENANT.length) : "";
  const originOf = (slug: string): string => {
    if (!byHost) return base.origin;
    if (!LABEL.test(slug)) throw new TypeError(`${slug} cannot be a label of a host name`);
    return `${base.protocol}//${slug}${base.host.slice(EXAMPLE_TENANT.length)}`;
  };
  return {
    secure: base.protocol === "https:",
    exposed: base.protocol === "http:" && !LOOPBACK.test(base.hostname),
    landing: `${path}/`,
    slugOf: (ctx) => {
      if (!byHost) return byPath ? ctx.params["tenant"] : undefined;
      const hostname = ctx.hostname.toLowerCase();
      const label = hostname.slice(0, -parent.length);
      return hostname.endsWith(parent) && LABEL.test(label) ? label : null;
    },
    forTenant: (slug) => {
      const origin = originOf(slug);
      const root = `${origin}${path}${options.prefix}`;
      const at = (text: string) => (byPath || byHost ? withTenant(text, slug) : text);
      const metadataUrl = at(`${root}/metadata`);
      return {
        origin,
        root: at(root),
        metadataUrl,
        serviceProvider: {
          entityId: options.entityId === undefined ? metadataUrl : at(options.entityId),
          acsUrl: at(`${root}/acs`),
          ...(additionalAcsPaths.length === 0
            ? {}
            : {
                additionalAcsUrls: additionalAcsPaths.map((acsPath) =>
                  at(`${origin}${path}${acsPath}`),
                ),
              }),
          ...(options.logout ? { sloUrl: at(`${root}/slo`) } : {}),
        },
      };
    },
  };
}

/** Whole segments and labels only: `urn:acme:tenant-portal` contains no placeholder. */
function withTenant(text: string, slug: string): string {
  return text.replace(/(?<=[/:]):tenant(?=[/:.]|$)/g, () => encodeURIComponent(slug));
}

/** Tenant of a request and the URL of its routes. */
export interface TenantContext extends TenantUrls {
  readonly tenant: TenantId;
}

/**
 * Resolves the tenant of a request and the URLs of its routes.
 *
 * @throws HttpProblem 404 when the tenant does not exist.
 */
export type ResolveTenantContext = (ctx: HostContext) => Promise<TenantContext>;

export function makeResolveTenantContext({
  publicUrls,
  resolveTenant,
  onlyTenant,
}: {
  readonly publicUrls: PublicUrls;
  readonly resolveTenant: ResolveTenant;
  /** The only tenant that the instance serves, if it is fixed. */
  readonly onlyTenant: string | undefined;
}): ResolveTenantContext {
  return async (ctx) => {
    const slug = publicUrls.slugOf(ctx);
    if (slug === null) throw problem("tenant-unknown");
    if (slug !== undefined) ctx.params["tenant"] = slug; // where the host's callbacks look for it
    const tenant = parseTenantId(await callHost("resolveTenant", () => resolveTenant(ctx)));
    if (tenant === undefined || tenant !== (onlyTenant ?? tenant)) {
      throw problem("tenant-unknown");
    }
    return { tenant, ...publicUrls.forTenant(slug ?? tenant) };
  };
}
