import { type Browser, makeBrowser, type Page } from "./browser.ts";

/** `GET /whoami`, for somebody who is signed in. */
export interface Whoami {
  readonly email: string;
  readonly role: string;
  readonly groups: readonly string[];
  readonly organizations: readonly string[];
  readonly createdBy: string;
  readonly allOrganizations?: true;
}

/** Somebody at the demo. */
export interface Visitor {
  readonly browser: Browser;
  /** Clicks through from the IdP's page. */
  fromTile(email: string, groups?: string): Promise<Page>;
  /** Clicks "Sign in with SSO" and answers the IdP. */
  fromLogin(email: string): Promise<Page>;
  /** The status, and who is signed in. */
  whoami(): Promise<{ readonly status: number } & Partial<Whoami>>;
  signInAsAdministrator(): Promise<Page>;
  /** The settings document and its entity tag. */
  settings(): Promise<{ readonly document: SettingsDocument; readonly etag: string }>;
  /** Changes the settings as the endpoint wants it: read, edit, save against the version read. */
  changeSettings(edit: (document: SettingsDocument) => unknown): Promise<Page>;
}

/** What the tests look at in a settings document. */
export interface SettingsDocument {
  readonly enabled: boolean;
  readonly autoProvisioning: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

const JSON_ONLY = { accept: "application/json" };

/** A visitor with a fresh browser. */
export function makeVisitor(baseUrl: string): Visitor {
  const browser = makeBrowser(baseUrl);

  async function settings(): ReturnType<Visitor["settings"]> {
    const page = await browser.get("/saml/settings", JSON_ONLY);
    if (page.status !== 200) throw new Error(`GET settings: ${page.status} ${page.text}`);
    return { document: JSON.parse(page.text), etag: page.headers.get("etag") ?? "" };
  }

  return {
    browser,
    async fromTile(email, groups = "") {
      const answer = await browser.submit(await browser.get("/demo-idp"), { email, groups });
      return browser.submit(answer);
    },
    async fromLogin(email) {
      const answer = await browser.submit(await browser.get("/saml/login"), { email });
      return browser.submit(answer);
    },
    async whoami() {
      const page = await browser.get("/whoami", JSON_ONLY);
      return { status: page.status, ...JSON.parse(page.text) };
    },
    signInAsAdministrator: () => browser.post("/demo/sign-in-as-administrator", {}),
    settings,
    async changeSettings(edit) {
      const { document, etag } = await settings();
      return browser.put("/saml/settings", edit(document), { "if-match": etag });
    },
  };
}
