import { expect } from "chai";
import { describe, it } from "mocha";
import { settledWithin } from "../../../src/adapters/objection/db/concurrency.ts";

describe("settledWithin", () => {
  const LONG_MS = 2 ** 30;

  it("waits no longer than the work", async () => {
    expect(await settledWithin(Promise.resolve(), LONG_MS)).to.equal(true);
  });

  it("leaves a failure to the caller of the work", async () => {
    expect(await settledWithin(Promise.reject(new Error("no database")), LONG_MS)).to.equal(true);
  });

  it("gives up on work that hangs", async () => {
    expect(await settledWithin(new Promise(() => undefined), 1)).to.equal(false);
  });
});
