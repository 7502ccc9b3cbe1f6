import { makeSigningIdp, type ResponseOptions } from "../../src/testing/signing-idp.ts";
import { type Browser, makeBrowser } from "../support/browser.ts";
import { openSettings } from "../support/host.ts";

/** Where browsers reach the hosts, as a load balancer has it. */
export const PUBLIC_URL = "http://app.example.test";

/** Whoever signs in, administers and counts over HTTP; every host is as good as any other. */
export interface HttpLoad {
  /** The form with which the identity provider sends somebody. */
  form(email: string, more?: Partial<ResponseOptions>): Record<string, string>;
  /** Posts a form to a host; the status of its answer. */
  post(url: string, form: Record<string, string>, browser?: Browser): Promise<number>;
  /** Saves settings over the version that `etag` names. */
  save(url: string, etag: string, admin: string): Promise<number>;
  /** The tag of the settings as they are. */
  etag(url: string): Promise<string>;
  /** Seats taken, as administrators see it. */
  seats(url: string): Promise<number>;
}

/** Makes a load generator with an identity provider of its own. */
export function makeHttpLoad(): HttpLoad {
  const idp = makeSigningIdp();
  const settingsOf = (url: string) => `${url}/saml/settings`;
  return {
    form: (email, more = {}) => {
      const base = `${PUBLIC_URL}/saml`;
      return {
        ...idp.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email, ...more }),
      };
    },
    post: async (url, form, browser = makeBrowser()) => {
      const response = await browser.post(`${url}/saml/acs`, form);
      await response.arrayBuffer();
      return response.status;
    },
    save: async (url, etag, admin) => {
      const connection = idp.connection({ sloUrl: `https://idp.example/slo?${admin}` });
      const response = await fetch(settingsOf(url), {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": etag, "X-Admin": admin },
        body: JSON.stringify(openSettings({ idp }, { connection })),
      });
      await response.arrayBuffer();
      return response.status;
    },
    etag: async (url) => {
      const response = await fetch(settingsOf(url));
      await response.arrayBuffer();
      return response.headers.get("etag") ?? "";
    },
    seats: async (url) => {
      const response = await fetch(`${settingsOf(url)}/license-usage`);
      const { used } = (await response.json()) as { used: number };
      return used;
    },
  };
}
