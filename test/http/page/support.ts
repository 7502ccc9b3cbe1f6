import { makeBrowser } from "../../support/browser.ts";
import type { TestHost } from "../../support/host.ts";

/** A settings page that was answered, as a browser without scripts sees it. */
export interface SeenPage {
  readonly status: number;
  readonly html: string;
  readonly response: Response;
  /** What its form would post now, the last value of each name that was set with `with`. */
  readonly fields: URLSearchParams;
  /** The text of the element with this ID, tags left out; `undefined` where there is none. */
  text(id: string): string | undefined;
}

/** Somebody at the settings page of a host. */
export interface PageVisitor {
  open(query?: string): Promise<SeenPage>;
  /**
   * Posts the form as `page` shows it, with changes, by the button `action`. `undefined` takes a
   * field out, a list makes it several.
   */
  press(
    page: SeenPage,
    action: string,
    changes?: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): Promise<SeenPage>;
}

/** A visitor of a screen of the page of `host`: by default, of the one with all settings. */
export function visitPage(
  host: Pick<TestHost, "baseUrl">,
  path = "/saml",
  screen = "/all",
): PageVisitor {
  const url = `${host.baseUrl}${path}/settings/page${screen}`;
  const browser = makeBrowser();
  return {
    open: async (query = "") => seen(await browser.get(`${url}${query}`)),
    press: async (page, action, changes = {}) => {
      const fields = new URLSearchParams(page.fields);
      for (const [name, value] of Object.entries(changes)) {
        fields.delete(name);
        for (const each of value === undefined ? [] : [value].flat()) fields.append(name, each);
      }
      fields.set("action", action);
      return seen(await browser.post(url, fields, { Origin: host.baseUrl }));
    },
  };
}

async function seen(response: Response): Promise<SeenPage> {
  const html = await response.text();
  return {
    status: response.status,
    html,
    response,
    fields: formFields(html),
    text: (id) => textOf(html, id),
  };
}

/** The successful controls (HTML section 4.10.21.4) of the page's form; buttons are none. */
export function formFields(html: string): URLSearchParams {
  const form = /<form[\s\S]*<\/form>/.exec(html)?.[0] ?? "";
  const fields = new URLSearchParams();
  const controls =
    /<input((?:"[^"]*"|[^">])*)>|<textarea((?:"[^"]*"|[^">])*)>\n?([\s\S]*?)<\/textarea>|<select([^>]*)>([\s\S]*?)<\/select>/g;
  for (const [, input, area, text = "", select, options = ""] of form.matchAll(controls)) {
    const attributes = input ?? area ?? select ?? "";
    const name = attribute(attributes, "name");
    if (name === undefined || /\sdisabled/.test(attributes)) continue;
    if (area !== undefined) fields.append(name, decoded(text).replaceAll("\n", "\r\n"));
    else if (select !== undefined) {
      const chosen = /<option([^>]*\sselected[^>]*)>/.exec(options)?.[1] ?? "";
      fields.append(name, attribute(chosen, "value") ?? "");
    } else {
      const tickable = /type="(?:checkbox|radio)"/.test(attributes);
      if (tickable && !/\schecked/.test(attributes)) continue;
      fields.append(name, attribute(attributes, "value") ?? "");
    }
  }
  return fields;
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}(?:="([^"]*)")?(?=[\\s/]|$)`).exec(attributes);
  return found === null ? undefined : decoded(found[1] ?? "");
}

/** From the element's opening tag to its closing one: elements of its kind within count. */
function textOf(html: string, id: string): string | undefined {
  const start = new RegExp(`<([a-z0-9]+)[^>]*\\sid="${id}"[^>]*>`).exec(html);
  if (start === null) return undefined;
  const tag = start[1] ?? "";
  const rest = html.slice(start.index);
  let depth = 0;
  for (const { 0: found, index } of rest.matchAll(new RegExp(`<(/?)${tag}(?=[\\s>])`, "g"))) {
    depth += found.startsWith("</") ? -1 : 1;
    if (depth === 0) return words(rest.slice(0, index));
  }
  return words(rest);
}

function words(html: string): string {
  return decoded(html.replaceAll("<wbr/>", "").replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim();
}

function decoded(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
