import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import { coalesce } from "../../../src/adapters/objection/db/batches.ts";

describe("coalesce", () => {
  it("writes a single item immediately, and items that arrive during a write together, in order", async () => {
    const written: (readonly [string, readonly number[]])[] = [];
    const add = coalesce<string, number>(async (key, items) => {
      written.push([key, [...items]]);
    }, 3);
    await add("a", 1);
    await Promise.all([2, 3, 4, 5].map((item) => add("a", item)).concat(add("b", 6)));
    expect(written).to.deep.equal([
      ["a", [1]],
      ["a", [2, 3, 4]],
      ["a", [5]],
      ["b", [6]],
    ]);
  });

  it("never has two concurrent writes", async () => {
    let running = 0;
    let most = 0;
    const add = coalesce<number, number>(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    }, 2);
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 4, index)));
    expect(most).to.equal(1);
  });

  it("tells everybody in a batch that it failed, and goes on with the next", async () => {
    const add = coalesce<string, number>(async (_, items) => {
      if (items.includes(1)) throw new Error("no database");
    }, 2);
    const results = await Promise.allSettled([1, 2, 3].map((item) => add("a", item)));
    expect(results.map(({ status }) => status)).to.deep.equal([
      "rejected",
      "rejected",
      "fulfilled",
    ]);
  });

  it("does not wait for a write that hangs", async () => {
    const add = coalesce<string, number>(
      (_, items) => (items.includes(1) ? new Promise(() => undefined) : Promise.resolve()),
      1,
      async () => false,
    );
    void add("a", 1);
    await add("a", 2);
  });

  it("is patient with a write from when it begins, until one hangs and again when one is done", async () => {
    const begun: number[] = [];
    const done: (() => void)[] = [];
    const waits: ((isDone: boolean) => void)[] = [];
    const add = coalesce<number, number>(
      (key) => {
        begun.push(key);
        return new Promise((resolve) => done.push(resolve));
      },
      1,
      () => new Promise((resolve) => waits.push(resolve)),
    );
    for (const key of [1, 2, 3, 4]) void add(key, key);
    await setImmediate();
    expect(begun).to.deep.equal([1]);
    expect(waits).to.have.length(1);
    waits[0]!(true);
    await setImmediate();
    expect(begun).to.deep.equal([1, 2]);
    waits[1]!(false);
    await setImmediate();
    expect(begun, "all who waited for a write that hangs").to.deep.equal([1, 2, 3, 4]);
    done[3]!();
    await setImmediate();
    for (const key of [5, 6]) void add(key, key);
    await setImmediate();
    expect(begun).to.deep.equal([1, 2, 3, 4, 5]);
    expect(waits).to.have.length(3);
  });
});
