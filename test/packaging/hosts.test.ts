import { join } from "node:path";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/signing-idp.ts";
import { makeBrowser } from "../support/browser.ts";
import { type HostsFolder, hostNames, hostsFolder } from "./support/folder.ts";
import {
  freePort,
  type HostProcess,
  type Runtime,
  startHostProcess,
} from "./support/host-process.ts";
import { type PathProxy, startPathProxy } from "./support/path-proxy.ts";
import { README_PACKAGES } from "./support/readme.ts";
import { openDocument, signIn } from "./support/sign-in.ts";

interface Place {
  readonly name: string;
  readonly runtime: Runtime;
  /** Below the folder of the hosts. */
  readonly folder: string;
}

const PLACES: readonly Place[] = [
  { name: "Koa 3 on Node", runtime: "Node", folder: "." },
  { name: "Koa 2 on Node", runtime: "Node", folder: "koa-2" },
  { name: "Koa 3 on Deno", runtime: "Deno", folder: "." },
];

const idp: SigningIdp = makeSigningIdp();

for (const { name, runtime, folder } of PLACES) {
  describe(`hosts of the packed package: ${name}`, () => {
    let installed: HostsFolder;
    let proxy: PathProxy;
    const hosts = new Map<string, HostProcess>();

    before(async () => {
      installed = await hostsFolder(README_PACKAGES);
      proxy = await startPathProxy("/portal");
      const SETTINGS = JSON.stringify(openDocument(idp));
      await Promise.all(
        hostNames().map(async (host) => {
          const port = await freePort();
          const own = `http://127.0.0.1:${port}`;
          if (host === "behind-proxy") proxy.forwardTo(own);
          const started = await startHostProcess({
            runtime,
            folder: join(installed.path, folder),
            file: `hosts/${host}.js`,
            port,
            baseUrl: host === "behind-proxy" ? proxy.url : own,
            env: { SETTINGS },
          });
          hosts.set(host, started);
        }),
      );
    });
    after(async () => {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      await proxy?.stop();
    });
    const at = (host: string): string => hosts.get(host)?.baseUrl ?? "";

    it("koa-session: begins a session, with nothing of the one before", async () => {
      const browser = makeBrowser();
      const base = at("koa-session");
      await browser.get(`${base}/buy`);
      expect(await (await browser.get(`${base}/me`)).text()).to.equal("nobody, a basket");
      const page = await signIn(idp, `${base}/saml`, "ada@customer.example", { browser });
      expect(page.text).to.equal("ada@customer.example, no basket");
    });

    it("Passport: signs in as its own strategies do", async () => {
      const browser = makeBrowser();
      const base = at("passport");
      expect(await (await browser.get(`${base}/me`)).text()).to.equal("nobody");
      const page = await signIn(idp, `${base}/saml`, "ada@customer.example", { browser });
      expect(page.text).to.equal("ada@customer.example");
      expect(await (await browser.get(`${base}/me`)).text()).to.equal("ada@customer.example");
    });

    it("a proxy that strips a path: every address that browsers see has it", async () => {
      const base = at("behind-proxy");
      expect(base).to.match(/\/portal$/);
      const metadata = await (await fetch(`${base}/saml/metadata`)).text();
      expect(metadata).to.contain(`Location="${base}/saml/acs"`);
      const page = await signIn(idp, `${base}/saml`, "ada@customer.example", {
        returnTo: "/portal/me",
      });
      expect(page).to.deep.equal({ url: `${base}/me`, text: "/me: ada@customer.example" });
    });

    it("two plugins: refuses at one the identity provider of the other", async () => {
      const browser = makeBrowser();
      const base = at("two-plugins");
      const page = await signIn(idp, `${base}/staff/saml`, "ada@customer.example", { browser });
      expect(page.text).to.match(/^staff \S+:ada@customer.example:provisioned, customers nobody$/);
      const response = idp.form({
        acsUrl: `${base}/customers/saml/acs`,
        audience: `${base}/customers/saml/metadata`,
        email: "ada@customer.example",
      });
      const refused = await browser.post(`${base}/customers/saml/acs`, { ...response });
      expect(refused.status).to.equal(403);
    });

    it("own models and migrator: creates users there, changes none, refuses locked ones", async () => {
      const base = at("own-models");
      const come = async (email: string) =>
        (await signIn(idp, `${base}/saml`, email, { attributes: { desk: "7 b" } })).text;
      const ada = JSON.parse(await come("ada@customer.example"));
      expect(ada.person).to.include({ mail: "ada@customer.example", rank_no: 1, standing: 1 });
      expect(ada.person.nickname, "the model's own hook").to.equal("ada");
      expect(ada.person, "from the assertion").to.include({
        desk: "7 b",
        authenticated_by: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      });
      expect(ada.teams).to.deep.equal([7]);
      const old = JSON.parse(await come("old@customer.example"));
      expect(old.person).to.include({ rank_no: 9, nickname: "since long ago" });
      expect(old.teams).to.deep.equal([]);
      expect(old.faults).to.deep.equal([]);
      expect(await come("locked@customer.example")).to.match(/suspended|locked|administrator/i);
    });
  });
}
