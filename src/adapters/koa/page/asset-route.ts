import { problem } from "../problems.ts";
import type { Handler } from "../route.ts";
import type { LoadAssets } from "./assets.ts";

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
