import type { DenyReason } from "../../../domain/sign-in-decision.ts";
import type { HostContext } from "../host-callbacks.ts";

/** Texts of every page for users. */
export interface PageWords {
  /** Message: one sentence. */
  readonly sentence: string;
  /** What to do. */
  readonly advice: string;
  /** Reference by which administrators find the reason. */
  readonly reference?: string;
}

/** The sign-in page. */
export interface StartPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "start";
  /** URL of a link that starts the sign-in; not for requests of scripts. */
  readonly loginUrl: string;
}

/** A refused sign-in or logout. */
export interface RefusedPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "refused";
  /** What was refused. */
  readonly what: "sign-in" | "logout";
  /** Deny reason of an authenticated user; absent for rejections, which must not be explained. */
  readonly reason?: DenyReason;
}

/** A failed or refused request. */
export interface ProblemPage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "problem";
  /** Stable code. */
  readonly code: string;
}

/** A completed test sign-in, if the settings page is turned off. */
export interface TestDonePage extends PageWords {
  /** Distinguishes the pages. */
  readonly kind: "test-done";
}

/** A page for users who sign in or out. */
export type SignInPage = StartPage | RefusedPage | ProblemPage | TestDonePage;

/**
 * Renders a page in the host's style by setting `ctx.body`; the status is already set. If it sets
 * no body or throws, the plugin's own page is shown.
 */
export type RenderPage = (ctx: HostContext, page: SignInPage) => void | Promise<void>;
