import type { TenantId } from "../domain/tenant.ts";

/**
 * What is observed, and how each can end. What throws has ended `failed`, which is no member here.
 * Names and outcomes are stable: dashboards are built on them.
 */
export interface OperationOutcomes {
  /** A sign-in begins at the host. */
  readonly login: "redirect" | "refused";
  /** A response of the identity provider is handled, from its form to what is stored. */
  readonly acs: "signed-in" | "provisioned" | "invitation-accepted" | "refused";
  /** Part of `acs`: gate, signatures, decryption, checks. */
  readonly verify: "verified" | "rejected";
  /** Part of `acs`: whom the assertion names, and what becomes of them. */
  readonly decide: "entered" | "denied" | "used-before";
  /** Part of `decide`, for somebody unknown: the host's catalog and license limit are asked. */
  readonly "host-facts": "answered";
  /** What is stored together; `undone` for whatever reason. */
  readonly transaction: "committed" | "undone";
  /** A logout begins at the host. */
  readonly logout: "redirect" | "local-only";
  /** A logout message of the identity provider is handled. */
  readonly "logout-message": "answer" | "done" | "refused";
  /** Settings are saved, or not. */
  readonly "save-settings": "saved" | "conflict" | "invalid";
  /** A refusal that anybody could cause is recorded. */
  readonly "record-refusal": "denied" | "rejected" | "logout-rejected";
  /** What nobody needs any more is forgotten. */
  readonly purge: "purged";
}

/** Something that is observed. */
export type OperationName = keyof OperationOutcomes;

/** What there is to tell of an operation that has ended: bounded, and nothing about a person. */
export interface Observation<Name extends OperationName = OperationName> {
  /** How it ended. */
  readonly outcome: OperationOutcomes[Name];
  /** A deny reason or rejection code. */
  readonly code?: string;
  /** Of the audit entry, which tells the rest. */
  readonly reference?: string;
  /** How many entries of each kind were forgotten. */
  readonly forgotten?: Readonly<Record<string, number>>;
}

/** Watches operations: for tracing and metrics. */
export interface Telemetry {
  /**
   * Runs `work` once, and gives what it gives or throws what it throws. Operations that begin while
   * it runs are parts of it. Must neither fail nor wait on its own account.
   *
   * @param tell says what to note of the result.
   */
  observe<Name extends OperationName, T>(
    operation: { readonly name: Name; readonly tenant?: TenantId },
    work: () => Promise<T>,
    tell: (result: T) => Observation<Name>,
  ): Promise<T>;
}
