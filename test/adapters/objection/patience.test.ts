import { describe, it } from "mocha";
import { doneOrLate } from "../../../src/adapters/objection/patience.ts";

describe("doneOrLate", () => {
  const LONG_MS = 2 ** 30;

  it("waits no longer than the work", async () => {
    await doneOrLate(Promise.resolve(), LONG_MS);
  });

  it("leaves a failure to whoever asked for the work", async () => {
    await doneOrLate(Promise.reject(new Error("no database")), LONG_MS);
  });

  it("gives up on work that hangs", async () => {
    await doneOrLate(new Promise(() => undefined), 1);
  });
});
