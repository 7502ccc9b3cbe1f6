import type { Context, Middleware } from "koa";
import { koaBody } from "koa-body";

const read = koaBody({
  urlencoded: true,
  json: false,
  text: false,
  multipart: false,
  formLimit: "64kb",
});

/** The fields of a form post, not looked at before. */
export async function readForm(ctx: Context): Promise<unknown> {
  await read(ctx, async () => undefined);
  return ctx.request.body;
}

/** Refuses forms that another site's page has sent: cookies come along with those. */
export function refuseForeignForms({ baseUrl }: { readonly baseUrl: string }): Middleware {
  const ownHost = new URL(baseUrl).host;
  return async (ctx, next) => {
    const origin = ctx.get("Origin");
    const site = ctx.get("Sec-Fetch-Site");
    const host = URL.canParse(origin) ? new URL(origin).host : origin;
    const foreign =
      site === "" ? origin !== "" && host !== ctx.host && host !== ownHost : !SAME.has(site);
    if (ctx.method !== "POST" || !foreign) return next();
    ctx.status = 403;
    ctx.body = "This form was sent by another site.\n";
  };
}

/** `none`: not from a page at all. Programs say neither this nor an origin. */
const SAME: ReadonlySet<string> = new Set(["same-origin", "none"]);
