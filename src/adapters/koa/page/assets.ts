import { createHash } from "node:crypto";
import type { Handler } from "../error-boundary.ts";
import { problem } from "../problems.ts";
import { loadOnce, readOwnFile } from "../send.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { PageUrls } from "./view.ts";

/** A served file. */
export interface Asset {
  /** Name with a content hash, cacheable indefinitely. */
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** The style and the script of the pages. */
export interface Assets {
  readonly css: Asset;
  readonly js: Asset;
}

/** Reads the files in this folder once. */
export type LoadAssets = () => Promise<Assets>;

export function makeLoadAssets(): LoadAssets {
  return loadOnce(load);
}

async function load(): Promise<Assets> {
  const [css, js] = await Promise.all([
    asset("page", "css", new URL("page.css", import.meta.url)),
    asset("page", "js", new URL("page.js", import.meta.url)),
  ]);
  return { css, js };
}

async function asset(name: string, extension: "css" | "js", url: URL): Promise<Asset> {
  const text = await readOwnFile(url);
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 16);
  const type = extension === "css" ? "text/css" : "text/javascript";
  return { name: `${name}-${hash}.${extension}`, type, text };
}

/** `GET /settings/assets/:file`: public style and script, cached indefinitely. */
export function makeAssetRoute({ loadAssets }: { readonly loadAssets: LoadAssets }): Handler {
  return async (ctx) => {
    const { css, js } = await loadAssets();
    const asset = [css, js].find(({ name }) => name === ctx.params["file"]);
    if (asset === undefined) {
      throw problem("not-found");
    }
    ctx.body = asset.text;
    ctx.type = `${asset.type}; charset=utf-8`;
    ctx.set({
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
    });
  };
}

/** Where the pages of a tenant are. */
export type FindPageUrls = (
  tenantContext: Pick<TenantContext, "root" | "metadataUrl">,
) => Promise<PageUrls>;

export function makeFindPageUrls({
  loadAssets,
}: {
  readonly loadAssets: LoadAssets;
}): FindPageUrls {
  return async ({ root, metadataUrl }) => {
    const { css, js } = await loadAssets();
    return {
      page: `${root}/settings/page`,
      activity: `${root}/settings/page/activity`,
      export: `${root}/settings/audit/export`,
      users: `${root}/settings/page/users`,
      receiptsExport: `${root}/settings/receipts/export`,
      licensesExport: `${root}/settings/license-report/export`,
      tests: `${root}/settings/test-sign-ins`,
      login: `${root}/login`,
      signIn: `${root}/sign-in`,
      metadata: metadataUrl,
      css: `${root}/settings/assets/${css.name}`,
      js: `${root}/settings/assets/${js.name}`,
    };
  };
}
