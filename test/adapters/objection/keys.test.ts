import { expect } from "chai";
import { describe, it } from "mocha";
import { fromKey, toKey } from "../../../src/adapters/objection/users/keys.ts";

describe("keys of the host", () => {
  it("of 64 bits stay exact", () => {
    for (const id of ["9007199254740993", "-9007199254740993", "9223372036854775807"]) {
      expect(toKey("integer", id)).to.equal(id);
      expect(fromKey(BigInt(id))).to.equal(id);
    }
    expect(toKey("integer", "42")).to.equal(42);
  });

  it("have one spelling, and no more than 64 bits", () => {
    for (const id of ["9223372036854775808", "01", "1x", "1e3", "-0", "", " 1", "1.0"]) {
      expect(toKey("integer", id), id).to.equal(undefined);
    }
  });

  it("are refused where the driver has rounded them: another row may have that one", () => {
    expect(() => fromKey(2 ** 53)).to.throw("supportBigNumbers");
  });
});
