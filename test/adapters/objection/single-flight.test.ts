import { expect } from "chai";
import { describe, it } from "mocha";
import { singleFlight } from "../../../src/adapters/objection/db/concurrency.ts";

/** Something stored, and how often it was read; a read takes a while after it has looked. */
function makeStored() {
  const stored = { version: 1, reads: 0 };
  const read = async () => {
    stored.reads += 1;
    const { version } = stored;
    await new Promise((resolve) => setImmediate(resolve));
    return version;
  };
  return { stored, read };
}

describe("singleFlight", () => {
  it("reads once for all callers during the last read", async () => {
    const { stored, read } = makeStored();
    const shared = singleFlight(read);
    await Promise.all(Array.from({ length: 20 }, () => shared("a")));
    expect(stored.reads).to.equal(2);
  });

  it("never gives anybody what had been changed before they asked", async () => {
    const { stored, read } = makeStored();
    const shared = singleFlight(read);
    const asked: Promise<void>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      stored.version += 1;
      const { version } = stored;
      asked.push(
        shared("a").then((seen) => {
          expect(seen).to.be.at.least(version);
        }),
      );
      if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
  });

  it("keeps keys apart", async () => {
    const shared = singleFlight(async (key: string) => key);
    expect(await Promise.all(["a", "b", "a"].map(shared))).to.deep.equal(["a", "b", "a"]);
  });

  it("tells everybody that a read failed, and reads again for the next", async () => {
    const answers = [Promise.resolve(1), Promise.reject(new Error("no database"))];
    const shared = singleFlight(() => answers.shift() ?? Promise.resolve(3));
    const results = await Promise.allSettled([shared("a"), shared("a"), shared("a")]);
    expect(results.map(({ status }) => status)).to.deep.equal([
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    expect(await shared("a")).to.equal(3);
  });

  it("does not wait for a read that hangs", async () => {
    const answers = [new Promise<number>(() => undefined), Promise.resolve(2)];
    const shared = singleFlight(
      () => answers.shift() ?? Promise.resolve(3),
      async () => false,
    );
    void shared("a");
    expect(await shared("a")).to.equal(2);
  });
});
