import { createHash, randomBytes } from "node:crypto";
import { referenceOf } from "../../domain/reference.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";

const REFERENCE_OCTETS = 12;

/**
 * Identifiers from time and chance. Entry IDs are UUIDs of version 7 (RFC 9562 section 5.7, with
 * the counter of section 6.2), so they sort by time, and within a millisecond by making.
 */
export function makeRandomIds({ clock }: { readonly clock: Clock }): IdSource {
  let lastMs = 0;
  let counter = 0;
  return {
    entryId: () => {
      const now = clock.now();
      counter = now > lastMs ? 0 : counter + 1;
      // A clock that stands or goes back must not make IDs that sort before older ones.
      lastMs = Math.max(lastMs, now) + Math.floor(counter / 4096);
      counter %= 4096;
      const time = lastMs.toString(16).padStart(12, "0");
      const random = randomBytes(8);
      random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
      const tail = random.toString("hex");
      return [
        time.slice(0, 8),
        time.slice(8),
        `7${counter.toString(16).padStart(3, "0")}`,
        tail.slice(0, 4),
        tail.slice(4),
      ].join("-");
    },
    reference: () => referenceOf(randomBytes(REFERENCE_OCTETS)),
    digest: (...parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
  };
}
