import { STATUS_CODES } from "node:http";
import escapeHtml from "escape-html";
import type { HostContext } from "./host.ts";
import type { ProblemMembers } from "./http-problem.ts";

/** What a person is shown who cannot go on. */
export interface PersonPage {
  readonly sentence: string;
  readonly advice: string;
  readonly reference?: string;
}

/** Nothing of ours may be kept, framed, sniffed or told to other sites. */
const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** Answers with a problem document (RFC 9457). */
export function sendProblem(ctx: HostContext, status: number, members: ProblemMembers): void {
  ctx.status = status;
  ctx.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  ctx.body = JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...members,
  });
  ctx.type = "application/problem+json";
}

/** Answers with a plain page for a person. */
export function sendPage(ctx: HostContext, status: number, page: PersonPage): void {
  ctx.status = status;
  ctx.set(SECURITY_HEADERS);
  const reference =
    page.reference === undefined
      ? ""
      : `<p>Reference: <strong>${escapeHtml(page.reference)}</strong></p>`;
  ctx.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.sentence)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>
<main>
<h1>${escapeHtml(page.sentence)}</h1>
<p>${escapeHtml(page.advice)}</p>
${reference}
</main>
</html>
`;
  ctx.type = "text/html; charset=utf-8";
}

/** Answers with JSON for administrators; it is kept nowhere. */
export function sendJson(ctx: HostContext, body: unknown): void {
  ctx.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  ctx.body = JSON.stringify(body);
  ctx.type = "application/json; charset=utf-8";
}

/**
 * Sends the browser elsewhere. The header is set as it is: Koa's own redirect writes the URL anew,
 * and the signature of a SAML message covers the octets of its query (bindings section 3.4.4.1).
 */
export function sendRedirect(ctx: HostContext, status: 302 | 303, location: string): void {
  ctx.status = status;
  ctx.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", Location: location });
  ctx.body = "";
}

/** Whether a browser, and no program, waits for the answer. */
export function wantsPage(ctx: HostContext): boolean {
  return ctx.accepts("application/problem+json", "application/json", "text/html") === "text/html";
}
