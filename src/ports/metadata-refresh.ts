import type { MetadataFailureCode, RefreshState } from "../domain/metadata-refresh.ts";
import type { ConnectionId } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Awaitable } from "./errors.ts";

/** Metadata to fetch. */
export interface MetadataRequest {
  /** https URL. */
  readonly url: string;
  /** ETag of the last answer. */
  readonly etag?: string;
  /** Last-Modified of the last answer. */
  readonly lastModified?: string;
}

/** Result of {@link FetchMetadata}. */
export type FetchedMetadata =
  | {
      readonly kind: "metadata";
      /** The document. */
      readonly xml: string;
      /** ETag of this answer. */
      readonly etag?: string;
      /** Last-Modified of this answer. */
      readonly lastModified?: string;
    }
  /** The document is the one that the request's validators name. */
  | { readonly kind: "not-modified" }
  | {
      readonly kind: "failed";
      readonly code: MetadataFailureCode;
      /** Message for administrators. */
      readonly detail: string;
    };

/**
 * Fetches the metadata of an identity provider. The URL is an administrator's: an implementation
 * must not reach what the administrator could not. Failures are values. Bounded in size and time.
 */
export type FetchMetadata = (request: MetadataRequest) => Awaitable<FetchedMetadata>;

/** Remembers what is known of the metadata of connections. */
export interface RefreshStates {
  /** The states of a tenant's connections, in any order. */
  load(tenant: TenantId): Promise<readonly RefreshState[]>;
  /**
   * Saves `next` if the stored revision is `next.revision - 1` (0: nothing stored). Atomic across
   * processes, so that one of several makes an attempt.
   *
   * @returns whether it was saved; false if another revision was saved concurrently.
   */
  save(tenant: TenantId, next: RefreshState): Promise<boolean>;
  /** Removes the state of a connection that no longer exists; does nothing if there is none. */
  forget(tenant: TenantId, connection: ConnectionId): Promise<void>;
}
