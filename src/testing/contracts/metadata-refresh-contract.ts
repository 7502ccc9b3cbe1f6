import assert from "node:assert/strict";
import { defined } from "../../domain/defined.ts";
import type { RefreshState } from "../../domain/metadata-refresh.ts";
import type { FetchMetadata } from "../../ports/metadata-refresh.ts";
import {
  type ContractCase,
  isolationCase,
  type MakeStoresSubject,
  storesCase,
} from "./contract-case.ts";
import { atOnce, SAMPLE_TIME, valuesOf } from "./samples.ts";

/** State of a connection with every kind of member. */
export function sampleRefresh(revision: number, connection = "acme"): RefreshState {
  return {
    connection,
    revision,
    url: "https://idp.example.test/metadata?x='\"%_",
    entityId: "https://idp.example.test/😀",
    nextAttemptAt: SAMPLE_TIME + revision,
    etag: '"one"',
    published: {
      ssoUrl: "https://idp.example.test/sso",
      sloBinding: "post",
      certificates: [{ text: "MIIC".repeat(500), fingerprint: "AB:CD", notAfter: SAMPLE_TIME }],
    },
    known: ["AB:CD", "EF:01"],
    waiting: { tag: "cd".repeat(32), since: SAMPLE_TIME },
    failures: 2,
    lastSuccessAt: SAMPLE_TIME,
    lastFailure: { at: SAMPLE_TIME, code: "too-slow", detail: "ü😀" },
  };
}

/** What every RefreshStates promises. */
export function refreshStatesContract(makeSubject: MakeStoresSubject): readonly ContractCase[] {
  return [
    storesCase(makeSubject, "gives back what was saved", async ({ stores, tenant }) => {
      const { refreshes } = stores;
      assert.deepEqual(await refreshes.load(tenant), []);
      assert.equal(await refreshes.save(tenant, sampleRefresh(1)), true);
      assert.equal(await refreshes.save(tenant, sampleRefresh(1, "other")), true);
      assert.equal(await refreshes.save(tenant, sampleRefresh(2)), true);
      const loaded = await refreshes.load(tenant);
      const byName = [...loaded].sort((a, b) => (a.connection < b.connection ? -1 : 1));
      assert.deepEqual(byName, [sampleRefresh(2), sampleRefresh(1, "other")]);
    }),
    storesCase(
      makeSubject,
      "saves only over the revision that was read",
      async ({ stores: { refreshes }, tenant }) => {
        assert.equal(await refreshes.save(tenant, sampleRefresh(2)), false);
        assert.equal(await refreshes.save(tenant, sampleRefresh(1)), true);
        assert.equal(await refreshes.save(tenant, sampleRefresh(1)), false);
        assert.equal(await refreshes.save(tenant, sampleRefresh(3)), false);
        assert.deepEqual(await refreshes.load(tenant), [sampleRefresh(1)]);
      },
    ),
    storesCase(
      makeSubject,
      "lets one of 10 concurrent attempts begin, the first and later ones",
      async ({ stores: { refreshes }, unitOfWork, tenant }) => {
        const first = await atOnce(10, () => refreshes.save(tenant, sampleRefresh(1)));
        assert.deepEqual(valuesOf(first).filter(Boolean), [true]);
        const later = await atOnce(10, () =>
          unitOfWork.run(tenant, (stores) => stores.refreshes.save(tenant, sampleRefresh(2))),
        );
        assert.equal(later.length, valuesOf(later).length);
        assert.deepEqual(valuesOf(later).filter(Boolean), [true]);
      },
    ),
    storesCase(makeSubject, "forgets a connection", async ({ stores: { refreshes }, tenant }) => {
      await refreshes.save(tenant, sampleRefresh(1));
      await refreshes.save(tenant, sampleRefresh(1, "other"));
      await refreshes.forget(tenant, "acme");
      await refreshes.forget(tenant, "unknown");
      assert.deepEqual(await refreshes.load(tenant), [sampleRefresh(1, "other")]);
      assert.equal(await refreshes.save(tenant, sampleRefresh(1)), true);
    }),
    isolationCase(
      makeSubject,
      "keeps tenants apart",
      async ({ stores: { refreshes }, tenant }, otherTenant) => {
        await refreshes.save(tenant, sampleRefresh(1));
        assert.deepEqual(await refreshes.load(otherTenant), []);
        await refreshes.forget(otherTenant, "acme");
        assert.deepEqual(await refreshes.load(tenant), [sampleRefresh(1)]);
      },
    ),
  ];
}

/** A function under test, and a server that it can reach. */
export interface FetchMetadataSubject {
  /** Under test. */
  readonly fetchMetadata: FetchMetadata;
  /** URL that answers with the document. */
  readonly url: string;
  /** The document. */
  readonly xml: string;
  /** URL that answers with an error. */
  readonly brokenUrl: string;
}

/** What every FetchMetadata promises. */
export function fetchMetadataContract(
  makeSubject: () => Promise<FetchMetadataSubject>,
): readonly ContractCase[] {
  const fetchCase = (
    name: string,
    run: (subject: FetchMetadataSubject) => Promise<void>,
  ): ContractCase => ({ name, run: async () => run(await makeSubject()) });
  return [
    fetchCase("returns the document as it is", async ({ fetchMetadata, url, xml }) => {
      const fetched = await fetchMetadata({ url });
      assert.equal(fetched.kind === "metadata" && fetched.xml, xml);
    }),
    fetchCase("says that nothing has changed, or the document", async (subject) => {
      const { fetchMetadata, url, xml } = subject;
      const first = await fetchMetadata({ url });
      assert.equal(first.kind, "metadata");
      if (first.kind !== "metadata") return;
      const { etag, lastModified } = first;
      const again = await fetchMetadata({
        url,
        ...defined({ etag, lastModified }),
      });
      assert.ok(again.kind === "not-modified" || (again.kind === "metadata" && again.xml === xml));
    }),
    fetchCase("returns failures as values", async ({ fetchMetadata, brokenUrl }) => {
      for (const url of [brokenUrl, "no URL", "https://user:secret@idp.example/"]) {
        const fetched = await fetchMetadata({ url });
        assert.equal(fetched.kind, "failed");
        assert.ok(fetched.kind === "failed" && fetched.detail !== "");
      }
    }),
  ];
}
