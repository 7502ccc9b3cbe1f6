import type { TenantId } from "../../domain/tenant.ts";
import { parseTenantId } from "../../domain/tenant.ts";
import type { ServiceProvider } from "../../ports/identity-port.ts";
import type { HostContext, ResolveTenant } from "./host-callbacks.ts";
import { problem } from "./problems.ts";

/** Public location of the plugin. */
export interface PublicUrlOptions {
  /** Absolute http or https URL of the host, with the path that proxies strip, if any. */
  readonly baseUrl: string;
  /** Path of the plugin's routes; may hold `:tenant`. */
  readonly prefix: string;
  /**
   * The service provider's own entity ID; may hold `:tenant` where `prefix` does. The metadata's
   * URL when absent.
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
  /** Base URL of the routes, without a trailing slash. */
  readonly root: string;
}

/** The public URLs of the plugin. */
export interface PublicUrls {
  readonly origin: string;
  /** Whether browsers use https, which decides the cookie attributes. */
  readonly secure: boolean;
  /** Whether browsers on other hosts use http, so that assertions and sessions are readable. */
  readonly exposed: boolean;
  /** Default return path: the host's start page. */
  readonly landing: string;
  /** @param slug what stands for `:tenant` in the path. */
  forTenant(slug: string): TenantUrls;
}

/** Names of this computer (RFC 6761 section 6.3, RFC 5735 section 3, RFC 4291 section 2.5.3). */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

export function makePublicUrls(options: PublicUrlOptions): PublicUrls {
  const base = new URL(options.baseUrl);
  const path = base.pathname.replace(/(?<!\/)\/+$/, "");
  const perTenant = options.prefix.includes(":tenant");
  const { additionalAcsPaths = [] } = options;
  const root = `${base.origin}${path}${options.prefix}`;
  return {
    origin: base.origin,
    secure: base.protocol === "https:",
    exposed: base.protocol === "http:" && !LOOPBACK.test(base.hostname),
    landing: `${path}/`,
    forTenant: (slug) => {
      const at = (text: string) => (perTenant ? withTenant(text, slug) : text);
      const metadataUrl = at(`${root}/metadata`);
      return {
        root: at(root),
        metadataUrl,
        serviceProvider: {
          entityId: options.entityId === undefined ? metadataUrl : at(options.entityId),
          acsUrl: at(`${root}/acs`),
          ...(additionalAcsPaths.length === 0
            ? {}
            : {
                additionalAcsUrls: additionalAcsPaths.map((acsPath) =>
                  at(`${base.origin}${path}${acsPath}`),
                ),
              }),
          ...(options.logout ? { sloUrl: at(`${root}/slo`) } : {}),
        },
      };
    },
  };
}

/** Whole segments only: `urn:acme:tenant-portal` contains no placeholder. */
function withTenant(text: string, slug: string): string {
  return text.replace(/(?<=[/:]):tenant(?=[/:]|$)/g, () => encodeURIComponent(slug));
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
}: {
  readonly publicUrls: PublicUrls;
  readonly resolveTenant: ResolveTenant;
}): ResolveTenantContext {
  return async (ctx) => {
    const tenant = parseTenantId(await resolveTenant(ctx));
    if (tenant === undefined) {
      throw problem("tenant-unknown");
    }
    return { tenant, ...publicUrls.forTenant(ctx.params["tenant"] ?? tenant) };
  };
}
