import type { TenantContext } from "../tenant-context.ts";
import type { LoadAssets } from "./assets.ts";
import type { PageUrls } from "./view.ts";

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
      tests: `${root}/settings/test-sign-ins`,
      metadata: metadataUrl,
      css: `${root}/settings/assets/${css.name}`,
      js: `${root}/settings/assets/${js.name}`,
    };
  };
}
