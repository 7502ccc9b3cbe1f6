import { expect } from "chai";
import { it } from "mocha";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost } from "../support/host.ts";

const HOUR = 60 * 60 * 1000;

it("a purge forgets no assertion that a deployment with a longer maxUnsolicitedAgeMs would accept", async () => {
  const storage = makeMemoryStores();
  const given = { storage, public: "https://platform.example" };
  const before = await startHost(given);
  const after = await startHost({ ...given, limits: { maxUnsolicitedAgeMs: 24 * HOUR } });
  try {
    await before.saml.saveSettings("default", openSettings(before), "set-up");
    const base = "https://platform.example/saml";
    const form = formFor(before, "ada@customer.example", { validForMs: 48 * HOUR }, base);
    const arrive = async (host: typeof before) =>
      (await makeBrowser().post(`${host.baseUrl}/saml/acs`, form)).status;
    expect(await arrive(before)).to.equal(303);
    const later = before.clock.now() + 23 * HOUR;
    await before.saml.purge({ now: later });
    after.clock.set(later);
    expect(await arrive(after)).to.equal(403);
    expect(storage.auditEntries(after.tenant)[0]).to.include({ code: "replayed" });
  } finally {
    await before.stop();
    await after.stop();
  }
});
