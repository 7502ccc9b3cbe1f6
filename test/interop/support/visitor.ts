import { type Browser, makeBrowser } from "../../support/browser.ts";
import type { Person } from "./simplesamlphp.ts";
import { formWith, type WebForm } from "./web-forms.ts";

/** Where somebody is. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** Somebody with a browser without scripts: follows redirects, fills in forms. */
export interface Visitor {
  readonly browser: Browser;
  /** Goes somewhere, to the page where redirects end. */
  open(url: string): Promise<Page>;
  /** Signs in on the identity provider's form; gives the page after it. */
  signIn(page: Page, who: Pick<Person, "username" | "password">): Promise<Page>;
  /** The form with which the identity provider's page sends its response. */
  response(page: Page): WebForm;
  /** Sends that form, as a browser does by itself. */
  send(form: WebForm): Promise<Page>;
  /** All of it: opens, signs in where asked, sends the response. */
  arrive(url: string, who: Pick<Person, "username" | "password">): Promise<Page>;
}

const MAX_REDIRECTS = 10;

/** Somebody whom nobody knows yet. */
export function makeVisitor(): Visitor {
  const browser = makeBrowser();

  async function landed(first: Response, from: string): Promise<Page> {
    let response = first;
    let url = from;
    for (let step = 0; step < MAX_REDIRECTS; step += 1) {
      const location = response.headers.get("location");
      if (location === null) return { url, status: response.status, text: await response.text() };
      url = new URL(location, url).href;
      response = await browser.get(url);
    }
    throw new Error(`redirected for ever from ${from}`);
  }

  const visitor: Visitor = {
    browser,
    // As if they had entered the URL.
    open: async (url) => landed(await browser.get(url, { "Sec-Fetch-Site": "none" }), url),
    async signIn(page, { username, password }) {
      const form = formWith("password", page.text, page.url);
      if (form === undefined) throw new Error(`no sign-in form at ${page.url}: ${page.text}`);
      // Either is common as the name of that field.
      const name = "user" in form.fields ? "user" : "username";
      const fields = { ...form.fields, [name]: username, password };
      return landed(await browser.post(form.action, fields), form.action);
    },
    response(page) {
      const form = formWith("SAMLResponse", page.text, page.url);
      if (form === undefined)
        throw new Error(`no response at ${page.url.slice(0, 200)}: ${page.text}`);
      return form;
    },
    send: async ({ action, fields }) => landed(await browser.post(action, fields), action),
    async arrive(url, who) {
      const page = await visitor.open(url);
      const asked = formWith("password", page.text, page.url) !== undefined;
      return visitor.send(visitor.response(asked ? await visitor.signIn(page, who) : page));
    },
  };
  return visitor;
}
