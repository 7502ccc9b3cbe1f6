import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { FIELDS } from "../../../src/adapters/koa/page/form/fields.ts";
import { SCREENS, sectionOf } from "../../../src/adapters/koa/page/screens.ts";
import { openSettings, readShort, startHost, type TestHost } from "../../support/host.ts";
import { visitPage } from "./support.ts";

const NAMES = Object.keys(SCREENS);

/** Every screen's form holds all settings, so that it can be left without losing anything. */
describe("the screens of the settings page", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const at = (screen: string) => visitPage(host, "/saml", `/${screen}`);

  it("are each at an address of its own; there is no other", async () => {
    for (const screen of NAMES) {
      const page = await at(screen).open();
      expect(page.status, screen).to.equal(200);
      expect(page.html, screen).to.match(/aria-current="page"/);
    }
    expect((await at("elsewhere").open()).status).to.equal(404);
    expect((await at("constructor").open()).status).to.equal(404);
  });

  it("do not repeat their heading in sight, and add a second connection last", async () => {
    const { html } = await at("connections").open();
    expect(html).to.match(/<h2 id="connections-title" class="unseen">/);
    expect(html).to.match(/<h2 id="connection-title">/);
    expect(html.indexOf('id="connections"')).to.be.greaterThan(html.indexOf('id="test"'));
  });

  it("show each field on the screens of its section, and nowhere twice", async () => {
    for (const name of Object.values(FIELDS)) expect(sectionOf(name), name).to.be.a("string");
    const whole = [...(await at("all").open()).fields.keys()].filter((name) => !isSearch(name));
    for (const screen of NAMES) {
      const { fields } = await at(screen).open();
      for (const name of whole) {
        if (fields.get(name) === "" || name.endsWith("-ticked")) continue;
        expect(fields.getAll(name).length, `${screen}: ${name}`).to.be.at.most(1);
      }
    }
  });

  it("save the same settings when nothing was typed", async () => {
    const email = { source: { kind: "attribute", name: "mail" }, allowedDomains: ["a.example"] };
    const rules = [{ when: { emailDomain: ["a.example"] }, role: "lite" }];
    const base = openSettings(host);
    await host.saml.saveSettings(
      "default",
      {
        ...base,
        email,
        profile: { firstName: "given" },
        autoProvisioning: { ...base.autoProvisioning, rules },
      },
      "set-up",
    );
    const { settings } = await readShort(host);
    for (const screen of NAMES) {
      const visitor = at(screen);
      const saved = await visitor.press(await visitor.open(), "save");
      expect(saved.status, screen).to.equal(303);
      expect((await readShort(host)).settings, screen).to.deep.equal(settings);
    }
  });

  it("carry what was typed on another, and save it there", async () => {
    const typed = await at("connections").press(await at("new-users").open(), "open", {
      "autoProvisioning-role": "lite",
      "groups-ticked": ["g2"],
      "preview-email": "a@b.example",
    });
    expect(typed.status).to.equal(200);
    expect(typed.html)
      .to.match(/id="connection"/)
      .and.not.match(/id="autoProvisioning"/);
    const further = await at("domains").press(typed, "open", {
      "connection-ssoUrl": "https://idp.example/typed",
      metadata: "<half/>",
    });
    expect(further.fields.get("metadata")).to.equal("<half/>");
    const saved = await at("domains").press(further, "save", { untested: "1" });
    expect(saved.status).to.equal(303);
    expect(saved.response.headers.get("Location")).to.match(
      /\/settings\/page\/domains\?done=saved$/,
    );
    const { settings } = await readShort(host);
    expect(settings.connection?.ssoUrl).to.equal("https://idp.example/typed");
    expect(settings.autoProvisioning).to.deep.include({ role: "lite", groups: ["g2"] });
  });

  it("are read again when nothing was typed, so that reloading posts nothing", async () => {
    const opened = await at("connections").press(await at("new-users").open(), "open");
    expect(opened.status).to.equal(303);
    expect(opened.response.headers.get("Location")).to.match(/\/settings\/page\/connections$/);
  });

  it("show the sections in which something is wrong, wherever it was typed", async () => {
    const refused = await at("domains").press(await at("domains").open(), "save", {
      "connection-ssoUrl": "nonsense",
      "autoProvisioning-role": "administrator",
    });
    expect(refused.status).to.equal(422);
    for (const [, anchor = ""] of refused.html.matchAll(/<a href="#([^"]+)">/g)) {
      expect(refused.html, anchor).to.include(`id="${anchor}"`);
    }
    expect(refused.text("connection-ssoUrl-fault")).to.match(/^Problem: /);
  });
});

function isSearch(name: string): boolean {
  return name.endsWith("-search");
}
