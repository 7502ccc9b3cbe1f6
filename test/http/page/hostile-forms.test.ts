import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openSettings, startHost, type TestHost } from "../../support/host.ts";
import { type PageVisitor, visitPage } from "./support.ts";

describe("forms that no page of ours posts", () => {
  let host: TestHost;
  let visitor: PageVisitor;

  beforeEach(async () => {
    host = await startHost();
    visitor = visitPage(host);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  it("are refused where a list has more entries than settings may", async () => {
    const page = await visitor.open();
    const added = Array.from({ length: 100_001 }, (_, index) => `o${index}`);
    const changes = JSON.stringify({ added, removed: [] });
    const answer = await visitor.press(page, "save", { "organizations-changes": changes });
    expect(answer.status).to.equal(400);
  });

  it("are refused where more is typed than could be settings; a wrong paste is not", async () => {
    const page = await visitor.open();
    const long = await visitor.press(page, "save", { "connection-entityId": "a".repeat(60_000) });
    expect(long.status).to.equal(422);
    expect(long.fields.get("connection-entityId")).to.have.length(60_000);
    const huge = await visitor.press(page, "save", {
      "connection-entityId": "a".repeat(1024 * 1024),
    });
    expect(huge.status).to.equal(413);
  });
});
