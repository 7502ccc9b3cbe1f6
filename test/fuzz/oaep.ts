import { createHash } from "node:crypto";
import { decodeOaep, type OaepHashes } from "../../src/adapters/saml2-js/crypto/rsa-oaep.ts";
import { makeRandom, type Random } from "./random.ts";

const HASHES = ["sha1", "sha256", "sha384", "sha512"] as const;

/** An encoding that the decoder reads otherwise than RFC 8017 says. */
export interface OaepFinding {
  readonly seed: number;
  readonly hashes: OaepHashes;
  readonly encoded: string;
}

/** Encodes random messages, damages some, and decodes them beside a decoder that hides nothing. */
export function fuzzOaep(
  seed: number,
  goOn: (runs: number) => boolean,
): { readonly runs: number; readonly opened: number; readonly findings: readonly OaepFinding[] } {
  const findings: OaepFinding[] = [];
  let runs = 0;
  let opened = 0;
  for (; goOn(runs); runs += 1) {
    const own = (seed + Math.imul(runs, 0x9e3779b1)) >>> 0;
    const random = makeRandom(own);
    const hashes = { digest: random.pick(HASHES), mask: random.pick(HASHES) };
    const encoded = encoding(random, hashes);
    const expected = plainDecoding(encoded, hashes);
    const found = decodeOaep(encoded, hashes);
    if (expected !== undefined) opened += 1;
    if (found?.toString("hex") !== expected?.toString("hex")) {
      findings.push({ seed: own, hashes, encoded: encoded.toString("base64") });
    }
  }
  return { runs, opened, findings };
}

function encoding(random: Random, { digest, mask }: OaepHashes): Buffer {
  const label = createHash(digest).digest();
  const octets = random.pick([128, 256, 257, 384]);
  const space = octets - 2 * label.length - 2;
  if (space < 0) return bytes(random, octets);
  const message = bytes(random, random.integer(space + 1));
  const block = Buffer.concat([
    label,
    Buffer.alloc(space - message.length),
    Uint8Array.of(1),
    message,
  ]);
  // Within the block: the label, the zeros, the one, what comes after.
  if (random.chance(0.5)) block[random.integer(block.length)] = random.integer(256);
  if (random.chance(0.1)) block.fill(random.integer(2), label.length);
  const seed = bytes(random, label.length);
  const maskedBlock = masked(block, seed, mask);
  const first = random.chance(0.1) ? random.integer(256) : 0;
  const encoded = Buffer.concat([
    Uint8Array.of(first),
    masked(seed, maskedBlock, mask),
    maskedBlock,
  ]);
  if (random.chance(0.1)) return encoded.subarray(0, random.integer(encoded.length));
  if (random.chance(0.1)) encoded[random.integer(encoded.length)] = random.integer(256);
  return encoded;
}

/** RFC 8017 section 7.1.2, step 3, as it is written. */
function plainDecoding(encoded: Buffer, { digest, mask }: OaepHashes): Buffer | undefined {
  const label = createHash(digest).digest();
  if (encoded.length < 2 * label.length + 2 || encoded[0] !== 0) return undefined;
  const maskedBlock = encoded.subarray(1 + label.length);
  const seed = masked(encoded.subarray(1, 1 + label.length), maskedBlock, mask);
  const block = masked(maskedBlock, seed, mask);
  if (!block.subarray(0, label.length).equals(label)) return undefined;
  const rest = block.subarray(label.length);
  const end = rest.findIndex((octet) => octet !== 0);
  return end !== -1 && rest[end] === 1 ? rest.subarray(end + 1) : undefined;
}

function masked(octets: Buffer, seed: Buffer, hash: OaepHashes["mask"]): Buffer {
  const result = Buffer.from(octets);
  let stream = Buffer.alloc(0);
  for (let count = 0; stream.length < octets.length; count += 1) {
    const block = createHash(hash)
      .update(seed)
      .update(Uint8Array.of(0, 0, 0, count))
      .digest();
    stream = Buffer.concat([stream, block]);
  }
  for (let at = 0; at < result.length; at += 1) result[at] = (result[at] ?? 0) ^ (stream[at] ?? 0);
  return result;
}

function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(256)));
}
