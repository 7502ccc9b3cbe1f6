import { createHash } from "node:crypto";
import type { OaepHash } from "./algorithms.ts";

/** The two hashes of RSA-OAEP; XML Encryption 1.1 section 5.5.2 lets them differ. */
export interface OaepHashes {
  /** Of the label. */
  readonly digest: OaepHash;
  /** Of the mask generation function MGF1. */
  readonly mask: OaepHash;
}

const HASH_OCTETS: Readonly<Record<OaepHash, number>> = {
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/**
 * The message in an OAEP encoding with an empty label (RFC 8017 section 7.1.2, step 3);
 * `undefined` for any other octets. node:crypto does not support two different hashes.
 *
 * What is wrong must not be learnt from the time that this takes (Manger 2001): every octet is
 * looked at whatever the others are, and the one branch on a secret is on the result.
 *
 * @param encoded the raw result of RSA, as long as the modulus.
 */
export function decodeOaep(encoded: Buffer, { digest, mask }: OaepHashes): Buffer | undefined {
  const octets = HASH_OCTETS[digest];
  // The length of the key is no secret.
  if (encoded.length < 2 * octets + 2) return undefined;
  const maskedSeed = encoded.subarray(1, 1 + octets);
  const maskedBlock = encoded.subarray(1 + octets);
  const seed = exclusiveOr(maskedSeed, mgf1(maskedBlock, octets, mask));
  const block = exclusiveOr(maskedBlock, mgf1(seed, maskedBlock.length, mask));
  const label = createHash(digest).digest();

  let wrong = encoded[0] ?? 1;
  for (let at = 0; at < octets; at += 1) wrong |= (block[at] ?? 0) ^ (label[at] ?? 0);
  // Zeros, then a one, then the message. `seen` is 1 from the one on.
  let seen = 0;
  let start = 0;
  for (let at = octets; at < block.length; at += 1) {
    const octet = block[at] ?? 0;
    const isOne = ((octet ^ 1) - 1) >>> 31;
    const isZero = (octet - 1) >>> 31;
    start |= -(isOne & (seen ^ 1)) & (at + 1);
    seen |= isOne;
    wrong |= (seen ^ 1) & (isZero ^ 1);
  }
  wrong |= seen ^ 1;
  return wrong === 0 ? block.subarray(start) : undefined;
}

/** RFC 8017 appendix B.2.1. */
function mgf1(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const blocks: Buffer[] = [];
  for (let made = 0; made * HASH_OCTETS[hash] < length; made += 1) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(made);
    blocks.push(createHash(hash).update(seed).update(counter).digest());
  }
  return Buffer.concat(blocks, length);
}

function exclusiveOr(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((octet, at) => octet ^ (other[at] ?? 0)));
}
