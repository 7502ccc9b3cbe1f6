import { request } from "node:http";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { explanationOf } from "../../src/domain/texts/administrator-explanations.ts";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { arrive } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const FORM = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
const KIB = 1024;
const KEY = makeTestKey({ kind: "rsa-2048" });

describe("a message that is too large", () => {
  let host: TestHost;

  beforeEach(async () => {
    const { privateKey, certificate } = KEY;
    host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: { currentSamlSession: () => undefined, signOut: () => undefined },
    });
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const refusals = () =>
    host.memory.auditEntries(host.tenant).filter(({ code }) => code === "message-too-large");

  for (const kib of [190, 250, 700]) {
    it(`is recorded with what to do: a response of ${kib} KiB`, async () => {
      const groups = Array.from({ length: kib }, (_, index) => `${index}`.padEnd(KIB - 48, "g"));
      const refused = await arrive(host, "ada@customer.example", { attributes: { groups } });
      expect(refused.status).to.equal(413);
      const [entry, ...more] = refusals();
      expect(more).to.deep.equal([]);
      expect(entry?.detail["sent"]).to.match(/^\d{6,} bytes$/);
      expect(entry?.detail["expected"]).to.match(/^at most \d{6} bytes$/);
      const page = await refused.text();
      expect(page).to.include(entry?.reference).and.include("Sign in again");
      const { entries } = (await (
        await fetch(`${host.baseUrl}/saml/settings/audit?reference=${entry?.reference}`)
      ).json()) as { entries: { explanation: unknown }[] };
      expect(entries[0]?.explanation).to.deep.equal(explanationOf("message-too-large"));
      expect(host.signedIn).to.deep.equal([]);
    });
  }

  it("is recorded where it is about a logout", async () => {
    const large = { SAMLRequest: "A".repeat(300 * KIB) };
    const refused = await makeBrowser().post(`${host.baseUrl}/saml/slo`, large);
    expect(refused.status).to.equal(413);
    expect(refusals()).to.have.length(1);
    expect(refusals()[0]).to.include({ outcome: "logout-rejected" });
  });

  it("is recorded where its length is not declared, and not read to its end", async () => {
    const { status, sent } = await sendWithoutEnd(`${host.baseUrl}/saml/acs`);
    expect(status).to.equal(413);
    expect(sent).to.be.below(64 * KIB * KIB);
    expect(refusals()[0]?.detail["sent"]).to.equal(`more than ${256 * KIB} bytes`);
  });

  it("is stored nowhere for a tenant without settings", async () => {
    await host.stop();
    host = await startHost();
    const large = { SAMLResponse: "A".repeat(300 * KIB) };
    expect((await makeBrowser().post(`${host.baseUrl}/saml/acs`, large)).status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)).to.deep.equal([]);
  });
});

/** Sends one field without end, until there is an answer. */
function sendWithoutEnd(
  url: string,
  attempts = 5,
): Promise<{ readonly status: number; readonly sent: number }> {
  const chunk = "A".repeat(64 * KIB);
  let sent = 0;
  return new Promise((resolve, reject) => {
    let answered = false;
    const sending = request(url, { method: "POST", headers: FORM }, (response) => {
      answered = true;
      resolve({ status: response.statusCode ?? 0, sent });
      sending.destroy();
    });
    sending.on("error", (error) => {
      if (answered) return;
      // The host has answered and closed; on a busy machine, before the answer was seen here.
      if ("code" in error && error.code === "EPIPE" && attempts > 1) {
        resolve(sendWithoutEnd(url, attempts - 1));
      } else reject(error);
    });
    const more = () => {
      if (answered) return;
      sent += chunk.length;
      if (sending.write(chunk)) setImmediate(more);
      else sending.once("drain", more);
    };
    sending.write("SAMLResponse=");
    more();
  });
}
