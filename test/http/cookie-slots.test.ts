import { get } from "node:http";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const IMAGE = {
  "Sec-Fetch-Site": "cross-site",
  "Sec-Fetch-Mode": "no-cors",
  "Sec-Fetch-Dest": "image",
};

/** What a browser sends after these answers. */
function cookiesOf(answers: readonly Response[]): ReadonlyMap<string, string> {
  const pairs = answers
    .flatMap((answer) => answer.headers.getSetCookie())
    .map((line) => line.slice(0, line.indexOf(";")));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair]));
}

/** Sends just these headers: `fetch` of some runtimes has a Sec-Fetch-Mode of its own. */
function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on("error", reject);
  });
}

describe("what other sites can do to the cookies of a browser", () => {
  let host: TestHost;
  let login: string;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    login = `${host.baseUrl}/saml/login`;
  });
  afterEach(() => host.stop());

  const go = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { redirect: "manual", headers });

  it("sixty concurrent logins leave five cookies, and the host's pages still respond", async () => {
    const long = `${login}?returnTo=/${"a".repeat(998)}`;
    const jar = cookiesOf(await Promise.all(Array.from({ length: 60 }, () => go(long))));
    expect(jar.size).to.be.within(2, 10);
    const cookie = [...jar.values()].join("; ");
    expect(cookie.length).to.be.below(5000);
    expect((await go(host.baseUrl, { Cookie: cookie })).status).to.equal(200);
  });

  it("the longest places to return to are five, and fit", async () => {
    const answers: Response[] = [];
    for (let count = 0; count < 8; count += 1) {
      const Cookie = [...cookiesOf(answers).values()].join("; ");
      answers.push(await go(`${login}?returnTo=/${"a".repeat(299)}`, { Cookie }));
    }
    const jar = cookiesOf(answers);
    expect(jar.size).to.equal(10);
    expect([...jar.values()].join("; ").length).to.be.below(5000);
  });

  it("an image or a fetch in advance begins no login", async () => {
    for (const headers of [IMAGE, { "Sec-Purpose": "prefetch;prerender" }]) {
      const response = await go(login, headers);
      expect(response.status).to.equal(403);
      expect(response.headers.getSetCookie()).to.deep.equal([]);
      expect(await response.json()).to.include({ code: "not-a-navigation" });
    }
  });

  it("a person's own navigation begins one", async () => {
    const headers = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document" };
    expect(await statusOf(login, { ...headers, "Sec-Fetch-Mode": "navigate" })).to.equal(302);
  });
});

describe("a pending login while the host's keys are rotated", () => {
  it("is still answered after another one began", async () => {
    const address = "https://app.example";
    const host = await startHost({ public: address });
    try {
      host.app.keys = ["old"];
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const browser = makeBrowser();
      const inResponseTo = requestIdIn(await browser.get(`${host.baseUrl}/saml/login`));
      host.app.keys = ["new", "old"];
      const another = await browser.get(`${host.baseUrl}/saml/login`);
      // Whatever is written must still be brought back by the identity provider's form post.
      for (const line of another.headers.getSetCookie()) {
        expect(line.toLowerCase()).to.contain("samesite=none").and.to.contain("expires=");
      }
      const form = formFor(host, "ada@customer.example", { inResponseTo }, `${address}/saml`);
      expect((await browser.post(`${host.baseUrl}/saml/acs`, form)).status).to.equal(303);
    } finally {
      await host.stop();
    }
  });
});
