import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Overview } from "../../src/application/overview.ts";
import { DAY_MS } from "../../src/domain/audit.ts";
import { REFUSALS_KEPT } from "../../src/ports/audit-trail.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const HOUR_MS = 3600 * 1000;

describe("the overview of the settings API", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const get = () => fetch(`${host.baseUrl}/saml/settings/overview`);
  const read = async () => (await (await get()).json()) as Overview;

  it("counts sign-ins, new users and refusals by days of UTC", async () => {
    host.clock.set(Date.UTC(2026, 2, 31, 23, 59));
    await arrive(host, "ada@customer.example");
    await arrive(host, "ada@customer.example", { sign: "none" });
    host.clock.advance(2 * 60_000);
    await arrive(host, "ada@customer.example");
    await arrive(host, "bob@customer.example");
    const lastSignInAt = host.clock.now();
    host.clock.advance(HOUR_MS);
    const overview = await read();
    expect(overview).to.deep.include({
      enabled: true,
      usersCreated: 2,
      refusalsOfWeek: 1,
      refusalsIncomplete: false,
      lastSignInAt,
    });
    expect(overview.days).to.have.length(30);
    expect(overview.days.slice(-3)).to.deep.equal([
      { day: "2026-03-30", signIns: 0, newUsers: 0, refusals: 0 },
      { day: "2026-03-31", signIns: 1, newUsers: 1, refusals: 1 },
      { day: "2026-04-01", signIns: 2, newUsers: 1, refusals: 0 },
    ]);
    host.clock.advance(29 * DAY_MS);
    const later = await read();
    expect(later.days[0]).to.deep.equal(overview.days.at(-1));
    expect(later).to.deep.include({ refusalsOfWeek: 0, usersCreated: 2, lastSignInAt });
    host.clock.advance(DAY_MS);
    expect((await read()).days.map(({ signIns }) => signIns)).to.deep.equal(Array(30).fill(0));
  });

  it("says when refusals may be missing", async () => {
    const { audit } = host.memory.stores;
    for (let number = 0; number <= REFUSALS_KEPT; number += 1) {
      await audit.appendRefusal(host.tenant, {
        id: String(number),
        reference: `R${number}`,
        at: host.clock.now(),
        outcome: "rejected",
        code: "signature-invalid",
        detail: {},
      });
    }
    expect(await read()).to.deep.include({
      refusalsOfWeek: REFUSALS_KEPT,
      refusalsIncomplete: true,
    });
  });

  it("says how the certificates of each connection are", async () => {
    const state = async () => (await read()).connections[0];
    const expiry = (await state())?.certificateExpiresAt ?? 0;
    expect(await state()).to.deep.equal({
      id: "default",
      name: "Single sign-on",
      enabled: true,
      certificate: "valid",
      certificateExpiresAt: expiry,
    });
    host.clock.set(expiry - DAY_MS);
    expect(await state()).to.deep.include({ certificate: "expiring" });
    host.clock.set(expiry + DAY_MS);
    expect(await state()).to.deep.include({ certificate: "expired" });
  });

  it("is empty before anything is saved, and for administrators only", async () => {
    const fresh = await startHost();
    try {
      const answer = await fetch(`${fresh.baseUrl}/saml/settings/overview`);
      const { days, ...rest } = (await answer.json()) as Overview;
      expect(rest).to.deep.equal({
        enabled: false,
        connections: [],
        refusalsOfWeek: 0,
        refusalsIncomplete: false,
        usersCreated: 0,
      });
      expect(days).to.have.length(30);
    } finally {
      await fresh.stop();
    }
    host.admin = undefined;
    expect((await get()).status).to.equal(403);
  });
});
