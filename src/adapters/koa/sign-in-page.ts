import type { DenyReason } from "../../domain/sign-in-decision.ts";
import type { HostContext } from "./host.ts";

/** What every page for a person says. */
export interface PageWords {
  /** One sentence: what is the matter. */
  readonly sentence: string;
  /** What to do. */
  readonly advice: string;
  /** What to tell an administrator, who finds the reason under it. */
  readonly reference?: string;
}

/** Somebody may begin to sign in. */
export interface StartPage extends PageWords {
  /** Tells the pages apart. */
  readonly kind: "start";
  /** Where to go for it: a navigation, no request of a script. */
  readonly loginUrl: string;
}

/** Somebody does not get in, or out. */
export interface RefusedPage extends PageWords {
  /** Tells the pages apart. */
  readonly kind: "refused";
  /** What they wanted. */
  readonly what: "sign-in" | "logout";
  /** Why, of somebody whom the identity provider vouches for; what else failed is not told. */
  readonly reason?: DenyReason;
}

/** Something failed on the way, or was not allowed. */
export interface ProblemPage extends PageWords {
  /** Tells the pages apart. */
  readonly kind: "problem";
  /** Stable, for programs. */
  readonly code: string;
}

/** A test sign-in has come back, and there is no settings page to show it. */
export interface TestDonePage extends PageWords {
  /** Tells the pages apart. */
  readonly kind: "test-done";
}

/** A page that is shown to somebody who signs in or out. */
export type SignInPage = StartPage | RefusedPage | ProblemPage | TestDonePage;

/**
 * Shows a page in the host's own style: sets `ctx.body`. The status is set already. Where it sets no
 * body, or throws, the plugin's own page is shown.
 */
export type RenderPage = (ctx: HostContext, page: SignInPage) => void | Promise<void>;
