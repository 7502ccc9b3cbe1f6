import type { ConnectionId } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";

/**
 * The observed operations and their outcomes. An operation that throws has the outcome `failed`,
 * which is not listed. Names and outcomes are stable, so dashboards can rely on them.
 */
export interface OperationOutcomes {
  /** Start of a sign-in at the host. */
  readonly login: "redirect" | "choice-needed" | "refused";
  /** Handling of a response, from the form to the stored result. */
  readonly acs: "signed-in" | "provisioned" | "invitation-accepted" | "refused";
  /** Part of `acs`: gate, signatures, decryption, checks. */
  readonly verify: "verified" | "rejected";
  /** Part of `acs`: identifying the user and deciding the sign-in. */
  readonly decide: "entered" | "denied" | "used-before";
  /** Part of `decide`, for an unknown user: queries of the host's catalog and license limit. */
  readonly "host-facts": "answered";
  /** A transaction; `undone` if it was rolled back. */
  readonly transaction: "committed" | "undone";
  /** Start of a logout at the host. */
  readonly logout: "redirect" | "local-only";
  /** Handling of a logout message. */
  readonly "logout-message": "answer" | "done" | "uncertain" | "host-failed" | "refused";
  /** An attempt to save settings. */
  readonly "save-settings": "saved" | "conflict" | "invalid";
  /** Recording of a refusal that anyone can cause. */
  readonly "record-refusal": "denied" | "rejected" | "logout-rejected";
  /** Reading of the metadata of connections, and notices of expiry. */
  readonly "refresh-connections": "refreshed";
  /**
   * Part of `refresh-connections`, or asked for by an administrator: an attempt to read the metadata
   * of a connection; `skipped` if another process made it.
   */
  readonly "read-metadata":
    | "unchanged"
    | "certificates-added"
    | "change-waiting"
    | "added-and-waiting"
    | "unreadable"
    | "skipped";
  /** An administrator's decision on a change that waits. */
  readonly "resolve-change": "accepted" | "dismissed" | "changed" | "invalid";
  /** Deletion of expired data. */
  readonly purge: "purged";
}

/** Name of an observed operation. */
export type OperationName = keyof OperationOutcomes;

/** The result of an operation: bounded, without personal data. */
export interface Observation<Name extends OperationName = OperationName> {
  /** Outcome of the operation. */
  readonly outcome: OperationOutcomes[Name];
  /** A deny reason, a rejection code, or why metadata could not be read. */
  readonly code?: string;
  /** The connection, if the operation concerns one. */
  readonly connection?: ConnectionId;
  /** Reference of the audit entry. */
  readonly reference?: string;
  /** Number of deleted entries by kind. */
  readonly forgotten?: Readonly<Record<string, number>>;
  /** Number of certificates whose expiry was announced. */
  readonly announced?: number;
}

/** Observes operations, for tracing and metrics. */
export interface Telemetry {
  /**
   * Runs `work` once and returns its result or throws its error. Operations started while it runs
   * are its children. Must not fail or delay by itself.
   *
   * @param tell derives the observation from the result.
   */
  observe<Name extends OperationName, T>(
    operation: { readonly name: Name; readonly tenant?: TenantId },
    work: () => Promise<T>,
    tell: (result: T) => Observation<Name>,
  ): Promise<T>;
}
