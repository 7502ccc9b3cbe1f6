import { expect } from "chai";
import { describe, it } from "mocha";
import { inBatches } from "../../../src/adapters/objection/in-batches.ts";

describe("inBatches", () => {
  it("writes at once what comes alone, and together what comes meanwhile, in its order", async () => {
    const written: (readonly [string, readonly number[]])[] = [];
    const add = inBatches<string, number>(async (key, items) => {
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

  it("never has two writes under way", async () => {
    let underWay = 0;
    let most = 0;
    const add = inBatches<number, number>(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
    }, 2);
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 4, index)));
    expect(most).to.equal(1);
  });

  it("tells everybody in a batch that it failed, and goes on with the next", async () => {
    const add = inBatches<string, number>(async (_, items) => {
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
    const add = inBatches<string, number>(
      (_, items) => (items.includes(1) ? new Promise(() => undefined) : Promise.resolve()),
      1,
      async () => undefined,
    );
    void add("a", 1);
    await add("a", 2);
  });
});
