import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { PERSISTENT_NAME_ID_FORMAT } from "../../src/domain/email-identity.ts";
import type { AutoProvisioning } from "../../src/domain/settings.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { makeTester } from "../support/test-sign-ins.ts";
import { visitPage } from "./page/support.ts";

const OLD = "ada@customer.example";
const NEW = "ada.lovelace@customer.example";

describe("users whose address has changed at the identity provider", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const save = async (changes: Partial<AutoProvisioning> = {}) => {
    const { autoProvisioning } = openSettings(host);
    const settings = openSettings(host, { autoProvisioning: { ...autoProvisioning, ...changes } });
    await host.saml.saveSettings("default", settings, "set-up");
  };
  const as = (mail: string, nameId = "p-1", nameIdFormat = PERSISTENT_NAME_ID_FORMAT) =>
    arrive(host, mail, { nameId, nameIdFormat, attributes: { mail } });
  const newest = () => host.memory.auditEntries(host.tenant)[0];
  const userOf = (mail: string) => host.memory.userByEmail(host.tenant, mail);

  it("become a second user, with a warning that names the first", async () => {
    await save();
    await as(OLD);
    const first = userOf(OLD);
    expect((await as(NEW)).status).to.equal(303);
    const second = userOf(NEW);
    expect(second?.id).to.not.equal(first?.id);
    expect(second?.receipt).to.include({
      formerUser: first?.id,
      nameIdFormat: PERSISTENT_NAME_ID_FORMAT,
    });
    expect(newest()?.detail["provisioning"]).to.equal(
      `user ${first?.id} (${OLD}) has the same persistent NameID: if this is the same person, they now have two users`,
    );
    expect(userOf(OLD)).to.deep.equal(first);
    for (const path of ["users", "activity"]) {
      const page = await fetch(`${host.baseUrl}/saml/settings/page/${path}`);
      expect(await page.text(), path).to.match(/same persistent NameID/);
    }
    await as(NEW);
    expect(newest()?.outcome).to.equal("signed-in");
  });

  it("are refused where the settings say so, until the address is changed", async () => {
    await save({ whenAddressChanged: "refuse" });
    expect((await as(OLD)).status).to.equal(303);
    const refused = await as(NEW);
    expect(refused.status).to.equal(403);
    expect(await refused.text())
      .to.include("under another email address")
      .and.not.include(OLD);
    expect(newest()).to.deep.include({ outcome: "denied", code: "address-changed", email: NEW });
    expect(newest()?.detail["reason"]).to.include(`(${OLD}) has the same persistent NameID`);
    expect(host.memory.usersOf(host.tenant)).to.have.length(1);
    expect((await as(OLD)).status).to.equal(303);
  });

  it("are others if anything but the NameID of this identity provider is the same", async () => {
    await save({ whenAddressChanged: "refuse" });
    await as(OLD);
    const unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    const transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    for (const [index, [nameId, format]] of [
      ["p-2", PERSISTENT_NAME_ID_FORMAT],
      ["P-1", PERSISTENT_NAME_ID_FORMAT],
      ["p-1", unspecified],
      ["p-1", transient],
    ].entries()) {
      expect((await as(`other${index}@customer.example`, nameId, format)).status).to.equal(303);
    }
    await arrive(host, "plain@customer.example");
    await arrive(host, "plain2@customer.example");
    expect(host.signedIn).to.have.length(7);
  });

  it("are newcomers if the earlier user is gone, and not if they were deleted here", async () => {
    await save({ whenAddressChanged: "refuse" });
    await as(OLD);
    host.memory.changeUser(host.tenant, userOf(OLD)?.id ?? "", { state: "deleted" });
    expect((await as(NEW)).status).to.equal(403);
    await host.stop();
    host = await startHost();
    const { users } = host.memory.stores;
    users.usersOfNameId = async () => ["gone"];
    await save({ whenAddressChanged: "refuse" });
    expect((await as(NEW)).status).to.equal(303);
  });

  it("are seen by a test sign-in of the same identity provider", async () => {
    await save();
    await as(OLD);
    const tester = makeTester(host);
    const { autoProvisioning } = openSettings(host);
    const refuse = { ...autoProvisioning, whenAddressChanged: "refuse" } as const;
    const sent = {
      nameId: "p-1",
      nameIdFormat: PERSISTENT_NAME_ID_FORMAT,
      attributes: { mail: NEW },
    };
    for (const [idp, code] of [
      [host.idp, "address-changed"],
      [tester.idp, undefined],
    ] as const) {
      const connection = idp.connection();
      const test = await tester.begun(tester.draft({ connection, autoProvisioning: refuse }));
      await tester.answer(test, sent, idp);
      const { state, result } = await tester.read(test.id);
      expect(state).to.equal("succeeded");
      expect(result?.code).to.equal(code);
    }
  });

  it("are decided on the page", async () => {
    await save();
    const visitor = visitPage(host);
    const page = await visitor.open();
    expect(page.fields.get("autoProvisioning-whenAddressChanged")).to.equal("create");
    const saved = await visitor.press(page, "save", {
      "autoProvisioning-whenAddressChanged": "refuse",
      untested: "1",
    });
    expect(saved.status).to.equal(303);
    const { settings } = await host.saml.readSettings("default");
    expect(settings.autoProvisioning.whenAddressChanged).to.equal("refuse");
  });
});
