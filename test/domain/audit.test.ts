import { expect } from "chai";
import { describe, it } from "mocha";
import {
  AUDIT_OUTCOMES,
  type AuditOutcome,
  DAY_MS,
  REFUSED_OUTCOMES,
} from "../../src/domain/audit.ts";

/** The compiler refuses this list when an outcome is missing: whether entries with a code are refusals. */
const MAY_BE_REFUSED: Readonly<Record<AuditOutcome, boolean>> = {
  "signed-in": false,
  provisioned: false,
  "invitation-accepted": false,
  denied: true,
  rejected: true,
  "settings-saved": false,
  "exemption-used": false,
  "domain-proof-changed": false,
  "metadata-changed": false,
  "metadata-failed": false,
  "certificate-expiring": false,
  "logged-out": false,
  "logout-rejected": true,
  tested: true,
};

describe("outcomes in the audit trail", () => {
  it("are counted by days", () => expect(DAY_MS).to.equal(86_400_000));

  it("can all be asked for, each once", () => {
    expect([...AUDIT_OUTCOMES].sort()).to.deep.equal(Object.keys(MAY_BE_REFUSED).sort());
  });

  it("can be refusals after a denied sign-in or test", () => {
    expect(REFUSED_OUTCOMES).to.deep.equal(AUDIT_OUTCOMES.filter((one) => MAY_BE_REFUSED[one]));
  });
});
