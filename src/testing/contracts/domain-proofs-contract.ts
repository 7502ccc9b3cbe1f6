import assert from "node:assert/strict";
import type { DomainProof } from "../../domain/domain-proof.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, valuesOf } from "./samples.ts";

/** What every DomainProofs promises. */
export function domainProofsContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(
      makeSubject,
      "gives back the proofs of a tenant, in the order of their domains",
      async ({ stores: { domainProofs }, tenant }) => {
        assert.deepEqual(await domainProofs.list(tenant), []);
        for (const domain of ["b.example", "xn--bcher-kva.example", "a.example"]) {
          assert.equal(await domainProofs.add(tenant, sampleProof(domain)), true);
        }
        const all = ["a.example", "b.example", "xn--bcher-kva.example"].map((one) =>
          sampleProof(one),
        );
        assert.deepEqual(await domainProofs.list(tenant), all);
      },
    ),
    storesCase(
      makeSubject,
      "replaces the proof of a domain by its token alone",
      async ({ stores: { domainProofs }, tenant }) => {
        const proof = sampleProof("a.example");
        assert.equal(await domainProofs.replace(tenant, proof), false);
        await domainProofs.add(tenant, proof);
        const other = { ...proof, token: "other", provenAt: SAMPLE_TIME };
        assert.equal(await domainProofs.replace(tenant, other), false);
        const proven = { ...proof, checkedAt: SAMPLE_TIME + 2, provenAt: SAMPLE_TIME + 1 };
        const lost = { ...proven, lostAt: SAMPLE_TIME + 2 };
        for (const next of [proven, lost, lost, proven, proof]) {
          assert.equal(await domainProofs.replace(tenant, next), true);
          assert.deepEqual(await domainProofs.list(tenant), [next]);
        }
      },
    ),
    storesCase(
      makeSubject,
      "adds a domain once, of 10 that come together",
      async ({ stores: { domainProofs }, tenant }) => {
        const results = await atOnce(10, async (index) => ({
          token: `token-${index}`,
          added: await domainProofs.add(tenant, sampleProof("a.example", `token-${index}`)),
        }));
        const added = valuesOf(results).filter((one) => one.added);
        assert.equal(valuesOf(results).length, 10);
        assert.deepEqual(
          (await domainProofs.list(tenant)).map(({ token }) => token),
          added.map(({ token }) => token),
        );
      },
    ),
    storesCase(
      makeSubject,
      "removes a domain, and keeps what a transaction undid",
      async ({ stores: { domainProofs }, unitOfWork, tenant }) => {
        await domainProofs.add(tenant, sampleProof("a.example"));
        await domainProofs.add(tenant, sampleProof("b.example"));
        const undone = unitOfWork.run(tenant, async (stores) => {
          await stores.domainProofs.forget(tenant, "a.example");
          throw new Error("undone");
        });
        await assert.rejects(undone, /undone/);
        assert.equal(await domainProofs.forget(tenant, "b.example"), true);
        assert.equal(await domainProofs.forget(tenant, "b.example"), false);
        assert.deepEqual(await domainProofs.list(tenant), [sampleProof("a.example")]);
      },
    ),
    isolationCase(makeSubject, "keeps tenants apart", async ({ stores, tenant }, otherTenant) => {
      const { domainProofs } = stores;
      const proof = sampleProof("a.example");
      await domainProofs.add(tenant, proof);
      assert.deepEqual(await domainProofs.list(otherTenant), []);
      assert.equal(await domainProofs.replace(otherTenant, proof), false);
      assert.equal(await domainProofs.forget(otherTenant, proof.domain), false);
      assert.equal(await domainProofs.add(otherTenant, sampleProof("a.example", "other")), true);
      assert.deepEqual(await domainProofs.list(tenant), [proof]);
    }),
  ];
}

function sampleProof(domain: string, token = "ab".repeat(16)): DomainProof {
  return { domain, token, createdAt: SAMPLE_TIME };
}
