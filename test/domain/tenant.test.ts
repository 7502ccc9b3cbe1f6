import { expect } from "chai";
import { describe, it } from "mocha";
import { parseTenantId } from "../../src/domain/tenant.ts";

describe("a tenant's ID", () => {
  for (const id of [
    "default",
    "a",
    "Tenant-7",
    "corp.example",
    "a:b",
    "a@b",
    "zürich",
    "x".repeat(64),
  ]) {
    it(`may be ${id.slice(0, 20)}`, () => expect(parseTenantId(id)).to.equal(id));
  }

  for (const id of [
    "",
    " ",
    "a b",
    "a/b",
    "..%2f",
    "a\n",
    "<x>",
    "x".repeat(65),
    7,
    null,
    undefined,
    ["a"],
  ]) {
    it(`is not ${JSON.stringify(id)?.slice(0, 20)}`, () => {
      expect(parseTenantId(id)).to.equal(undefined);
    });
  }
});
