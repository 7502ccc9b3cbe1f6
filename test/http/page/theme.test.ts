import { createHash } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { afterEach, describe, it } from "mocha";
import { contrast, themeCss } from "../../../src/adapters/koa/page/style.ts";
import { pluginOptionFaults } from "../../../src/plugin/option-faults.ts";
import { startHost, type TestHost } from "../../support/host.ts";

type Rgb = readonly [number, number, number];

function rgbOf(hex: string): Rgb {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** The host's colour in light and in dark. */
function coloursOf(css: string): readonly [Rgb, Rgb] {
  const [, light = "", dark = ""] = /light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/.exec(css) ?? [];
  return [rgbOf(light), rgbOf(dark)];
}

describe("the host's colour", () => {
  it("can be read on every background, whatever it is", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (...rgb) => {
        const hex = rgb.map((part) => part.toString(16).padStart(2, "0")).join("");
        const [light, dark] = coloursOf(themeCss({ accent: `#${hex}` }));
        for (const paper of [[255, 255, 255], rgbOf("#f6f7f9"), rgbOf("#e1e4eb")] as const) {
          expect(contrast(light, paper)).to.be.at.least(4.5);
        }
        for (const paper of [rgbOf("#13151b"), rgbOf("#1c1f28"), rgbOf("#323644")]) {
          expect(contrast(dark, paper)).to.be.at.least(4.5);
        }
        expect(contrast(light, [255, 255, 255]), "text on it").to.be.at.least(4.5);
        expect(contrast(dark, rgbOf("#10131c")), "text on it").to.be.at.least(4.5);
      }),
    );
  });

  it("stays as it is where it can be read", () =>
    expect(coloursOf(themeCss({ accent: "#04c" }))[0]).to.deep.equal([0, 0x44, 0xcc]));

  it("adds nothing to the style where the host has no theme", () => {
    expect(themeCss()).to.equal("");
    expect(themeCss({})).to.equal("");
  });
});

describe("the host's theme", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  it("is in the one style of the settings page, and in that of the pages for users", async () => {
    host = await startHost({ theme: { accent: "#0a7d5a", font: '"Nimbus Sans", serif' } });
    const get = async (path: string) =>
      fetch(new URL(path, host.baseUrl), { headers: { Accept: "text/html" } });
    const settings = await get("/saml/settings/page");
    const html = await settings.text();
    const [, css = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [];
    expect(await (await get(css)).text()).to.include('--font: "Nimbus Sans", serif;');
    expect(html).not.to.include("<style");
    const start = await get("/saml/sign-in");
    const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(await start.text()) ?? [];
    expect(style).to.match(/--brand: light-dark\(#[\da-f]{6}, #[\da-f]{6}\)/);
    expect(style).not.to.include("Only the settings page");
    const digest = createHash("sha256").update(style).digest("base64");
    expect(start.headers.get("Content-Security-Policy")).to.include(`'sha256-${digest}'`);
  });
});

describe("options of texts and themes", () => {
  const faultsOf = (options: object) =>
    pluginOptionFaults(options).filter((fault) => /theme|languages|settingsPage/.test(fault));

  it("are refused where they could be another style, or no colour", () => {
    const bad = ["red", "#12345", "#0000000", "#000;}", "url(x)", "", 7];
    for (const accent of bad)
      expect(faultsOf({ theme: { accent } }), `${accent}`).to.have.length(1);
    for (const font of ["a;b:c", "}", "a\\", "url(x)", '"a', "", "x".repeat(201), "a,,b"]) {
      expect(faultsOf({ theme: { font } }), font).to.have.length(1);
    }
    expect(faultsOf({ theme: { accent: "#0aF", font: 'Inter, "Nimbus Sans", serif' } })).to.be
      .empty;
    expect(faultsOf({ theme: { colour: "#000" } })).to.have.length(1);
  });

  it("name languages that there are, and texts that there are", () => {
    expect(faultsOf({ languages: { offered: [] } })).to.have.length(1);
    expect(faultsOf({ languages: { offered: ["de", "de"] } })).to.have.length(1);
    for (const tag of ["", "de_DE", "DE", "x y", 1]) {
      expect(faultsOf({ languages: { offered: [tag] } }), `${tag}`).to.have.length(1);
    }
    expect(faultsOf({ languages: { texts: { fr: {} } } }).join()).to.match(/languages\.texts\.fr/);
    const texts = { de: { titel: "x", title: () => "x", status: { version: "x" }, people: "x" } };
    expect(faultsOf({ languages: { texts } })).to.deep.equal([
      "languages.texts.de.titel is no text of the pages",
      "languages.texts.de.title must be a string",
      "languages.texts.de.status.version must be a function",
      "languages.texts.de.people must be an object",
    ]);
    expect(faultsOf({ languages: { offered: ["de-AT"], texts: { de: {}, "de-AT": {} } } })).to.be
      .empty;
    expect(faultsOf({ settingsPage: { texts: {} } })).to.have.length(1);
  });
});
