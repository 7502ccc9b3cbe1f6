import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { PAGE_TEXTS } from "../../../src/adapters/koa/page/texts/english.ts";
import { GERMAN_TEXTS } from "../../../src/adapters/koa/page/texts/german.ts";
import type { LanguageOptions, PageTexts, ReceiptWords, SignInPage } from "../../../src/mod.ts";
import { explainedCodes } from "../../domain/support/codes.ts";
import { makeBrowser } from "../../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { visitPage } from "./support.ts";

describe("the language of the pages", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  const start = async (languages?: LanguageOptions) => {
    host = await startHost(languages === undefined ? {} : { languages });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    return visitPage(host);
  };
  const get = async (path: string, language: string, accept = "text/html") => {
    const headers = { Accept: accept, "Accept-Language": language };
    return (await fetch(`${host.baseUrl}/saml${path}`, { headers })).text();
  };
  const languageOf = (html: string) => /<html lang="([^"]+)"/.exec(html)?.[1];
  const chosen = async (language: string) => languageOf(await get("/sign-in", language));

  it("is the browser's where it is offered, and English otherwise", async () => {
    await start();
    expect(await chosen("de")).to.equal("de");
    expect(await chosen("de,de-AT;q=0.9,en;q=0.8")).to.equal("de");
    expect(await chosen("fr,de;q=0.5,en;q=0.4")).to.equal("de");
    for (const other of [
      "en-<b>",
      "en-u-ca-buddhist",
      "fr",
      "",
      "*",
      "de;q=0",
      ";;, q=",
      "x".repeat(5000),
    ]) {
      expect(await chosen(other), other).to.equal("en");
    }
  });

  it("is in the browser's region, as which it writes dates", async () => {
    await start();
    expect(await chosen("de-AT,de;q=0.9,en;q=0.8")).to.equal("de-AT");
    expect(await get("/sign-in", "de-AT")).to.include("Mit SSO anmelden");
    host.clock.advance(2 * 3600 * 1000);
    const dates = { "en-US": "Jan 1, 2026, 12:00 AM", "en-GB": "1 Jan 2026, 00:00" };
    for (const [language, date] of Object.entries(dates)) {
      const html = await get("/settings/page", `${language},en;q=0.9`);
      expect(languageOf(html)).to.equal(language);
      expect(html.replaceAll("\u202f", " ")).to.include(`${date} UTC`);
    }
  });

  it("is that of every page, of administrators and of users", async () => {
    await start();
    const pages = ["", "/all", "/activity", "/users", "/service", "/setup"];
    for (const page of pages) {
      expect(languageOf(await get(`/settings/page${page}`, "de")), page).to.equal("de");
    }
    expect(await get("/sign-in", "de")).to.include("Mit SSO anmelden");
    const response = await makeBrowser().post(
      `${host.baseUrl}/saml/acs`,
      { SAMLResponse: "AAAA" },
      { "Accept-Language": "de" },
    );
    const refusal = await response.text();
    expect(refusal).to.include("Ihre Anmeldung konnte nicht geprüft werden.");
    expect(refusal)
      .to.include("Noch einmal anmelden")
      .and.to.match(/Referenz: <code>/);
    expect(await get("/settings/test-sign-ins/none/result", "de")).to.include(
      "Diese Testanmeldung gibt es nicht.",
    );
    host.admin = undefined;
    expect(await get("/settings/page", "de")).to.include("Nur Administratoren dürfen das.");
  });

  it("is not that of the API, whose messages are for programmers", async () => {
    await start();
    host.admin = undefined;
    expect(await get("/settings", "de", "application/json")).to.include("Only administrators");
  });

  it("is one of those that the host offers, the first where the browser asks for none", async () => {
    await start({ offered: ["de-CH"] });
    expect(await chosen("en")).to.equal("de-CH");
    expect(await get("/sign-in", "en")).to.include("Mit SSO anmelden");
  });

  it("is what the host says, such as the language of the user's profile", async () => {
    await start({
      choose: (ctx) => (ctx.query["in"] === "x" ? "xx" : ctx.query["in"]?.toString()),
    });
    expect(languageOf(await get("/sign-in?in=de", "en"))).to.equal("de");
    expect(languageOf(await get("/sign-in?in=x", "de"))).to.equal("de");
    expect(languageOf(await get("/sign-in", "de"))).to.equal("de");
  });

  it("is the browser's where the host's choice or texts fail, and the log says so", async () => {
    const fail = () => Promise.reject(new RangeError("no profile"));
    await start({ choose: fail, texts: fail });
    expect(await get("/sign-in", "de")).to.include("Mit SSO anmelden");
    const failed = host.logger.events
      .map(({ event }) => event)
      .filter(({ event }) => event === "saml.page.part-failed");
    expect(failed.map((one) => Reflect.get(one, "part"))).to.deep.equal([
      "languages choose",
      "languages texts",
    ]);
    for (const one of failed) expect(Reflect.get(one, "message")).to.include("no profile");
  });

  it("is ours where the host returns texts that no page could show, and the log says which", async () => {
    await start({ texts: () => JSON.parse('{"people":{"sentences":"none"}}') });
    expect(await get("/sign-in", "de")).to.include("Mit SSO anmelden");
    expect(host.logger.events.map(({ event }) => Reflect.get(event, "message"))).to.include(
      "languages.texts: people.sentences must be an object",
    );
  });

  it("has the host's texts over ours, those of a region over those of its language", async () => {
    await start({
      offered: ["en", "de", "de-AT", "ar"],
      texts: {
        de: { people: { withSso: "<b>Los</b>", signIn: "Los geht's" } },
        "de-AT": { people: { signIn: "Servus" } },
        ar: { dir: "rtl", people: { signIn: "تسجيل الدخول" } },
      },
    });
    expect(await get("/sign-in", "de"))
      .to.include("Los geht's")
      .and.include("&lt;b>Los&lt;/b>");
    const austrian = await get("/sign-in", "de-AT");
    expect(austrian).to.include("Servus").and.include("&lt;b>Los&lt;/b>");
    const arabic = await get("/sign-in", "ar");
    expect(arabic).to.include('<html lang="ar" dir="rtl">').and.include("Sign in with SSO");
    expect(await get("/sign-in", "en")).to.include("Sign in with SSO");
  });

  it("has the host's words for faults, explanations and denials, too", async () => {
    const visitor = await start({
      texts: {
        en: {
          faults: { "url-invalid": "No address." },
          people: { sentences: { "domain-not-allowed": "Not from there." } },
          explanations: { codes: { "domain-not-allowed": { fix: "Call us." } } },
        },
      },
    });
    const refused = await visitor.press(await visitor.open(), "save", { "connection-ssoUrl": "x" });
    expect(refused.text("connection-ssoUrl-fault")).to.equal("Problem: No address.");
    const previewed = await visitor.press(await visitor.open(), "preview", {
      "preview-email": "eve@elsewhere.example",
      "email-allowedDomains": "customer.example",
    });
    expect(previewed.html).to.include("Not from there.").and.include("Call us.");
  });

  it("writes faults with their values, and numbers and times as it does", async () => {
    const visitor = await start({ offered: ["de"] });
    const page = await visitor.press(await visitor.open(), "save", {
      "connection-ssoUrl": "x",
      "email-source": "attribute",
      "email-source-name": "x".repeat(300),
    });
    expect(page.html).to.include("Geben Sie höchstens 256 Zeichen ein.");
    expect(page.html).to.match(/<time [^>]+>\d{2}\.\d{2}\.\d{4}, \d{2}:\d{2} UTC<\/time>/);
  });

  it("is told to the host's own pages", async () => {
    const shown: (readonly [SignInPage, PageTexts])[] = [];
    host = await startHost({
      renderPage: (ctx, page, texts) => {
        shown.push([page, texts]);
        ctx.body = "x";
      },
    });
    await get("/sign-in", "de");
    const [[page, texts] = []] = shown;
    expect(page?.sentence).to.equal("Single Sign-On ist ausgeschaltet.");
    expect(texts?.lang).to.equal("de");
  });
});

/** What the one function of several words is given. */
const RECEIPT: ReceiptWords = {
  connection: "{connection}",
  rules: ["{rules}"],
  role: "{role}",
  groups: "{groups}",
  organizations: "{organizations}",
};

/** Every text by its path; functions as they write placeholders for what they are given. */
function leaves(value: unknown, path = ""): ReadonlyMap<string, string> {
  if (typeof value === "string") return new Map([[path, value]]);
  if (typeof value === "function") {
    const given = Array.from({ length: value.length }, (_, index) =>
      Object.assign(Object(`{${index}}`), RECEIPT),
    );
    return new Map([[path, String(Reflect.apply(value, undefined, given))]]);
  }
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return new Map(members.flatMap(([name, one]) => [...leaves(one, `${path}.${name}`)]));
}

/** The same in many languages: names, codes, and labels of consoles. */
const SAME =
  /^\.(?:dir|optional|guides\.(?:ad-fs\.steps\.0|keycloak\.steps\.2)\.text|guides\.[\w-]+\.steps\.\d+\.(?:head|rows|code)\..*|guides\.[\w-]+\.steps\.\d+\.code|status\.title|test\.(?:nameId|title|before|attributeName)|provenDomains\.(?:domain|name|value)|domains\.title|screens\.domains|identityProvider\.logout|activity\.(?:filter|code|labels\.(?:url|domain))|problems\.problem|status\.version)$/;

describe("the German texts", () => {
  const english = leaves(PAGE_TEXTS);
  const german = leaves(GERMAN_TEXTS);

  it("are as many as the English ones, and none is empty", () => {
    expect([...german.keys()]).to.have.members([...english.keys()]);
    expect([...german].filter(([, text]) => text.trim() === "")).to.deep.equal([]);
  });

  it("are not left in English", () => {
    const left = [...german].filter(([path, text]) => english.get(path) === text);
    expect(left.map(([path]) => path).filter((path) => !SAME.test(path))).to.deep.equal([]);
  });

  it("name the values that the English ones name", () => {
    const namesIn = (text = "") => [...new Set(text.match(/\{[\w-]+\}/g))].sort();
    for (const [path, text] of english) {
      expect(namesIn(german.get(path)), path).to.deep.equal(namesIn(text));
    }
  });

  it("address the reader as Sie, and write typographic quotes", () => {
    const texts = [...german].filter(([path]) => !/\.code$/.test(path));
    for (const [path, text] of texts) {
      expect(text, path).not.to.match(/\b(?:[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b/);
      expect(text, path).not.to.match(/"/);
    }
  });
});

describe("the explanations for administrators", () => {
  for (const { lang, texts, quotes } of [
    { lang: "English", texts: PAGE_TEXTS, quotes: /(?<=")[^" ][^"]+(?=")/g },
    { lang: "German", texts: GERMAN_TEXTS, quotes: /(?<=„)[^“]+(?=“)/g },
  ] as const) {
    it(`quote labels that the settings page shows, in ${lang}`, () => {
      const { identityProvider, newUsers, rules, fields, options, explanations } = texts;
      const labels = [identityProvider, newUsers, rules, fields, ...Object.values(options)].flatMap(
        (all): readonly unknown[] => Object.values(all),
      );
      const fixes = [...leaves(explanations)].filter(([path]) => path.endsWith(".fix"));
      expect(fixes).to.have.length(explainedCodes().length);
      const quoted = fixes.flatMap(([, fix]) => [...(fix.match(quotes) ?? [])]);
      expect(quoted.length).to.be.above(8);
      for (const label of quoted) expect(labels).to.include(label);
    });
  }
});
