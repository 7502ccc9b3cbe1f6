import { DAY_MS } from "./audit.ts";
import { defined } from "./defined.ts";
import type { Binding, ConnectionId, IdentityProvider } from "./settings.ts";
import { MAX_CERTIFICATES } from "./settings-rules.ts";

/** Why metadata could not be read. */
export type MetadataFailureCode =
  /** The URL, or one that it leads to, is not https, has credentials, or is not on the internet. */
  | "url-refused"
  /** The name does not resolve, the server does not answer, or its certificate is not valid. */
  | "not-reachable"
  /** Not complete within 10 seconds. */
  | "too-slow"
  /** More than 2 MB. */
  | "too-large"
  /** More than 3 redirects. */
  | "too-many-redirects"
  /** Another status than 200 or 304. */
  | "status-unexpected"
  /** Compressed, or not UTF-8. */
  | "encoding-unsupported"
  /** Not the metadata of an identity provider, or no longer valid. */
  | "metadata-invalid"
  /** The metadata does not describe the identity provider of the connection. */
  | "entity-missing"
  /** The host's own function failed. */
  | "host-failed";

/** Every {@link MetadataFailureCode}. */
export const METADATA_FAILURES: readonly MetadataFailureCode[] = [
  "url-refused",
  "not-reachable",
  "too-slow",
  "too-large",
  "too-many-redirects",
  "status-unexpected",
  "encoding-unsupported",
  "metadata-invalid",
  "entity-missing",
  "host-failed",
];

/** What metadata says of an identity provider, as far as a connection follows it. */
export interface PublishedMetadata {
  /** URL for login requests. */
  readonly ssoUrl: string;
  /** Binding of login requests. Default: `redirect`. */
  readonly ssoBinding?: Binding;
  /** URL for logout messages. */
  readonly sloUrl?: string;
  /** URL for logout responses. */
  readonly sloResponseUrl?: string;
  /** Binding of logout messages. Default: `redirect`. */
  readonly sloBinding?: Binding;
  /** Signing certificates. */
  readonly certificates: readonly PublishedCertificate[];
}

/** A certificate with what identifies it. */
export interface PublishedCertificate {
  /** PEM or Base64. */
  readonly text: string;
  /** SHA-256 of the DER form. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** What is known of the metadata of a connection. */
export interface RefreshState {
  /** The connection. */
  readonly connection: ConnectionId;
  /** Incremented by every write; 1 for the first. */
  readonly revision: number;
  /** Where it was read from; what was read from another URL says nothing. */
  readonly url: string;
  /** The identity provider; what was read of another one says nothing. */
  readonly entityId: string;
  /** No attempt before, in milliseconds since the epoch. */
  readonly nextAttemptAt: number;
  /** ETag of the last answer. */
  readonly etag?: string;
  /** Last-Modified of the last answer. */
  readonly lastModified?: string;
  /** What the last metadata said; absent until it has been read once. */
  readonly published?: PublishedMetadata;
  /**
   * Fingerprints of the certificates that the connection or its metadata ever had, newest last. Only
   * others are added without an administrator.
   */
  readonly known: readonly string[];
  /** Difference that an administrator has dismissed, by its tag. */
  readonly dismissed?: string;
  /** The difference that waits, by its tag, and since when. */
  readonly waiting?: { readonly tag: string; readonly since: number };
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Last success, in milliseconds since the epoch. */
  readonly lastSuccessAt?: number;
  /** Last failure; kept after a success. */
  readonly lastFailure?: MetadataFailure;
}

/** An attempt that failed. */
export interface MetadataFailure {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Stable code. */
  readonly code: MetadataFailureCode;
  /** Message for administrators. */
  readonly detail: string;
}

/** Members of an identity provider that metadata decides, besides certificates. */
export type FollowedMember = "ssoUrl" | "ssoBinding" | "sloUrl" | "sloResponseUrl" | "sloBinding";

const FOLLOWED: readonly FollowedMember[] = [
  "ssoUrl",
  "ssoBinding",
  "sloUrl",
  "sloResponseUrl",
  "sloBinding",
];

/** What metadata says otherwise than the settings. */
export interface MetadataDifference {
  /** Other URLs and bindings; absent means none. */
  readonly members: readonly {
    readonly member: FollowedMember;
    readonly from?: string;
    readonly to?: string;
  }[];
  /** Certificates of the settings that the metadata no longer has. */
  readonly removed: readonly PublishedCertificate[];
  /** Certificates of the metadata that the settings had before, and have no more. */
  readonly added: readonly PublishedCertificate[];
}

/** The connection's side of a comparison with metadata. */
export interface FollowingConnection {
  readonly idp: IdentityProvider;
  /** Its certificates, in order; without those that cannot be read. */
  readonly certificates: readonly PublishedCertificate[];
}

/** Certificates that are added without an administrator: they interrupt nobody. */
export function certificatesToAdd(
  { idp, certificates }: FollowingConnection,
  published: PublishedMetadata,
  known: readonly string[],
  now: number,
): readonly PublishedCertificate[] {
  const old = new Set([...known, ...fingerprintsOf(certificates)]);
  return published.certificates
    .filter(({ fingerprint, notAfter }) => !old.has(fingerprint) && notAfter > now)
    .slice(0, Math.max(0, MAX_CERTIFICATES - idp.certificates.length));
}

/** What waits for an administrator; `undefined` if the connection says what the metadata says. */
export function differenceOf(
  { idp, certificates }: FollowingConnection,
  published: PublishedMetadata,
  now: number,
): MetadataDifference | undefined {
  const members = FOLLOWED.flatMap((member) => {
    const [from, to] = [memberValue(idp, member), memberValue(published, member)];
    return from === to
      ? []
      : [
          {
            member,
            ...defined({ from, to }),
          },
        ];
  });
  const there = new Set(fingerprintsOf(published.certificates));
  const here = new Set(fingerprintsOf(certificates));
  const removed = certificates.filter(({ fingerprint }) => !there.has(fingerprint));
  const added = published.certificates.filter(
    ({ fingerprint, notAfter }) => !here.has(fingerprint) && notAfter > now,
  );
  return members.length + removed.length + added.length === 0
    ? undefined
    : { members, removed, added };
}

/** The identity provider with everything that the metadata says. */
export function withPublished(
  { idp, certificates }: FollowingConnection,
  published: PublishedMetadata,
  { added, removed }: MetadataDifference,
): IdentityProvider {
  const gone = new Set(removed.map(({ text }) => text));
  const kept = certificates.filter(({ text }) => !gone.has(text));
  const { ssoBinding, sloUrl, sloResponseUrl, sloBinding, ...rest } = idp;
  return {
    ...rest,
    ssoUrl: published.ssoUrl,
    ...defined({
      ssoBinding: published.ssoBinding,
      sloUrl: published.sloUrl,
      sloResponseUrl: published.sloResponseUrl,
      sloBinding: published.sloBinding,
    }),
    certificates: [...kept, ...added].map(({ text }) => text),
  };
}

/** HTTP-Redirect is what an absent binding means; a binding without its URL means nothing. */
function memberValue(
  side: Pick<PublishedMetadata, FollowedMember>,
  member: FollowedMember,
): string | undefined {
  const value = side[member];
  if (member === "sloBinding" && side.sloUrl === undefined) return undefined;
  return value === "redirect" ? undefined : value; // which is no URL
}

export function fingerprintsOf(certificates: readonly PublishedCertificate[]): readonly string[] {
  return certificates.map(({ fingerprint }) => fingerprint);
}

/** Maximum number of fingerprints to remember for each connection. */
const MAX_KNOWN = 200;

/** What is known after `certificates` have been seen. */
export function knownAfter(
  known: readonly string[],
  certificates: readonly PublishedCertificate[],
): readonly string[] {
  const seen = new Set(fingerprintsOf(certificates));
  return [...known.filter((fingerprint) => !seen.has(fingerprint)), ...seen].slice(-MAX_KNOWN);
}

const MINUTE_MS = 60_000;
/** How long an attempt keeps other processes from making one. */
export const ATTEMPT_LEASE_MS: number = MINUTE_MS;
const AFTER_SUCCESS_MS = 40 * MINUTE_MS;
const AFTER_FAILURE_MS = 5 * MINUTE_MS;
const LONGEST_MS = 24 * 60 * MINUTE_MS;

/**
 * When the next attempt is due: 40 minutes after a success, 5 minutes after a failure and twice as
 * long after each further one, at most a day; up to half as much again by chance.
 *
 * @param chance from 0 to 1.
 */
export function nextAttempt(now: number, failures: number, chance: number): number {
  const wait =
    failures === 0
      ? AFTER_SUCCESS_MS
      : Math.min(LONGEST_MS, AFTER_FAILURE_MS * 2 ** Math.min(failures - 1, 20));
  return now + Math.floor(wait * (1 + chance / 2));
}

/** Days ahead of which a certificate's expiry is announced, each once. */
export const NOTICE_DAYS: readonly number[] = [1, 7, 14, 30];

/** The notice that is due for a certificate; `undefined` if none is. */
export function noticeDays(notAfter: number, now: number): number | undefined {
  const left = notAfter - now;
  return left <= 0 ? undefined : NOTICE_DAYS.find((days) => left <= days * DAY_MS);
}
