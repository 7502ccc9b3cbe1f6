import { expect } from "chai";
import { describe, it } from "mocha";
import type { Connection, Settings } from "../../src/domain/settings.ts";
import { connectionsToTest, testedText } from "../../src/domain/test-sign-in.ts";
import { CONNECTION, IDP, PROVISIONING, SETTINGS } from "./support/examples.ts";

const OFF: Settings = { ...SETTINGS, enabled: false };
const OTHER_IDP = connected({ idp: { ...IDP, ssoUrl: "https://x.example" } });
const OTHER_SOURCE = connected({ email: { source: { kind: "name-id" } } });
const OTHER_DOMAINS = connected({ domains: ["other.example"] });
const OTHER_NAME = connected({ name: "Other" });
const OTHER_GROUPS: Settings = { ...SETTINGS, autoProvisioning: { ...PROVISIONING, groups: [] } };
const SECOND: Connection = { ...CONNECTION, id: "second", name: "Second", domains: [] };
const TWO: Settings = { ...SETTINGS, connections: [CONNECTION, SECOND] };

function connected(changes: Partial<Connection>): Settings {
  return { ...SETTINGS, connections: [{ ...CONNECTION, ...changes }] };
}

function textOf(settings: Settings, index = 0): string {
  const connection = settings.connections[index];
  if (connection === undefined) throw new Error("there is no such connection");
  return testedText(settings, connection);
}

describe("the text that a connection is tested by", () => {
  it("is the same whether settings are enabled or not, and in whatever order they are written", () => {
    expect(textOf(OFF)).to.equal(textOf(SETTINGS));
    const turned = connected(Object.fromEntries(Object.entries(CONNECTION).reverse()));
    expect(JSON.stringify(turned)).not.to.equal(JSON.stringify(SETTINGS));
    expect(textOf(turned)).to.equal(textOf(SETTINGS));
  });

  it("does not know what the connection is called, nor the other connections", () => {
    expect(textOf(OTHER_NAME)).to.equal(textOf(SETTINGS));
    expect(textOf(connected({ enabled: false }))).to.equal(textOf(SETTINGS));
    expect(textOf(TWO)).to.equal(textOf(SETTINGS));
    expect(textOf(TWO, 1)).not.to.equal(textOf(SETTINGS));
  });

  it("is another one for every other difference", () => {
    const named = connected({ profile: { firstName: "x" } });
    const all = [SETTINGS, OTHER_IDP, OTHER_SOURCE, OTHER_DOMAINS, OTHER_GROUPS, named];
    expect(new Set(all.map((one) => textOf(one))).size).to.equal(all.length);
  });
});

describe("which connections should be tested before settings are saved", () => {
  const toTest = (stored: Settings, next: Settings) =>
    connectionsToTest(stored, next).map(({ id }) => id);

  it("those that let people in who could not come in before", () => {
    for (const [stored, next] of [
      [OFF, SETTINGS],
      [SETTINGS, OTHER_IDP],
      [SETTINGS, OTHER_SOURCE],
      [connected({ enabled: false }), SETTINGS],
    ] as const) {
      expect(toTest(stored, next)).to.deep.equal(["default"]);
    }
    expect(toTest(SETTINGS, TWO)).to.deep.equal(["second"]);
    expect(toTest(OFF, TWO)).to.deep.equal(["default", "second"]);
  });

  it("none: they sign in no one, or the same users in the same way", () => {
    for (const [stored, next] of [
      [SETTINGS, SETTINGS],
      [SETTINGS, OTHER_GROUPS],
      [SETTINGS, OTHER_DOMAINS],
      [SETTINGS, OTHER_NAME],
      [SETTINGS, OFF],
      [OFF, { ...OTHER_IDP, enabled: false }],
      [TWO, SETTINGS],
      [SETTINGS, connected({ enabled: false })],
    ] as const) {
      expect(toTest(stored, next)).to.deep.equal([]);
    }
  });
});
