import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { PAGE_TEXTS } from "../../../src/adapters/koa/page/texts/english.ts";
import type { SettingsPageTexts } from "../../../src/mod.ts";
import { explainedCodes } from "../../domain/support/codes.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { visitPage } from "./support.ts";

describe("the words of the settings page", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  const start = async (texts: SettingsPageTexts) => {
    host = await startHost({ settingsPage: { texts } });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    return visitPage(host);
  };

  it("are the host's where it gives any, and English for the rest", async () => {
    const visitor = await start({
      lang: "ar",
      dir: "rtl",
      fields: { role: "<b>Rolle</b>" },
      faults: { "url-invalid": "Keine Adresse." },
    });
    const page = await visitor.open();
    expect(page.html).to.include('<html lang="ar" dir="rtl">');
    expect(page.html).to.include("&lt;b>Rolle&lt;/b>").and.to.include("Security groups");
    const refused = await visitor.press(page, "save", { "connection-ssoUrl": "x" });
    expect(refused.text("connection-ssoUrl-fault")).to.equal("Problem: Keine Adresse.");
  });

  it("may be chosen by the request, for every page", async () => {
    const visitor = await start(async (ctx) =>
      ctx.get("Accept-Language") === "de" ? { lang: "de", title: "Einrichten" } : undefined,
    );
    expect((await visitor.open()).html).to.include(">Single sign-on settings</a>");
    for (const path of ["", "/activity"]) {
      const german = await fetch(`${host.baseUrl}/saml/settings/page${path}`, {
        headers: { Accept: "text/html", "Accept-Language": "de" },
      });
      expect(await german.text()).to.include("Einrichten");
    }
  });
});

describe("the explanations for administrators", () => {
  it("quote labels that the settings page shows", () => {
    const labels = [
      PAGE_TEXTS.identityProvider,
      PAGE_TEXTS.attributes,
      PAGE_TEXTS.newUsers,
      PAGE_TEXTS.fields,
      ...Object.values(PAGE_TEXTS.options),
    ].flatMap((texts): readonly unknown[] => Object.values(texts));
    const quoted = explainedCodes().flatMap(({ explanation }) => [
      ...(explanation.fix.match(/(?<=")[^" ][^"]+(?=")/g) ?? []),
    ]);
    expect(quoted.length).to.be.above(8);
    for (const label of quoted) expect(labels).to.include(label);
  });
});
