import type { Logger } from "../../../ports/environment.ts";
import type { HostContext } from "../host-callbacks.ts";
import { PERSON_PAGE_POLICY, renderPersonPage } from "./person-page.tsx";
import type { RenderPage, SignInPage } from "./sign-in-page.ts";

/** Responds with a page for users, the host's or ours. Never fails. */
export type ShowPersonPage = (ctx: HostContext, status: number, page: SignInPage) => Promise<void>;

export interface ShowPersonPageDeps {
  /** Absent if the plugin's own pages are used. */
  readonly renderPage: RenderPage | undefined;
  readonly logger: Logger;
}

export function makeShowPersonPage({ renderPage, logger }: ShowPersonPageDeps): ShowPersonPage {
  async function byHost(ctx: HostContext, page: SignInPage): Promise<boolean> {
    if (renderPage === undefined) return false;
    try {
      ctx.body = "";
      await renderPage(ctx, page);
      return ctx.body !== "" && ctx.body !== undefined && ctx.body !== null;
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error;
      logger.error({
        event: "saml.page.part-failed",
        part: `renderPage ${page.kind}`,
        error: kind,
      });
      return false;
    }
  }

  return async (ctx, status, page) => {
    ctx.status = status;
    ctx.set({
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    });
    if (await byHost(ctx, page)) return;
    for (const header of LEFT_BEHIND) ctx.remove(header);
    ctx.status = status;
    ctx.set("Content-Security-Policy", PERSON_PAGE_POLICY);
    ctx.body = renderPersonPage(page);
    ctx.type = "text/html; charset=utf-8";
  };
}

/** Headers of a failed host page that must not remain on ours. */
const LEFT_BEHIND = ["Content-Encoding", "Content-Language", "ETag", "Last-Modified", "Location"];
