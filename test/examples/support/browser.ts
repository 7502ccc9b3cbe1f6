/** As much of a browser as signing in needs: cookies, redirects, and forms that are posted. */
export interface Browser {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Page>;
  /** Posts the first form of a page, with what else was filled in. */
  submit(page: Page, filled?: Readonly<Record<string, string>>): Promise<Page>;
  put(path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Page>;
  /** Value of a cookie; `undefined` when there is none. */
  cookie(name: string): string | undefined;
}

/** Where the browser ended up. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const MAX_REDIRECTS = 10;

/** A browser that has not been anywhere. */
export function makeBrowser(baseUrl: string): Browser {
  const cookies = new Map<string, string>();

  async function go(url: URL, init: RequestInit, redirects = 0): Promise<Page> {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    if (!headers.has("accept")) headers.set("accept", "text/html");
    const response = await fetch(addressOf(url), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    const text = await response.text();
    const location = response.headers.get("location");
    if (location === null || redirects >= MAX_REDIRECTS) {
      return { url: url.href, status: response.status, headers: response.headers, text };
    }
    const accept = headers.get("accept") ?? "text/html";
    return go(new URL(location, url), { headers: { accept } }, redirects + 1);
  }

  const at = (path: string): URL => new URL(path, `${baseUrl}/`);
  const post: Browser["post"] = (path, form, headers = {}) =>
    go(at(path), { method: "POST", body: new URLSearchParams(form), headers });
  return {
    get: (path, headers = {}) => go(at(path), { headers }),
    post,
    submit(page, filled = {}) {
      const action = attribute(/<form[^>]*action="([^"]*)"/.exec(page.text)?.[1]);
      const [form = ""] = /<form[\s\S]*?<\/form>/.exec(page.text) ?? [];
      const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      const fields = Object.fromEntries(
        hidden.map(([, name, value]) => [attribute(name), attribute(value)]),
      );
      return post(new URL(action, page.url).href, { ...fields, ...filled });
    },
    put: (path, body, headers) =>
      go(at(path), {
        method: "PUT",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", accept: "application/json", ...headers },
      }),
    cookie: (name) => cookies.get(name),
  };
}

/** Resolves the name as every browser does, without asking anybody. */
function addressOf(url: URL): URL {
  const address = new URL(url);
  if (address.hostname === "localhost") address.hostname = "127.0.0.1";
  return address;
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const split = pair.indexOf("=");
  const [name, value] = [pair.slice(0, split).trim(), pair.slice(split + 1)];
  const expires = attributes.map((one) => one.trim()).find((one) => /^expires=/i.test(one));
  const gone = expires !== undefined && Date.parse(expires.slice(8)) < Date.now();
  if (gone || value === "") cookies.delete(name);
  else cookies.set(name, value);
}

function attribute(escaped: string | undefined): string {
  return (escaped ?? "")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
