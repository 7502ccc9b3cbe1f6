import type { DomainProof } from "../domain/domain-proof.ts";
import type { TenantId } from "../domain/tenant.ts";

/** The email domains that tenants prove by DNS. */
export interface DomainProofs {
  /** All proofs of a tenant, in the order of their domains. */
  list(tenant: TenantId): Promise<readonly DomainProof[]>;
  /**
   * Adds a proof, unless the tenant has one of the domain.
   *
   * @returns whether it was added.
   */
  add(tenant: TenantId, proof: DomainProof): Promise<boolean>;
  /**
   * Replaces the proof of the same domain and token.
   *
   * @returns whether there was one.
   */
  replace(tenant: TenantId, proof: DomainProof): Promise<boolean>;
  /**
   * Removes the proof of a domain.
   *
   * @returns whether there was one.
   */
  forget(tenant: TenantId, domain: string): Promise<boolean>;
}

/** What DNS says of a name. */
export type TxtAnswer =
  /** The texts of its TXT records; none if the name does not exist. */
  | { readonly kind: "answered"; readonly texts: readonly string[] }
  /** No answer in time, or a failure: this says nothing about the name. */
  | { readonly kind: "unreachable" };

/** Looks up the TXT records of a name. Does not throw, and answers within seconds. */
export type ResolveTxt = (name: string) => Promise<TxtAnswer>;
