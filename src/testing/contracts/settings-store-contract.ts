import assert from "node:assert/strict";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, sampleSettings, valuesOf } from "./samples.ts";

/** What every SettingsStore promises. */
export function settingsStoreContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "has nothing at first", async ({ stores: { settings }, tenant }) => {
      assert.equal(await settings.load(tenant), undefined);
    }),
    storesCase(makeSubject, "gives back what was saved", async ({ stores, tenant }) => {
      assert.equal(await stores.settings.save(tenant, sampleSettings(1)), true);
      assert.deepEqual(await stores.settings.load(tenant), sampleSettings(1));
      assert.equal(await stores.settings.save(tenant, sampleSettings(2)), true);
      assert.deepEqual(await stores.settings.load(tenant), sampleSettings(2));
    }),
    storesCase(
      makeSubject,
      "saves only over the version that was read",
      async ({ stores: { settings }, tenant }) => {
        assert.equal(await settings.save(tenant, sampleSettings(2)), false);
        assert.equal(await settings.load(tenant), undefined);
        assert.equal(await settings.save(tenant, sampleSettings(1)), true);
        assert.equal(await settings.save(tenant, sampleSettings(1, "somebody else")), false);
        assert.equal(await settings.save(tenant, sampleSettings(3)), false);
        assert.deepEqual(await settings.load(tenant), sampleSettings(1));
      },
    ),
    storesCase(
      makeSubject,
      "lets one of 10 concurrent first saves win",
      async ({ stores: { settings }, tenant }) => {
        const results = await atOnce(10, async (index) => ({
          index,
          saved: await settings.save(tenant, sampleSettings(1, `admin-${index}`)),
        }));
        const winners = valuesOf(results).filter(({ saved }) => saved);
        assert.equal(valuesOf(results).length, 10);
        assert.equal(winners.length, 1);
        assert.equal((await settings.load(tenant))?.savedBy, `admin-${winners[0]?.index}`);
      },
    ),
    storesCase(
      makeSubject,
      "lets one of 10 concurrent later saves win, also in transactions",
      async ({ stores: { settings }, unitOfWork, tenant }) => {
        await settings.save(tenant, sampleSettings(1));
        const results = await atOnce(10, (index) =>
          unitOfWork.run(tenant, async (stores) => ({
            index,
            saved: await stores.settings.save(tenant, sampleSettings(2, `admin-${index}`)),
          })),
        );
        const winners = valuesOf(results).filter(({ saved }) => saved);
        assert.equal(valuesOf(results).length, 10);
        assert.equal(winners.length, 1);
        assert.equal((await settings.load(tenant))?.savedBy, `admin-${winners[0]?.index}`);
      },
    ),
    isolationCase(
      makeSubject,
      "lists the settings of every tenant, in pages",
      async ({ stores: { settings }, tenant }, otherTenant) => {
        await settings.save(tenant, sampleSettings(1));
        await settings.save(otherTenant, sampleSettings(1, "other"));
        await settings.save(tenant, sampleSettings(2));
        const found = new Map<string, unknown>();
        for (let after: typeof tenant | undefined; ; ) {
          const query = after === undefined ? { limit: 1 } : { limit: 1, after };
          const [one, ...more] = await settings.list(query);
          assert.deepEqual(more, []);
          if (one === undefined) break;
          assert.ok(!found.has(one.tenant));
          found.set(one.tenant, one.stored);
          after = one.tenant;
        }
        assert.deepEqual(found.get(tenant), sampleSettings(2));
        assert.deepEqual(found.get(otherTenant), sampleSettings(1, "other"));
        const all = await settings.list({ limit: 1000 });
        assert.deepEqual(new Map(all.map((one) => [one.tenant, one.stored])), found);
      },
    ),
    isolationCase(makeSubject, "keeps tenants apart", async ({ stores, tenant }, otherTenant) => {
      await stores.settings.save(tenant, sampleSettings(1));
      assert.equal(await stores.settings.load(otherTenant), undefined);
      assert.equal(await stores.settings.save(otherTenant, sampleSettings(2)), false);
      assert.equal(await stores.settings.save(otherTenant, sampleSettings(1, "other")), true);
      assert.deepEqual(await stores.settings.load(tenant), sampleSettings(1));
    }),
  ];
}
