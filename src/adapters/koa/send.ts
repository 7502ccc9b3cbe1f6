import { readFile } from "node:fs/promises";
import { STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import type { HostContext } from "./host-callbacks.ts";
import type { ProblemMembers, SentCode } from "./problems.ts";

/** Responds with a problem document (RFC 9457). */
export function sendProblem(
  ctx: HostContext,
  status: number,
  code: SentCode,
  members: ProblemMembers,
): void {
  ctx.status = status;
  ctx.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  ctx.body = JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    ...members,
  });
  ctx.type = "application/problem+json";
}

/** Responds with JSON for administrators, not cacheable. The caller names the type of the answer. */
export function sendJson<Answer = never>(ctx: HostContext, body: NoInfer<Answer>): void {
  ctx.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  ctx.body = JSON.stringify(body);
  ctx.type = "application/json; charset=utf-8";
}

/**
 * Redirects the browser. Sets the header unchanged: Koa's redirect re-encodes the URL, but the
 * signature of a SAML message covers the octets of its query (bindings section 3.4.4.1).
 */
export function sendRedirect(ctx: HostContext, status: 302 | 303, location: string): void {
  ctx.status = status;
  ctx.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", Location: location });
  ctx.body = "";
}

/** Whether the client is a browser that accepts HTML. */
export function wantsPage(ctx: HostContext): boolean {
  return ctx.accepts("application/problem+json", "application/json", "text/html") === "text/html";
}

/** The text of a file of this package. Deno may run it from a registry, by https. */
export async function readOwnFile(url: URL): Promise<string> {
  if (url.protocol === "file:") return readFile(url, "utf8");
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return response.text();
}

/** Loads on the first call and shares the result with all later ones; a failure is not kept. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** A file that is made page by page. */
export interface SentFile<T> {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** First lines; empty for none. */
  readonly head: string;
  readonly pages: AsyncGenerator<readonly T[], void>;
  readonly lines: (page: readonly T[]) => string;
  /** Told why the file ends early. */
  readonly failed: (error: unknown) => void;
}

/**
 * Sends a file, one page in memory at a time, read when the client has received the previous one. If
 * a page cannot be read, the connection is closed with an error, so that a truncated file does not
 * look complete.
 *
 * @throws what the first page throws: a problem document then, not half a file.
 */
export async function sendFile<T>(ctx: HostContext, file: SentFile<T>): Promise<void> {
  const first = await file.pages.next();
  ctx.set({
    "Cache-Control": "no-store",
    "Content-Disposition": `attachment; filename="${file.name}"`,
    "X-Content-Type-Options": "nosniff",
  });
  ctx.body = Readable.from(fileText(ctx, file, first), { objectMode: false });
  ctx.type = file.type;
}

async function* fileText<T>(
  ctx: HostContext,
  { head, pages, lines, failed }: SentFile<T>,
  first: IteratorResult<readonly T[], void>,
): AsyncGenerator<string> {
  try {
    if (head !== "") yield head;
    if (first.done === true) return;
    yield lines(first.value);
    for await (const page of pages) yield lines(page);
  } catch (error) {
    failed(error);
    ctx.res.destroy();
  }
}
