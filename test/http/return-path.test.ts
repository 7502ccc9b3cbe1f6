import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { returnPath } from "../../src/adapters/koa/request.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost } from "../support/host.ts";

const ORIGIN = "https://app.example";

const ATTACKS = [
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "/a/../..//evil.example",
  "javascript:alert(1)",
  "evil.example",
  " /path",
  "/path\r\nSet-Cookie: a=b",
  "/\u0000",
  "/\u202e",
  "",
  "?x",
  "https:/evil.example",
  "@evil.example",
  `/${"x".repeat(1001)}`,
];

describe("where a browser is sent after signing in", () => {
  for (const attack of ATTACKS) {
    it(`is never ${JSON.stringify(attack.slice(0, 40))}`, () => {
      expect(returnPath(attack)).to.equal(undefined);
    });
  }

  it("is a path of the same origin, with query and fragment", () => {
    for (const path of ["/", "/a/b?c=d&e=/f#g", "/%2F/x", "/a@b", "/caf%C3%A9"]) {
      expect(returnPath(path)).to.equal(path);
    }
    expect(returnPath("/café")).to.equal("/caf%C3%A9");
    expect(returnPath(["/a", "/b"])).to.equal(undefined);
  });

  it("stays on our origin for whatever is asked", () => {
    const parts = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      ":",
      "@",
      "evil.example",
      "%2f",
      "?",
      "#",
      "\t",
      "a",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (texts) => {
        const path = returnPath(texts.join(""));
        if (path !== undefined) expect(new URL(path, `${ORIGIN}/saml/acs`).origin).to.equal(ORIGIN);
      }),
      { numRuns: 5000 },
    );
  });

  it("is what the identity provider relays, if that is such a path", async () => {
    const host = await startHost();
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const sent = async (relayState: string) =>
        (await arrive(host, "ada@customer.example", { relayState })).headers.get("location");
      expect(await sent("/reports")).to.equal("/reports");
      expect(await sent("https://evil.example/")).to.equal("/");
    } finally {
      await host.stop();
    }
  });
});
