/** A browser as far as the tests need one: keeps cookies, follows nothing. */
export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Response>;
  post(
    url: string,
    fields: Record<string, string> | URLSearchParams,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Names of the cookies that it has. */
  cookies(): readonly string[];
  /** Those of requests that are still to be answered, not of what is finished. */
  pendingCookies(): readonly string[];
  /** The value of a cookie; empty if it has none of that name. */
  cookie(name: string): string;
  /** Changes the value of a cookie. */
  tamper(name: string, change: (value: string) => string): void;
}

/** A browser with an empty jar. */
export function makeBrowser(): Browser {
  const jar = new Map<string, string>();
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { Accept: "text/html,*/*;q=0.1", ...(cookie === "" ? {} : { Cookie: cookie }) };
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split("; ");
      const [name = "", ...value] = pair.split("=");
      const over = attributes.some((text) => /^expires=Thu, 01 Jan 1970/i.test(text));
      if (over) jar.delete(name);
      else jar.set(name, value.join("="));
    }
    return response;
  };
  return {
    get: (url, headers = {}) => send(url, { method: "GET", headers }),
    post: (url, fields, headers = {}) =>
      send(url, { method: "POST", body: new URLSearchParams(fields), headers }),
    cookies: () => [...jar.keys()],
    pendingCookies: () => [...jar.keys()].filter((name) => !name.includes("_jit_done_")),
    cookie: (name) => jar.get(name) ?? "",
    tamper: (name, change) => {
      jar.set(name, change(jar.get(name) ?? ""));
    },
  };
}
