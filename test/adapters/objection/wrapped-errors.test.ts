import { expect } from "chai";
import { describe, it } from "mocha";
import { failureOf } from "../../../src/adapters/objection/db/storage-errors.ts";
import {
  EmailTakenError,
  HostCallbackError,
  StorageUnavailableError,
} from "../../../src/ports/errors.ts";

const of = (code: string) => Object.assign(new Error("the driver's words"), { code });

describe("what a library makes of a driver's error", () => {
  it("is understood: Objection, Sequelize, Drizzle, one in another", () => {
    const wrapped = (inner: unknown): readonly unknown[] => [
      Object.assign(new Error("wrapped"), { nativeError: inner }),
      Object.assign(new Error("wrapped"), { original: inner, parent: inner }),
      new Error("Failed query", { cause: inner }),
      new Error("outer", { cause: new Error("Failed query", { cause: inner }) }),
      new HostCallbackError("users.create", inner),
      new HostCallbackError("users.create", Object.assign(new Error("x"), { nativeError: inner })),
    ];
    for (const [code, failure] of [
      ["40P01", "transient"],
      ["23505", "duplicate"],
      ["57P01", "unavailable"],
      ["23502", "other"],
    ] as const) {
      for (const error of wrapped(of(code))) expect(failureOf(error)).to.equal(failure);
    }
  });

  it("is not looked for behind an error that says itself what it is", () => {
    for (const error of [
      new EmailTakenError({ cause: of("40P01") }),
      new StorageUnavailableError(1, { cause: of("40P01") }),
      Object.assign(new Error("the host's own", { cause: of("40P01") }), { code: "E_OWN" }),
    ]) {
      expect(failureOf(error)).to.equal("other");
    }
  });

  it("is understood behind a callback of the host where it has no code, too", () => {
    for (const inner of [
      Object.assign(new Error("the pool is full"), { name: "KnexTimeoutError" }),
      new Error("Connection terminated unexpectedly"),
    ]) {
      expect(failureOf(new HostCallbackError("users.create", inner))).to.equal("unavailable");
    }
    expect(failureOf(new HostCallbackError("users.create", "a text"))).to.equal("other");
  });

  it("may wrap itself", () => {
    const error = new Error("round");
    error.cause = error;
    expect(failureOf(error)).to.equal("other");
  });
});
