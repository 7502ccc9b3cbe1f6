import { expect } from "chai";
import { describe, it } from "mocha";
import {
  makeFixedClock,
  makeMemoryLogger,
  makeSequentialIds,
} from "../../../src/adapters/memory/memory-environment.ts";

describe("fakes of the environment", () => {
  it("keep a clock that moves only when told", () => {
    const clock = makeFixedClock(1000);
    clock.advance(500);
    expect(clock.now()).to.equal(1500);
    clock.set(7);
    expect(clock.now()).to.equal(7);
  });

  it("make IDs that sort by time of making, and references that differ", () => {
    const ids = makeSequentialIds();
    const made = Array.from({ length: 12 }, () => ids.entryId());
    expect([...made].sort()).to.deep.equal(made);
    expect(ids.reference()).to.not.equal(ids.reference());
  });

  it("digest parts so that no two lists of parts look the same", () => {
    const { digest } = makeSequentialIds();
    expect(digest("a", "b"))
      .to.match(/^[0-9a-f]{64}$/)
      .and.equal(digest("a", "b"));
    expect(
      new Set([digest("ab"), digest("a", "b"), digest("a,b"), digest("b", "a")]).size,
    ).to.equal(4);
  });

  it("keep what was logged, in order", () => {
    const logger = makeMemoryLogger();
    const first = { event: "saml.base-url.unencrypted" } as const;
    const second = { event: "saml.request.refused", reference: "R", code: "c" } as const;
    logger.warn(first);
    logger.info(second);
    expect(logger.events).to.deep.equal([
      { level: "warn", event: first },
      { level: "info", event: second },
    ]);
  });
});
