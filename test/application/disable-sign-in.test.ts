import { expect } from "chai";
import { describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryLogger,
  makeSequentialIds,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { makeDisableSignIn } from "../../src/application/settings/disable-sign-in.ts";
import { DEFAULT_SETTINGS, nextVersion, UNSAVED_SETTINGS } from "../../src/domain/settings.ts";
import { DEFAULT_TENANT as tenant } from "../support/host.ts";

describe("switching sign-in off", () => {
  const setUp = async (saves: number) => {
    const memory = makeMemoryStores();
    const { stores, unitOfWork } = memory;
    const enabled = { ...DEFAULT_SETTINGS, enabled: true };
    const first = nextVersion(UNSAVED_SETTINGS, enabled, { at: 0, by: "set-up" });
    await stores.settings.save(tenant, first);
    let left = saves;
    const disable = makeDisableSignIn({
      settings: stores.settings,
      recordEvent: async () => undefined,
      unitOfWork: {
        run: (of, work) =>
          unitOfWork.run(of, (within) => {
            const settings: typeof within.settings = {
              ...within.settings,
              // Somebody else is faster, as often as the test says.
              save: async (whose, next) => {
                left -= 1;
                return left < 0 && within.settings.save(whose, next);
              },
            };
            return work({ ...within, settings });
          }),
      },
      clock: makeFixedClock(),
      ids: makeSequentialIds(),
      logger: makeMemoryLogger(),
    });
    return { memory, disable };
  };

  it("retries after a concurrent save and is recorded once", async () => {
    const { memory, disable } = await setUp(3);
    const after = await disable({ tenant, by: { id: "admin-1" } });
    expect(after).to.deep.include({ version: 2, savedBy: "admin-1" });
    expect(after.settings.enabled).to.equal(false);
    expect(await memory.stores.settings.load(tenant)).to.deep.equal(after);
    expect(memory.auditEntries(tenant).map(({ detail }) => detail)).to.deep.equal([
      { version: "2", enabled: "true -> false" },
    ]);
  });

  it("gives up where others never stop", async () => {
    const { memory, disable } = await setUp(100);
    const failure = await disable({ tenant, by: { id: "admin-1" } }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error);
    expect(memory.auditEntries(tenant)).to.deep.equal([]);
  });

  it("does nothing where it is off already", async () => {
    const { memory, disable } = await setUp(0);
    await disable({ tenant, by: { id: "admin-1" } });
    expect((await disable({ tenant, by: { id: "admin-2" } })).savedBy).to.equal("admin-1");
    expect(memory.auditEntries(tenant)).to.have.length(1);
  });
});
