import type { DomainProof } from "../../../domain/domain-proof.ts";
import type { TenantId } from "../../../domain/tenant.ts";
import type { DomainProofs } from "../../../ports/domain-proofs.ts";
import type { DatabaseSession } from "../db/database-session.ts";
import { insertIfAbsent } from "../db/upserts.ts";
import type { Tables } from "../migrations/table-names.ts";
import { DOMAIN_PROOF_COLUMNS, type DomainProofRow } from "./rows.ts";

const KEY = ["tenant", "domain"] as const;

/** Proven domains, one row each. */
export function makeDomainProofs({
  session,
  tables,
}: {
  readonly session: DatabaseSession;
  readonly tables: Tables;
}): DomainProofs {
  const table = tables.domainProofs;
  return {
    list: (tenant) =>
      session.run(async (db) => {
        const rows: readonly DomainProofRow[] = await db(table)
          .where({ tenant })
          .orderBy("domain")
          .select(DOMAIN_PROOF_COLUMNS);
        return rows.map(proofOf);
      }),
    add: (tenant, proof) =>
      session.run(async (db) => {
        const rows = [rowOf(tenant, proof)];
        const there = await insertIfAbsent(db, session.dialect, { table, key: KEY, rows });
        return there === undefined;
      }),
    replace: (tenant, proof) =>
      session.run(async (db) => {
        const { domain, token } = proof;
        const found = db(table).where({ tenant, domain, token });
        return (await found.update(rowOf(tenant, proof))) === 1;
      }),
    forget: (tenant, domain) =>
      session.run(async (db) => (await db(table).where({ tenant, domain }).delete()) === 1),
  };
}

function rowOf(
  tenant: TenantId,
  { domain, token, createdAt, checkedAt, provenAt, lostAt }: DomainProof,
) {
  return {
    tenant,
    domain,
    token,
    created_at: createdAt,
    checked_at: checkedAt ?? null,
    proven_at: provenAt ?? null,
    lost_at: lostAt ?? null,
  };
}

function proofOf({ domain, token, created, checked, proven, lost }: DomainProofRow): DomainProof {
  return {
    domain,
    token,
    createdAt: Number(created),
    ...(isPresent(checked) ? { checkedAt: Number(checked) } : {}),
    ...(isPresent(proven) ? { provenAt: Number(proven) } : {}),
    ...(isPresent(lost) ? { lostAt: Number(lost) } : {}),
  };
}

function isPresent(value: number | string | null | undefined): boolean {
  return value !== null && value !== undefined;
}
