/** An email domain that a tenant has to prove, by a TXT record in its DNS. */
export interface DomainProof {
  /** Normal form: lower-case A-labels. */
  readonly domain: string;
  /** Content of the record, made for this tenant and this domain alone. */
  readonly token: string;
  /** When the token was made, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** When DNS last answered, in milliseconds since the epoch. Absent: never. */
  readonly checkedAt?: number;
  /** When the record was first found, in milliseconds since the epoch. Absent: not proven. */
  readonly provenAt?: number;
  /**
   * Since when the record is missing, in milliseconds since the epoch. The domain stays proven until
   * an administrator removes it, because DNS fails more often than a domain changes hands.
   */
  readonly lostAt?: number;
}

/** Whether a domain is proven: `lost` domains still are, and need an administrator's decision. */
export type ProofState = "unproven" | "proven" | "lost";

/** Maximum number of domains of a tenant that have a token. */
export const MAX_PROOFS = 200;

const LABEL = "_saml-jit";
const PREFIX = "saml-jit=";
/** Maximum length of a name in DNS, in characters (RFC 1035 section 2.3.4). */
const MAX_NAME = 253;

/** The TXT record that proves a domain. */
export interface ProofRecord {
  /** Name of the record. */
  readonly name: string;
  /** Its text. */
  readonly value: string;
}

/** The record that proves `proof`. */
export function proofRecord({ domain, token }: Pick<DomainProof, "domain" | "token">): ProofRecord {
  return { name: `${LABEL}.${domain}`, value: `${PREFIX}${token}` };
}

/** Whether the name of the record fits into DNS. */
export function canBeProven(domain: string): boolean {
  return LABEL.length + 1 + domain.length <= MAX_NAME;
}

/** The proof after DNS has answered with these texts. */
export function checkedProof(
  proof: DomainProof,
  texts: readonly string[],
  now: number,
): DomainProof {
  const { value } = proofRecord(proof);
  const { lostAt, ...kept } = { ...proof, checkedAt: now };
  if (texts.includes(value)) return { ...kept, provenAt: proof.provenAt ?? now };
  return proof.provenAt === undefined ? kept : { ...kept, lostAt: lostAt ?? now };
}

/** Whether the domain is proven. */
export function proofState({ provenAt, lostAt }: DomainProof): ProofState {
  if (provenAt === undefined) return "unproven";
  return lostAt === undefined ? "proven" : "lost";
}

/** The domains that count as proven. */
export function provenDomains(proofs: readonly DomainProof[]): ReadonlySet<string> {
  return new Set(proofs.filter(({ provenAt }) => provenAt !== undefined).map((one) => one.domain));
}

/** The domains whose record is missing. */
export function lostDomains(proofs: readonly DomainProof[]): ReadonlySet<string> {
  return new Set(proofs.filter((one) => proofState(one) === "lost").map(({ domain }) => domain));
}
