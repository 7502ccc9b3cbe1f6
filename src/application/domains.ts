import type { Actor } from "../domain/audit.ts";
import {
  canBeProven,
  checkedProof,
  type DomainProof,
  lostDomains,
  MAX_PROOFS,
  type ProofRecord,
  type ProofState,
  proofRecord,
  proofState,
} from "../domain/domain-proof.ts";
import { parseDomain } from "../domain/email-address.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { DomainProofs, ResolveTxt } from "../ports/domain-proofs.ts";
import type { Clock, IdSource } from "../ports/environment.ts";
import type { UnitOfWork } from "../ports/unit-of-work.ts";
import { auditDetail } from "./audit/audit.ts";

/** A domain with its record, for administrators. */
export interface DomainRead extends Omit<DomainProof, "token"> {
  /** `lost` domains still count as proven. */
  readonly state: ProofState;
  /** The TXT record that proves the domain. */
  readonly record: ProofRecord;
}

/** Why a domain is not added. */
export type DomainRefusal = "domain-invalid" | "too-many";

/** Result of a check. */
export interface DomainChecked {
  readonly domain: DomainRead;
  /** What DNS said; after `unreachable` the domain is as it was. */
  readonly answer: "found" | "missing" | "unreachable";
}

/** Email domains that administrators prove by DNS. */
export interface Domains {
  /** All, in their order. */
  list(tenant: TenantId): Promise<readonly DomainRead[]>;
  /** Proven domains whose record is missing. */
  lost(tenant: TenantId): Promise<ReadonlySet<string>>;
  /** Makes the record of a domain; the one that there is if it was made before. */
  add(tenant: TenantId, raw: string): Promise<DomainRead | DomainRefusal>;
  /** Looks for the record. `undefined` if the domain was not added. */
  check(tenant: TenantId, raw: string, by: Actor): Promise<DomainChecked | undefined>;
  /** Forgets a domain, which is not proven any more. @returns whether it was there. */
  remove(tenant: TenantId, raw: string, by: Actor): Promise<boolean>;
}

const TOKEN_LENGTH = 32;

export function makeDomains({
  domainProofs,
  unitOfWork,
  resolveTxt,
  clock,
  ids,
}: {
  readonly domainProofs: DomainProofs;
  readonly unitOfWork: UnitOfWork;
  readonly resolveTxt: ResolveTxt;
  readonly clock: Clock;
  readonly ids: IdSource;
}): Domains {
  async function find(tenant: TenantId, raw: string): Promise<DomainProof | undefined> {
    const domain = parseDomain(raw);
    return (await domainProofs.list(tenant)).find((one) => one.domain === domain);
  }

  const entry = (by: Actor, domain: string, from: ProofState, to: ProofState | "removed") => ({
    id: ids.entryId(),
    reference: ids.reference(),
    at: clock.now(),
    outcome: "domain-proof-changed" as const,
    actor: by.id,
    detail: auditDetail({ domain, proof: `${from} -> ${to}`, actorName: by.name }),
  });

  return {
    list: async (tenant) => (await domainProofs.list(tenant)).map(readOf),
    lost: async (tenant) => lostDomains(await domainProofs.list(tenant)),
    add: async (tenant, raw) => {
      const domain = parseDomain(raw.trim());
      if (domain === undefined || !canBeProven(domain)) return "domain-invalid";
      const known = await domainProofs.list(tenant);
      const there = known.find((one) => one.domain === domain);
      if (there !== undefined) return readOf(there);
      if (known.length >= MAX_PROOFS) return "too-many";
      // Random: tenants of other platforms have the same IDs, and must not share a record.
      const token = ids.digest(tenant, domain, ids.entryId(), ids.reference());
      const proof = { domain, token: token.slice(0, TOKEN_LENGTH), createdAt: clock.now() };
      const added = await domainProofs.add(tenant, proof);
      return readOf(added ? proof : ((await find(tenant, domain)) ?? proof));
    },
    check: async (tenant, raw, by) => {
      const proof = await find(tenant, raw);
      if (proof === undefined) return undefined;
      const answer = await resolveTxt(proofRecord(proof).name);
      if (answer.kind === "unreachable") return { domain: readOf(proof), answer: answer.kind };
      const checked = checkedProof(proof, answer.texts, clock.now());
      const [before, after] = [proofState(proof), proofState(checked)];
      const replaced = await unitOfWork.run(tenant, async (stores) => {
        if (!(await stores.domainProofs.replace(tenant, checked))) return false;
        if (before !== after) {
          await stores.audit.append(tenant, entry(by, proof.domain, before, after));
        }
        return true;
      });
      if (!replaced) return undefined;
      return { domain: readOf(checked), answer: after === "proven" ? "found" : "missing" };
    },
    remove: async (tenant, raw, by) => {
      const proof = await find(tenant, raw);
      if (proof === undefined) return false;
      const { domain } = proof;
      return unitOfWork.run(tenant, async (stores) => {
        if (!(await stores.domainProofs.forget(tenant, domain))) return false;
        await stores.audit.append(tenant, entry(by, domain, proofState(proof), "removed"));
        return true;
      });
    },
  };
}

function readOf(proof: DomainProof): DomainRead {
  const { token: _, ...read } = proof;
  return { ...read, state: proofState(proof), record: proofRecord(proof) };
}
