import { expect } from "chai";
import { describe, it } from "mocha";
import {
  canBeProven,
  checkedProof,
  type DomainProof,
  lostDomains,
  proofRecord,
  proofState,
  provenDomains,
} from "../../src/domain/domain-proof.ts";

const PROOF: DomainProof = { domain: "corp.example", token: "abc", createdAt: 1 };
const TEXT = "saml-jit=abc";

describe("the proof of a domain", () => {
  it("is a TXT record below the domain", () => {
    expect(proofRecord(PROOF)).to.deep.equal({ name: "_saml-jit.corp.example", value: TEXT });
  });

  it("needs a name that fits into DNS", () => {
    expect(canBeProven("x".repeat(243))).to.equal(true);
    expect(canBeProven("x".repeat(244))).to.equal(false);
  });

  it("is made by the record, and kept by it", () => {
    const none = checkedProof(PROOF, ["other"], 5);
    expect(none).to.deep.equal({ ...PROOF, checkedAt: 5 });
    expect(proofState(none)).to.equal("unproven");
    const proven = checkedProof(none, ["other", TEXT], 6);
    expect(proven).to.deep.equal({ ...PROOF, checkedAt: 6, provenAt: 6 });
    expect(proofState(proven)).to.equal("proven");
    expect(checkedProof(proven, [TEXT], 7)).to.deep.equal({ ...proven, checkedAt: 7 });
  });

  it("is lost without the record, until it is found again", () => {
    const proven = checkedProof(PROOF, [TEXT], 6);
    const lost = checkedProof(proven, [], 8);
    expect(lost).to.deep.equal({ ...proven, checkedAt: 8, lostAt: 8 });
    expect(proofState(lost)).to.equal("lost");
    expect(checkedProof(lost, [], 9)).to.deep.equal({ ...lost, checkedAt: 9 });
    expect(checkedProof(lost, [TEXT], 10)).to.deep.equal({ ...proven, checkedAt: 10 });
  });

  it("counts while it is lost", () => {
    const proofs: readonly DomainProof[] = [
      { ...PROOF, domain: "none.example" },
      { ...PROOF, domain: "proven.example", provenAt: 2 },
      { ...PROOF, domain: "lost.example", provenAt: 2, lostAt: 3 },
    ];
    expect([...provenDomains(proofs)]).to.deep.equal(["proven.example", "lost.example"]);
    expect([...lostDomains(proofs)]).to.deep.equal(["lost.example"]);
  });
});
