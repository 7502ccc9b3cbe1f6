import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { SeatsTaken } from "../../src/domain/access.ts";
import { parseEmailAddress } from "../../src/domain/email-address.ts";
import {
  createdBy,
  type Forecast,
  type ForecastFacts,
  forecasts,
  NEWCOMERS,
} from "../../src/domain/license-report.ts";
import { provisionedBy } from "../../src/domain/preview.ts";
import type { AutoProvisioning, Connection, Settings } from "../../src/domain/settings.ts";
import { decideSignIn } from "../../src/domain/sign-in-decision.ts";
import { firstSignIn } from "./support/arbitraries.ts";
import { CATALOG, CONNECTION, LITE, savedSettings } from "./support/examples.ts";

const MANAGERS = { when: { attribute: "groups", anyOf: ["managers", "leads"] } };

function forecast(
  provisioning: Partial<AutoProvisioning>,
  seats: SeatsTaken = { used: 3, limit: 5 },
  changes: Partial<Settings> = {},
  facts: Partial<ForecastFacts> = {},
): readonly Forecast[] {
  const settings = savedSettings(provisioning, changes);
  return forecasts({ settings, catalog: CATALOG, seats, ...facts }).first;
}

/** Such as `2 editor by defaults to 5`, and `8 license-exhausted`. */
function outcomes(found: readonly Forecast[], index = 0): readonly string[] {
  return (found[index]?.outcomes ?? []).map((outcome) =>
    outcome.decision === "deny"
      ? `${outcome.newcomers} ${outcome.rule}`
      : `${outcome.newcomers} ${outcome.role} by ${outcome.rule} to ${outcome.seatsAfter}`,
  );
}

describe("the next newcomers", () => {
  it("take the seats that are left, and then the policy for exhausted licenses decides", () => {
    expect(outcomes(forecast({}))).to.deep.equal([
      "2 editor by defaults to 5",
      "8 license-exhausted",
    ]);
    expect(outcomes(forecast({ whenLicensesRunOut: { kind: "allow" } }))).to.deep.equal([
      "2 editor by defaults to 5",
      "8 editor by license-overage to 13",
    ]);
    const lite = { kind: "lite", role: LITE.id } as const;
    expect(outcomes(forecast({ whenLicensesRunOut: lite }))).to.deep.equal([
      "2 editor by defaults to 5",
      "8 lite by license-fallback to 5",
    ]);
  });

  it("are all created without a limit, or with a role that uses no license", () => {
    expect(outcomes(forecast({}, { used: 3 }))).to.deep.equal(["10 editor by defaults to 13"]);
    expect(outcomes(forecast({ role: LITE.id }, { used: 5, limit: 5 }))).to.deep.equal([
      "10 lite by defaults to 5",
    ]);
  });

  it("are all refused where a sign-in would be, with the reason", () => {
    const found = forecast({ role: "gone" });
    expect(found[0]?.outcomes).to.deep.equal([
      {
        decision: "deny",
        newcomers: 10,
        rule: "defaults-invalid",
        detail: "the default role gone does not exist",
      },
    ]);
    expect(outcomes(forecast({ enabled: false }))).to.deep.equal(["10 jit-disabled"]);
    expect(outcomes(forecast({}, { used: 0 }, { enabled: false }))).to.deep.equal([
      "10 sso-disabled",
    ]);
    expect(outcomes(forecast({}, { used: 0 }, { connections: [] }))).to.deep.equal([
      "10 editor by defaults to 10",
    ]);
    const disabled = [{ ...CONNECTION, enabled: false }];
    expect(outcomes(forecast({}, { used: 0 }, { connections: disabled }))).to.deep.equal([
      "10 sso-disabled",
    ]);
  });

  it("are also those whom each rule is for, by its first value", () => {
    const found = forecast({
      rules: [
        { ...MANAGERS, role: LITE.id },
        { when: { attribute: "groups", anyOf: ["managers"] }, groups: ["reviewers"] },
        { when: { attribute: "groups", anyOf: ["blocked"] }, refuse: true },
      ],
    });
    const through = { connection: "default", domain: "corp.example" };
    expect(found.map(({ assumed }) => assumed)).to.deep.equal([
      { ...through, matching: [] },
      { ...through, rule: 1, matching: [1, 2] },
      { ...through, rule: 2, matching: [1, 2] },
      { ...through, rule: 3, matching: [3] },
    ]);
    expect([0, 1, 2, 3].map((index) => outcomes(found, index))).to.deep.equal([
      ["2 editor by defaults to 5", "8 license-exhausted"],
      ["10 lite by rule to 3"],
      ["10 lite by rule to 3"],
      ["10 refused-by-rule"],
    ]);
  });

  it("come through the connection and the domain that a rule names", () => {
    const second: Connection = {
      ...CONNECTION,
      id: "second",
      domains: ["partner.example"],
      idp: { ...CONNECTION.idp, entityId: "https://second.example" },
    };
    const rules = [
      { when: { emailDomain: ["partner.example", "corp.example"] }, role: LITE.id },
      { when: { connection: ["second"] } },
      { when: { connection: ["gone"] } },
      { when: { emailDomain: ["nobodys.example"] } },
      { when: { emailDomain: ["not a domain"] } },
      { when: { emailDomain: [] } },
    ];
    const found = forecast({ rules }, { used: 0 }, { connections: [CONNECTION, second] });
    expect(found.map(({ assumed: { rule: _, ...assumed } }) => assumed)).to.deep.equal([
      { connection: "default", domain: "corp.example", matching: [1] },
      { connection: "second", domain: "partner.example", matching: [1, 2] },
      { connection: "second", domain: "partner.example", matching: [1, 2] },
      { connection: "default", domain: "corp.example", matching: [1] },
      { connection: "default", domain: "nobodys.example", matching: [] },
      { connection: "default", domain: "not a domain", matching: [] },
      { connection: "default", matching: [] },
    ]);
    expect(found[5]?.outcomes[0])
      .to.have.property("detail")
      .that.matches(/^the assumed address is not a valid email address: /);
    expect([1, 4, 5].map((index) => outcomes(found, index))).to.deep.equal([
      ["10 lite by rule to 0"],
      ["10 domain-not-allowed"],
      ["10 email-invalid"],
    ]);
  });

  it("are those for whom the defaults hold, wherever they do", () => {
    const open: Connection = {
      ...CONNECTION,
      domains: ["corp.example"],
      acceptsOtherDomains: true,
    };
    const rules = [{ when: { emailDomain: ["corp.example"] }, role: LITE.id }];
    const [plain] = forecast({ rules }, { used: 0 }, { connections: [open] });
    expect(plain?.assumed).to.deep.equal({ connection: "default", matching: [] });
    const verifiedDomains = new Set(["elsewhere.example", "corp.example"]);
    const [proven] = forecast({ rules }, { used: 0 }, { connections: [open] }, { verifiedDomains });
    expect(proven?.assumed).to.include({ domain: "elsewhere.example" });
    const [nowhere] = forecast({}, { used: 0 }, {}, { verifiedDomains: new Set() });
    expect(nowhere?.outcomes[0]).to.deep.include({ rule: "domain-not-verified", newcomers: 10 });
    const [listed] = forecast({}, { used: 0 }, {}, { verifiedDomains });
    expect(listed?.assumed).to.include({ domain: "corp.example" });
    const both = [{ ...CONNECTION, domains: ["corp.example", "elsewhere.example"] }];
    const onlyOne = { verifiedDomains: new Set(["elsewhere.example"]) };
    const [second] = forecast({}, { used: 0 }, { connections: both }, onlyOne);
    expect(second?.assumed).to.include({ domain: "elsewhere.example" });
    const other = { ...CONNECTION, id: "other", domains: ["elsewhere.example"] };
    const [through] = forecast({}, { used: 0 }, { connections: [open, other] }, onlyOne);
    expect(through?.assumed).to.include({ connection: "other", domain: "elsewhere.example" });
  });

  it("are looked for at the first 20 domains of a connection, listed or proven", () => {
    const named = (count: number) => Array.from({ length: count }, (_, one) => `d${one}.example`);
    const rules = (count: number) => [{ when: { emailDomain: named(count) }, role: LITE.id }];
    const assumed = (count: number, connection: Partial<Connection>, facts = {}) =>
      forecast(
        { rules: rules(count) },
        { used: 0 },
        { connections: [{ ...CONNECTION, ...connection }] },
        facts,
      )[0]?.assumed;
    const listed = { domains: named(100) };
    expect(assumed(19, listed)).to.deep.include({ domain: "d19.example", matching: [] });
    expect(assumed(20, listed)).to.deep.include({ domain: "d0.example", matching: [1] });
    const open = { domains: [], acceptsOtherDomains: true };
    const verifiedDomains = new Set(named(100));
    expect(assumed(19, open, { verifiedDomains })).to.include({ domain: "d19.example" });
    expect(assumed(20, open, { verifiedDomains })).to.include({ domain: "d0.example" });
  });

  it("are refused where no rule matches, if the settings say so", () => {
    const found = forecast({ rules: [MANAGERS], whenNoRuleMatches: "refuse" });
    expect(outcomes(found)).to.deep.equal(["10 no-rule-matched"]);
    expect(outcomes(found, 1)).to.deep.equal(["2 editor by defaults to 5", "8 license-exhausted"]);
  });

  it("are forecast for the first 20 rules only, of which there may be 100", () => {
    const rules = Array.from({ length: 100 }, () => MANAGERS);
    const { count, first } = forecasts({
      settings: savedSettings({ rules }),
      catalog: CATALOG,
      seats: { used: 0 },
    });
    expect(count).to.equal(101);
    expect(first).to.have.length(21);
    expect(first.at(-1)?.assumed.rule).to.equal(20);
  });

  it("are decided as their sign-ins would be, one after the other", () => {
    fc.assert(
      fc.property(firstSignIn, fc.nat({ max: 12 }), fc.nat({ max: 12 }), (facts, used, limit) => {
        const { settings, lookup } = facts;
        const { catalog } = lookup;
        const found = forecasts({ settings, catalog, seats: { used, limit } }).first;
        const { rules } = settings.settings.autoProvisioning;
        for (const { assumed, outcomes: told } of found) {
          const when = assumed.rule === undefined ? undefined : rules[assumed.rule - 1]?.when;
          const connection = settings.settings.connections.find(
            ({ id }) => id === assumed.connection,
          );
          const parsed = parseEmailAddress(`x@${assumed.domain ?? "unlisted.example"}`);
          if (connection === undefined || !parsed.ok) return expect.fail();
          const attributes =
            when !== undefined && "attribute" in when
              ? [{ name: when.attribute, values: when.anyOf.slice(0, 1) }]
              : [];
          let seats = used;
          const expected: string[] = [];
          for (let newcomer = 0; newcomer < NEWCOMERS; newcomer += 1) {
            const decision = decideSignIn({
              identity: { kind: "email", address: parsed.address, from: [] },
              asserted: { connection, attributes },
              settings,
              lookup: { kind: "unknown", catalog, licenses: { used: seats, limit } },
            });
            if (decision.kind === "provision") {
              seats = decision.receipt.seatsAfter ?? Number.NaN;
              expected.push(`${decision.user.role} ${provisionedBy(decision)}`);
            } else {
              expected.push(decision.kind === "deny" ? decision.reason : "");
            }
          }
          const inARow = told.flatMap((outcome) =>
            Array.from({ length: outcome.newcomers }, () =>
              outcome.decision === "provision" ? `${outcome.role} ${outcome.rule}` : outcome.rule,
            ),
          );
          expect(inARow).to.deep.equal(expected);
          const last = told.findLast(({ decision }) => decision === "provision");
          if (last?.decision === "provision") expect(last.seatsAfter).to.equal(seats);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("created users", () => {
  it("are added up by what is asked for, and those with a licensed role apart", () => {
    const counts = [
      { role: "lite", connection: "b", month: "2026-11", users: 3 },
      { role: "editor", connection: "b", month: "2026-02", users: 4 },
      { role: "gone", connection: "a", month: "2026-11", users: 1 },
      { role: "editor", month: "2025-12", users: 2 },
    ];
    const licensed = new Set(["editor"]);
    const months = createdBy(counts, licensed, ({ month }) => month);
    expect(Object.fromEntries(months)).to.deep.equal({
      "2025-12": { created: 2, seats: 2 },
      "2026-02": { created: 4, seats: 4 },
      "2026-11": { created: 4, seats: 0 },
    });
    const connections = createdBy(counts, licensed, ({ connection = "" }) => connection);
    expect(Object.fromEntries(connections)).to.deep.equal({
      "": { created: 2, seats: 2 },
      a: { created: 1, seats: 0 },
      b: { created: 7, seats: 4 },
    });
    expect(createdBy([], licensed, ({ role }) => role).size).to.equal(0);
  });
});
