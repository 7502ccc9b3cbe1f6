import { randomBytes } from "node:crypto";
import type Router from "@koa/router";
import type { Context } from "koa";
import { z } from "zod";
import type { DemoIdp } from "./demo-idp.ts";
import { IDP_PATH } from "./demo-idp.ts";
import { type Carried, pickPage, postPage } from "./demo-idp-pages.ts";
import { readForm } from "./forms.ts";
import { showPage } from "./page.ts";
import { SEEDS } from "./seed.ts";

const TITLE = "Demo identity provider";
/** Anything like an address: the plugin has to refuse the odd ones. */
const EMAIL = /^[^\s\p{C}@<>]{1,64}@[^\s\p{C}@<>]{1,189}$/u;

const asked = z.object({
  SAMLRequest: z.string().min(1).max(16_384).optional(),
  RelayState: z.string().max(1024).optional(),
});
const answered = asked.extend({
  email: z.string().trim().optional(),
  groups: z.string().max(1024).default(""),
});

/** Adds the identity provider's pages: `/demo-idp`, `/demo-idp/sso`, `/demo-idp/metadata`. */
export function addDemoIdp(router: Router, idp: DemoIdp): void {
  router.get(`${IDP_PATH}/metadata`, (ctx) => {
    ctx.type = "application/samlmetadata+xml";
    ctx.body = idp.metadata();
  });

  router.get(IDP_PATH, (ctx) => pick(ctx, {}));

  router.get(`${IDP_PATH}/sso`, async (ctx) => {
    const request = asked.required({ SAMLRequest: true }).safeParse(ctx.query);
    if (!request.success || (await idp.readRequest(request.data.SAMLRequest)) === undefined) {
      return refuse(ctx, "This identity provider cannot answer this login request.");
    }
    pick(ctx, carriedOf(request.data));
  });

  router.post(`${IDP_PATH}/sso`, async (ctx) => {
    const form = answered.safeParse(await readForm(ctx));
    if (!form.success) return refuse(ctx, "This form cannot be read.");
    const { email, groups, SAMLRequest, RelayState } = form.data;
    const request = SAMLRequest === undefined ? undefined : await idp.readRequest(SAMLRequest);
    if (SAMLRequest !== undefined && request === undefined) {
      return refuse(ctx, "This identity provider cannot answer this login request.");
    }
    if (email === undefined || !EMAIL.test(email)) {
      return pick(ctx, carriedOf(form.data), "This is not an email address.");
    }
    const nonce = randomBytes(16).toString("base64");
    const named = groups.split(",").map((group) => group.trim());
    const SAMLResponse = await idp.respond(email, named.filter(Boolean), request);
    const relayed = RelayState === undefined ? {} : { RelayState };
    showPage(ctx, {
      title: TITLE,
      main: postPage(idp, { SAMLResponse, ...relayed, nonce }),
      nonce,
    });
  });
}

function pick(ctx: Context, carried: Carried, fault?: string): void {
  const suggestions = SEEDS.map(({ email }) => email);
  showPage(ctx, {
    title: TITLE,
    main: pickPage({ suggestions, carried, ...(fault === undefined ? {} : { fault }) }),
    status: fault === undefined ? 200 : 422,
  });
}

function refuse(ctx: Context, fault: string): void {
  pick(ctx, {}, fault);
  ctx.status = 400;
}

function carriedOf({ SAMLRequest, RelayState }: z.infer<typeof asked>): Carried {
  return {
    ...(SAMLRequest === undefined ? {} : { SAMLRequest }),
    ...(RelayState === undefined ? {} : { RelayState }),
  };
}
