import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { HealthCheckName, LogEventName } from "../../src/mod.ts";
import type { OperationName, OperationOutcomes } from "../../src/ports/telemetry.ts";

// The types close these lists: what the code has more or less does not compile.
const OUTCOMES: { [Name in OperationName]: Record<OperationOutcomes[Name], true> } = {
  login: { redirect: true, "choice-needed": true, refused: true },
  acs: { "signed-in": true, provisioned: true, "invitation-accepted": true, refused: true },
  verify: { verified: true, rejected: true },
  decide: { entered: true, denied: true, "used-before": true },
  "host-facts": { answered: true },
  transaction: { committed: true, undone: true },
  logout: { redirect: true, "local-only": true },
  "logout-message": {
    answer: true,
    done: true,
    uncertain: true,
    "host-failed": true,
    refused: true,
  },
  "save-settings": { saved: true, conflict: true, invalid: true },
  "record-refusal": { denied: true, rejected: true, "logout-rejected": true },
  "refresh-connections": { refreshed: true },
  "read-metadata": {
    unchanged: true,
    "certificates-added": true,
    "change-waiting": true,
    "added-and-waiting": true,
    unreadable: true,
    skipped: true,
  },
  "resolve-change": { accepted: true, dismissed: true, changed: true, invalid: true },
  purge: { purged: true },
};
const EVENTS: Record<LogEventName, "info" | "warn" | "error"> = {
  "saml.base-url.unencrypted": "warn",
  "saml.second-reading-off": "warn",
  "saml.host-finding": "warn",
  "saml.readings-disagree": "error",
  "saml.retiring-key-used": "warn",
  "saml.request.failed": "error",
  "saml.request.refused": "info",
  "saml.login.refused": "info",
  "saml.denied": "info",
  "saml.rejected": "info",
  "saml.logout-rejected": "info",
  "saml.settings.saved": "info",
  "saml.settings.disabled": "info",
  "saml.enforcement.suspended": "warn",
  "saml.metadata.changed": "info",
  "saml.metadata.failed": "warn",
  "saml.certificate.expiring": "warn",
  "saml.tested": "info",
  "saml.events.not-accepted": "error",
  "saml.events.dropped": "warn",
  "saml.page.part-failed": "error",
};
const CHECKS: Record<HealthCheckName, true> = {
  storage: true,
  migrations: true,
  "service-provider-certificate": true,
  "identity-provider-certificates": true,
  metadata: true,
  "second-reading": true,
  "verified-domains": true,
  enforcement: true,
  events: true,
  host: true,
};

const DOCUMENT = readFileSync("docs/OBSERVABILITY.md", "utf8");

/** The rows of the table whose head begins with `head`, cell by cell. */
function rowsOf(head: string): readonly (readonly string[])[] {
  const [, table = ""] = DOCUMENT.split(`\n| ${head} |`);
  return (table.split("\n\n")[0] ?? "")
    .split("\n")
    .slice(2)
    .map((row) => row.slice(2, -2).split(" | "));
}

const plain = (text = ""): string => text.replaceAll("`", "");

describe("docs/OBSERVABILITY.md", () => {
  it("has every operation with its outcomes", () => {
    const documented = rowsOf("operation").map(([name, , outcomes]) => [
      plain(name),
      plain(outcomes).split(", "),
    ]);
    const known = Object.entries(OUTCOMES).map(([name, outcomes]) => [name, Object.keys(outcomes)]);
    expect(documented).to.deep.equal(known);
  });

  it("has every log event with its level", () => {
    const documented = rowsOf("event").map(([name, level]) => [plain(name), level]);
    expect(Object.fromEntries(documented)).to.deep.equal(EVENTS);
  });

  it("has every check of the health", () => {
    const documented = rowsOf("check").map(([name]) => plain(name));
    expect(documented).to.deep.equal(Object.keys(CHECKS));
  });

  it("has every metric and attribute that OpenTelemetry is given", () => {
    const source = readFileSync("src/adapters/opentelemetry/open-telemetry.ts", "utf8");
    const names = new Set(
      [...source.matchAll(/"((?:saml|error)\.[a-z.]+)"/g)].map(([, name]) => name),
    );
    const documented = [...rowsOf("attribute"), ...rowsOf("metric")]
      .flatMap(([cell]) => plain(cell).split(", "))
      .sort();
    expect(documented).to.deep.equal([...names].sort());
  });
});
