import { expect } from "chai";
import { describe, it } from "mocha";
import { exceedsOrganizationsOf, seatChange } from "../../src/domain/access.ts";
import { EDITOR, LITE } from "./support/examples.ts";

describe("a seat", () => {
  it("is taken by a licensed role", () => {
    expect(seatChange({ used: 3 }, EDITOR)).to.deep.equal({
      before: 3,
      after: 4,
      exceeds: false,
    });
  });

  it("is not taken by a Lite role, however full the license is", () => {
    expect(seatChange({ used: 9, limit: 5 }, LITE)).to.deep.equal({
      before: 9,
      after: 9,
      exceeds: false,
    });
  });

  it("exceeds the limit from the first one above it", () => {
    expect(seatChange({ used: 4, limit: 5 }, EDITOR).exceeds).to.equal(false);
    expect(seatChange({ used: 5, limit: 5 }, EDITOR).exceeds).to.equal(true);
    expect(seatChange({ used: 0, limit: 0 }, EDITOR).exceeds).to.equal(true);
  });
});

describe("the bound of a role", () => {
  it("counts organizations, each once", () => {
    const ids = ["a", "b", "c", "d", "e"];
    expect(exceedsOrganizationsOf(LITE, { kind: "selected", ids: [...ids, "a"] })).to.equal(false);
    expect(exceedsOrganizationsOf(LITE, { kind: "selected", ids: [...ids, "f"] })).to.equal(true);
  });

  it("is below all organizations, and no bound is above nothing", () => {
    expect(exceedsOrganizationsOf(LITE, { kind: "all" })).to.equal(true);
    expect(exceedsOrganizationsOf(EDITOR, { kind: "all" })).to.equal(false);
  });
});
