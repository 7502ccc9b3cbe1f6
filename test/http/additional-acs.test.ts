import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { readXml } from "../../src/adapters/saml2-js/xml/read-xml.ts";
import { attributeOf, descendants } from "../../src/adapters/saml2-js/xml/tree.ts";
import { createSamlJit } from "../../src/mod.ts";
import { formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";

const OLD = "/login/callback";

describe("an additional assertion consumer service", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost({ additionalAcsPaths: [OLD, "/Shibboleth.sso/SAML2/POST/"] });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const old = () => host.baseUrl + OLD;
  const main = () => `${host.baseUrl}/saml/acs`;
  const form = (more: Parameters<typeof formFor>[2] = {}) =>
    formFor(host, "ada@customer.example", { acsUrl: old(), ...more });
  const refusedAs = async (response: Response): Promise<string | undefined> => {
    expect(response.status).to.equal(403);
    expect(host.signedIn).to.deep.equal([]);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    const [entry] = host.memory.auditEntries(host.tenant);
    return entry?.code;
  };

  it("signs in who comes from the identity provider to the old URL", async () => {
    const response = await makeBrowser().post(old(), form());
    expect(response.status).to.equal(303);
    expect(response.headers.get("location")).to.equal("/");
    expect(host.signedIn.map(({ user }) => user.email)).to.deep.equal(["ada@customer.example"]);
  });

  it("answers a request of ours that the identity provider sends to the URL it knows", async () => {
    const browser = makeBrowser();
    const login = await browser.get(`${host.baseUrl}/saml/login?returnTo=/reports`);
    const response = await browser.post(old(), form({ inResponseTo: requestIdIn(login) }));
    expect(response.headers.get("location")).to.equal("/reports");
    expect(browser.pendingCookies()).to.deep.equal([]);
  });

  it("takes a path with a slash at its end as it is", async () => {
    const acsUrl = `${host.baseUrl}/Shibboleth.sso/SAML2/POST/`;
    expect((await makeBrowser().post(acsUrl, form({ acsUrl }))).status).to.equal(303);
    const without = acsUrl.slice(0, -1);
    const response = await makeBrowser().post(without, form({ acsUrl: without }));
    expect(await response.text()).to.equal("the host's own page");
  });

  describe("is no way around a check", () => {
    for (const sign of ["assertion", "response"] as const) {
      it(`refuses there what is for the main path, and the other way round: signed ${sign}`, async () => {
        for (const [to, acsUrl] of [
          [old(), main()],
          [main(), old()],
          [old(), `${host.baseUrl}/Shibboleth.sso/SAML2/POST/`],
        ] as const) {
          const response = await makeBrowser().post(to, form({ acsUrl, sign }));
          expect(await refusedAs(response)).to.equal("destination-mismatch");
        }
      });
    }

    it("refuses a Recipient of another path behind the right Destination, or none", async () => {
      const recipient = { acsUrl: main() };
      for (const edit of [
        (xml: string) => xml.replace(`Destination="${main()}"`, `Destination="${old()}"`),
        (xml: string) => xml.replace(` Destination="${main()}"`, ""),
      ]) {
        const response = await makeBrowser().post(
          old(),
          form({ ...recipient, edit: { response: edit } }),
        );
        expect(await refusedAs(response)).to.equal("recipient-mismatch");
      }
    });

    it("takes an assertion once over all paths", async () => {
      const both = form({
        sign: "assertion",
        edit: { response: (xml: string) => xml.replace(/ Destination="[^"]*"/, "") },
      });
      expect((await makeBrowser().post(old(), both)).status).to.equal(303);
      expect((await makeBrowser().post(old(), both)).status).to.equal(403);
      expect((await makeBrowser().post(main(), both)).status).to.equal(403);
      expect(host.signedIn).to.have.length(1);
    });

    it("refuses another browser's request, another issuer, another audience and no signature", async () => {
      const login = await makeBrowser().get(`${host.baseUrl}/saml/login`);
      const cases = {
        "request-unknown": { inResponseTo: requestIdIn(login) },
        "audience-mismatch": { audience: old() },
        "signature-missing": { sign: "none" },
        "issuer-mismatch": {
          edit: {
            assertion: (xml: string) =>
              xml.replace(host.idp.entityId, "https://other.example/metadata"),
          },
        },
      } as const;
      for (const [code, more] of Object.entries(cases)) {
        const response = await makeBrowser().post(old(), form(more));
        expect(await refusedAs(response)).to.equal(code);
      }
    });

    it("refuses unsolicited responses where the connection does", async () => {
      const settings = openSettings(host);
      const connection = host.idp.connection({ idpInitiated: false });
      await host.saml.saveSettings("default", { ...settings, connection }, "set-up");
      const response = await makeBrowser().post(old(), form());
      expect(await refusedAs(response)).to.equal("unsolicited-refused");
    });
  });

  it("leads browsers that open it to the sign-in page, and names its methods", async () => {
    const opened = await makeBrowser().get(old());
    expect(opened.status).to.equal(303);
    expect(opened.headers.get("location")).to.equal(`${host.baseUrl}/saml/sign-in`);
    const put = await fetch(old(), { method: "PUT" });
    expect(put.status).to.equal(405);
    expect(put.headers.get("allow")).to.equal("HEAD, GET, POST");
    expect(await (await fetch(`${old()}/more`)).text()).to.equal("the host's own page");
  });

  it("is in the metadata behind the main one, never as the default", async () => {
    const metadata = readXml(await (await fetch(`${host.baseUrl}/saml/metadata`)).text());
    const services = descendants(metadata).filter(
      ({ local }) => local === "AssertionConsumerService",
    );
    const seen = services.map((service) =>
      ["Location", "index", "isDefault"].map((name) => attributeOf(service, name)),
    );
    expect(seen).to.deep.equal([
      [main(), "0", "true"],
      [old(), "1", undefined],
      [`${host.baseUrl}/Shibboleth.sso/SAML2/POST/`, "2", undefined],
    ]);
  });

  it("is shown to administrators", async () => {
    const settings = await (await fetch(`${host.baseUrl}/saml/settings`)).json();
    expect(settings.meta.serviceProvider.additionalAcsUrls).to.deep.equal([
      old(),
      `${host.baseUrl}/Shibboleth.sso/SAML2/POST/`,
    ]);
    const page = await makeBrowser().get(`${host.baseUrl}/saml/settings/page/service`);
    expect(await page.text()).to.contain(old());
  });
});

describe("additional assertion consumer services", () => {
  it("cannot take a route of the plugin", () => {
    const make = (path: string) => () =>
      createSamlJit({
        baseUrl: "https://app.example",
        storage: "memory",
        catalog: makeMemoryCatalog(LISTS),
        requireAdmin: () => undefined,
        signIn: () => undefined,
        additionalAcsPaths: [path],
      });
    for (const path of ["/saml/acs", "/saml/acs/", "/saml/settings/page"]) {
      expect(make(path), path).to.throw(TypeError, `${path} is a route of the plugin`);
    }
    expect(make("/saml/callback")).not.to.throw();
  });

  it("belong to one tenant each, by path", async () => {
    const host = await startHost({
      prefix: "/t/:tenant/saml",
      additionalAcsPaths: ["/:tenant/callback"],
      resolveTenant: (ctx) => ctx.params["tenant"],
    });
    try {
      for (const name of ["red", "blue"]) {
        await host.saml.saveSettings(name, openSettings(host), "set-up");
      }
      const [red, blue] = [`${host.baseUrl}/red/callback`, `${host.baseUrl}/blue/callback`];
      const base = `${host.baseUrl}/t/red/saml`;
      const sent = () => formFor(host, "ada@customer.example", { acsUrl: red }, base);
      expect((await makeBrowser().post(blue, sent())).status).to.equal(403);
      expect(host.signedIn).to.deep.equal([]);
      expect((await makeBrowser().post(red, sent())).status).to.equal(303);
      expect(host.signedIn[0]?.tenant).to.equal("red");
    } finally {
      await host.stop();
    }
  });
});
