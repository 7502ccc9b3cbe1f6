import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { OneConnectionSettings } from "../../src/domain/one-connection.ts";
import type { ProvisioningRule } from "../../src/domain/settings.ts";
import { arrive } from "../support/arrivals.ts";
import { DATABASES } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";
import { makeTester } from "../support/test-sign-ins.ts";

const EMAIL = "ada@customer.example";
const GROUPS_LINK = "http://schemas.microsoft.com/claims/groups.link";

/** Managers become lite users in Sales; contractors are refused; the partner gets West. */
const RULES: readonly ProvisioningRule[] = [
  { when: { attribute: "groups", anyOf: ["managers", "leads"] }, role: "lite", groups: ["g2"] },
  { when: { attribute: "groups", anyOf: ["contractors"] }, refuse: true },
  {
    when: { emailDomain: ["partner.example"] },
    organizations: { kind: "selected", ids: ["o3"] },
  },
];

describe("rules for new users", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const ruled = (
    rules: readonly ProvisioningRule[] = RULES,
    changes: Partial<OneConnectionSettings["autoProvisioning"]> = {},
  ): OneConnectionSettings => {
    const { autoProvisioning } = openSettings(host);
    return openSettings(host, { autoProvisioning: { ...autoProvisioning, rules, ...changes } });
  };
  const save = (settings: OneConnectionSettings) =>
    host.saml.saveSettings("default", settings, "set-up");
  const send = async (method: string, path: string, body: unknown, headers: object = {}) => {
    const response = await fetch(`${host.baseUrl}/saml/settings${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const preview = async (attributes: object, email = EMAIL) =>
    (await send("POST", "/preview", { email, attributes })).body;
  const newest = () => host.memory.auditEntries(host.tenant)[0];

  it("give a new user what they say beyond the defaults, and the receipt says why", async () => {
    await save(ruled());
    await arrive(host, EMAIL, { attributes: { groups: ["staff", "managers"] } });
    const user = host.memory.userByEmail(host.tenant, EMAIL);
    expect(user).to.deep.include({
      role: "lite",
      groups: ["g1", "g2"],
      organizations: { kind: "selected", ids: ["o1", "o2"] },
    });
    expect(user?.receipt?.rules).to.deep.equal([
      {
        number: 1,
        matched: { attribute: "groups", value: "managers" },
        role: "lite",
        groups: ["g2"],
      },
    ]);
    expect(newest()?.detail).to.include({
      role: "lite",
      roleFrom: "rule 1 (groups = managers)",
      rules: "rule 1 (groups = managers)",
    });
  });

  it("match the domain of the address, and add up", async () => {
    await save(ruled([...RULES, { when: { connection: ["default"] }, groups: ["g2"] }]));
    await arrive(host, "eve@partner.example");
    expect(host.memory.userByEmail(host.tenant, "eve@partner.example")).to.deep.include({
      role: "editor",
      groups: ["g1", "g2"],
      organizations: { kind: "selected", ids: ["o1", "o2", "o3"] },
    });
    expect(newest()?.detail).to.include({
      roleFrom: "the defaults",
      rules: "rule 3 (email domain partner.example), rule 4 (connection default)",
    });
  });

  it("refuse with a code, a sentence and advice, and the rule in the audit entry", async () => {
    await save(ruled());
    const response = await arrive(host, EMAIL, {
      attributes: { groups: ["leads", "contractors"] },
    });
    expect(response.status).to.equal(403);
    expect(await response.text())
      .to.contain("Your organization doesn't allow you to have an account here.")
      .and.not.contain("contractors");
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    expect(newest()).to.deep.include({ outcome: "denied", code: "refused-by-rule", email: EMAIL });
    expect(newest()?.detail["reason"]).to.equal("rule 2 (groups = contractors) refuses");
  });

  it("refuse those whom none matches, where the settings say so", async () => {
    await save(ruled(RULES, { whenNoRuleMatches: "refuse" }));
    const response = await arrive(host, EMAIL, { attributes: { groups: ["staff"] } });
    expect(response.status).to.equal(403);
    expect(newest()).to.include({ code: "no-rule-matched" });
    await arrive(host, EMAIL, { attributes: { groups: "leads" } });
    expect(host.signedIn).to.have.length(1);
  });

  it("give an existing user nothing, and take nothing away", async () => {
    await save(ruled());
    await arrive(host, EMAIL, { attributes: { groups: ["managers"] } });
    const [before] = host.memory.usersOf(host.tenant);
    const administrator = { role: "administrator", privilegedRoleConfirmed: true };
    await save(
      ruled([{ when: { attribute: "groups", anyOf: ["staff"] }, role: "administrator" }], {
        ...administrator,
        whenNoRuleMatches: "refuse",
      }),
    );
    for (const groups of ["staff", "contractors", []]) {
      await arrive(host, EMAIL, { attributes: { groups } });
    }
    await save(ruled([{ when: { connection: ["default"] }, refuse: true }]));
    await arrive(host, EMAIL);
    expect(host.signedIn).to.have.length(5);
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([before]);
  });

  it("keep the license limit, by the role that they decide", async () => {
    host.licenseLimit = 0;
    await save(ruled());
    expect(await preview({})).to.include({ decision: "deny", rule: "license-exhausted" });
    await arrive(host, EMAIL);
    expect(newest()).to.include({ code: "license-exhausted" });
    expect(await preview({ groups: ["managers"] })).to.include({ decision: "provision" });
    await arrive(host, EMAIL, { attributes: { groups: "managers" } });
    expect(newest()).to.include({ outcome: "provisioned" });
  });

  it("are previewed with attributes, and each that matches is named", async () => {
    await save(ruled());
    expect(await preview({ groups: ["leads"] })).to.deep.include({
      decision: "provision",
      rule: "rule",
      rules: {
        count: 1,
        first: [{ number: 1, matched: { attribute: "groups", value: "leads" }, decides: "role" }],
      },
      role: { id: "lite", name: "Lite", licensed: false },
    });
    expect(await preview({ groups: ["contractors"] })).to.deep.include({
      decision: "deny",
      rule: "refused-by-rule",
      refusedBy: {
        number: 2,
        matched: { attribute: "groups", value: "contractors" },
        decides: "refusal",
      },
    });
    expect(await preview({}, "eve@partner.example")).to.deep.include({
      rule: "defaults",
      rules: { count: 1, first: [{ number: 3, matched: { emailDomain: "partner.example" } }] },
    });
    expect(await preview({ groups: "leads" })).to.include({ code: "body-invalid" });
  });

  it("are tested with the attributes that arrive", async () => {
    const tester = makeTester(host);
    const autoProvisioning = ruled().autoProvisioning;
    const test = await tester.begun(tester.draft({ autoProvisioning }));
    await tester.answer(test, { attributes: { groups: ["contractors"] } });
    const { state, result } = await tester.read(test.id);
    expect(state).to.equal("succeeded");
    expect(result).to.have.property("code", "refused-by-rule");
    expect(result).to.have.nested.property("received.decision.refusedBy.number", 2);
  });

  it("warn of groups that Entra left out: in audit entry, preview and test", async () => {
    await save(ruled());
    const attributes = { [GROUPS_LINK]: ["https://graph.example"], groups: ["managers"] };
    expect(await preview(attributes)).to.have.nested.property(
      "warnings.first[0].code",
      "groups-left-out",
    );
    await arrive(host, EMAIL, { attributes });
    expect(newest()?.detail["provisioning"]).to.match(/left out the user's groups/);
    expect(host.memory.userByEmail(host.tenant, EMAIL)).to.include({ role: "editor" });
    // The administrator who tests is a known user by now.
    const tester = makeTester(host);
    const test = await tester.begun();
    await tester.answer(test, { attributes });
    const { result } = await tester.read(test.id);
    expect(result).to.have.nested.property("received.decision.decision", "sign-in");
    expect(result).to.have.nested.property("warnings[0].code", "groups-left-out");
    expect(newest()?.detail["warnings"]).to.match(/left out the user's groups/);
  });

  it("are saved with domains in their normal form, and read as they were saved", async () => {
    const domains = { when: { emailDomain: [" Bücher.example"] }, groups: [] };
    const { status } = await send("PUT", "", ruled([domains]), { "If-Match": '"0"' });
    expect(status).to.equal(200);
    const { settings } = await host.saml.readSettings("default");
    expect(settings.autoProvisioning.rules).to.deep.equal([
      { when: { emailDomain: ["xn--bcher-kva.example"] }, groups: [] },
    ]);
  });

  it("are refused at their paths when they would not work", async () => {
    const wrong = [
      { when: { attribute: "groups", anyOf: ["a", "a"] }, role: "gone", groups: ["g1", "gone"] },
      { when: { emailDomain: ["customer.example"], connection: ["default"] } },
      { when: {} },
      { when: { attribute: "groups" } },
      { when: { connection: ["other"] }, refuse: false },
      { when: { attribute: "a\u0000", anyOf: ["\ud800"] } },
      { role: "lite" },
      "rule",
    ];
    const { body } = await send(
      "PUT",
      "?untested=accept",
      { ...ruled(), autoProvisioning: { ...ruled().autoProvisioning, rules: wrong } },
      { "If-Match": '"0"' },
    );
    const shape = (body["errors"] as { pointer: string; code: string }[]).map(
      ({ pointer, code }) => `${pointer.replace("/autoProvisioning/rules/", "")} ${code}`,
    );
    expect(shape).to.include.members([
      "4/refuse not-allowed",
      "6/when not-allowed",
      "7 type-invalid",
    ]);
    for (const index of [1, 2, 3, 5]) {
      expect(
        shape.some((fault) => fault.startsWith(`${index}/when`)),
        `${index}`,
      ).to.equal(true);
    }
    const { body: second } = await send(
      "PUT",
      "?untested=accept",
      {
        ...ruled(),
        autoProvisioning: {
          ...ruled().autoProvisioning,
          rules: [wrong[0], { when: { connection: ["other"] } }],
        },
      },
      { "If-Match": '"0"' },
    );
    expect(
      (second["errors"] as { pointer: string; code: string }[]).map(
        ({ pointer, code }) => `${pointer.replace("/autoProvisioning/rules/", "")} ${code}`,
      ),
    ).to.deep.equal([
      "0/when/anyOf/1 duplicate",
      "0/role unknown",
      "0/groups/1 unknown",
      "1/when/connection/0 unknown",
    ]);
  });
});

describe("settings that were saved before there were rules", () => {
  for (const { name, create } of DATABASES) {
    it(`mean on ${name} what they meant`, async () => {
      const database = await create();
      const { knex } = database;
      const host = await startHost({ knex });
      try {
        await host.saml.migrate();
        await host.saml.saveSettings("default", openSettings(host), "set-up");
        const row = await knex("saml_jit_settings").first("document");
        const { enforcement: _, profile: __, ...old } = JSON.parse(row.document);
        const { rules, whenNoRuleMatches, whenAddressChanged, ...defaults } = old.autoProvisioning;
        expect(rules, "what is taken away").to.deep.equal([]);
        expect([whenNoRuleMatches, whenAddressChanged]).to.deep.equal(["defaults", undefined]);
        const document = JSON.stringify({ ...old, autoProvisioning: defaults });
        await knex("saml_jit_settings").update({ document });

        const { settings } = await host.saml.readSettings("default");
        expect(settings.autoProvisioning).to.deep.include({
          rules: [],
          whenNoRuleMatches: "defaults",
        });
        expect(settings.enforcement).to.deep.equal({ enabled: false, exempt: [] });
        const { allowed } = await host.saml.passwordAllowed("default", "ada@customer.example");
        expect(allowed).to.equal(true);
        const attributes = { groups: ["managers"] };
        expect((await arrive(host, "ada@customer.example", { attributes })).status).to.equal(303);
        const user = await knex("saml_jit_users").first("id", "role");
        expect(user.role).to.equal("editor");
        const receipt = await host.saml.receipt("default", user.id);
        expect(receipt)
          .to.deep.include({ role: "editor", groups: ["g1"] })
          .and.not.have.property("rules");
        // Saved again by somebody who knows no rules either.
        const { enabled, connection, email, autoProvisioning } = openSettings(host);
        const { rules: _r, whenNoRuleMatches: _w, ...before } = autoProvisioning;
        const saved = await fetch(`${host.baseUrl}/saml/settings`, {
          method: "PUT",
          headers: { "Content-Type": "application/json", "If-Match": '"1"' },
          body: JSON.stringify({ enabled, connection, email, autoProvisioning: before }),
        });
        expect(saved.status).to.equal(200);
        const after = await host.saml.readSettings("default");
        expect(after.settings).to.deep.equal(settings);
      } finally {
        await host.stop();
        await database.drop();
      }
    });
  }
});
