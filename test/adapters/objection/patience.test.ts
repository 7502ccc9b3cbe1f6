import { expect } from "chai";
import { describe, it } from "mocha";
import { doneOrLate } from "../../../src/adapters/objection/db/concurrency.ts";

describe("doneOrLate", () => {
  const LONG_MS = 2 ** 30;

  it("waits no longer than the work", async () => {
    expect(await doneOrLate(Promise.resolve(), LONG_MS)).to.equal(true);
  });

  it("leaves a failure to the caller of the work", async () => {
    expect(await doneOrLate(Promise.reject(new Error("no database")), LONG_MS)).to.equal(true);
  });

  it("gives up on work that hangs", async () => {
    expect(await doneOrLate(new Promise(() => undefined), 1)).to.equal(false);
  });
});
