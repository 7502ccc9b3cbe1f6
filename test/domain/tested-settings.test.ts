import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "../../src/domain/settings.ts";
import { needsTest, testedText } from "../../src/domain/tested-settings.ts";
import { CONNECTION, PROVISIONING, SETTINGS } from "./support/examples.ts";

const OFF: Settings = { ...SETTINGS, enabled: false };
const OTHER_IDP: Settings = {
  ...SETTINGS,
  connection: { ...CONNECTION, ssoUrl: "https://x.example" },
};
const OTHER_DOMAINS: Settings = { ...SETTINGS, email: { ...SETTINGS.email, allowedDomains: [] } };
const OTHER_GROUPS: Settings = { ...SETTINGS, autoProvisioning: { ...PROVISIONING, groups: [] } };

describe("the text that settings are tested by", () => {
  it("is the same whether they are enabled or not, and in whatever order they are written", () => {
    expect(testedText(OFF)).to.equal(testedText(SETTINGS));
    const { email, connection, ...rest } = SETTINGS;
    const entries = Object.entries(connection ?? {}).reverse();
    const turned = { connection: Object.fromEntries(entries), ...rest, email };
    expect(JSON.stringify(turned)).not.to.equal(JSON.stringify(SETTINGS));
    expect(testedText(turned as Settings)).to.equal(testedText(SETTINGS));
  });

  it("is another one for every other difference", () => {
    const texts = [SETTINGS, OTHER_IDP, OTHER_DOMAINS, OTHER_GROUPS].map(testedText);
    expect(new Set(texts).size).to.equal(texts.length);
    const named = { ...SETTINGS, profile: { firstName: "x" } };
    expect(texts).not.to.include(testedText(named));
  });
});

describe("whether settings should be tested before they are saved", () => {
  it("yes: they let people in who could not come in before", () => {
    for (const [stored, next] of [
      [OFF, SETTINGS],
      [SETTINGS, OTHER_IDP],
      [SETTINGS, OTHER_DOMAINS],
    ] as const) {
      expect(needsTest(stored, next)).to.equal(true);
    }
  });

  it("no: they sign in no one, or the same users in the same way", () => {
    for (const [stored, next] of [
      [SETTINGS, SETTINGS],
      [SETTINGS, OTHER_GROUPS],
      [SETTINGS, OFF],
      [OFF, { ...OTHER_IDP, enabled: false }],
    ] as const) {
      expect(needsTest(stored, next)).to.equal(false);
    }
  });
});
