import type { GroupId, OrganizationAccess, RoleId, UserId } from "../domain/access.ts";
import type { ConnectionId } from "../domain/settings.ts";
import type { ProvisionWarning } from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";

/** What each type of event says. Members may be added, never removed. */
export interface SamlEventData {
  /** A user signed in for the first time and was created. */
  readonly "user-provisioned": {
    /** The host's ID of the user. */
    readonly userId: UserId;
    /** The normalized address. */
    readonly email: string;
    /** The role that the user got. */
    readonly role: RoleId;
    /** The groups that the user got. */
    readonly groups: readonly GroupId[];
    /** The organizations that the user got. */
    readonly organizations: OrganizationAccess;
    /** The connection that the user came through. */
    readonly connection: ConnectionId;
    /** What an administrator should look at, such as a group that no longer exists. */
    readonly warnings: readonly ProvisionWarning["code"][];
    /** Reference of the audit entry. */
    readonly reference: string;
  };
  /** An invited user signed in for the first time and is active now. */
  readonly "invitation-accepted": {
    /** The host's ID of the user. */
    readonly userId: UserId;
    /** The normalized address. */
    readonly email: string;
    /** The connection that the user came through. */
    readonly connection: ConnectionId;
    /** Reference of the audit entry. */
    readonly reference: string;
  };
  /** A new user was refused because all licenses are in use. */
  readonly "license-refused": {
    /** The normalized address. */
    readonly email: string;
    /** The connection that the user came through. */
    readonly connection: ConnectionId;
    /** Message for administrators, such as how many licenses are in use. */
    readonly detail: string;
    /** Reference of the audit entry, which the user was shown. */
    readonly reference: string;
  };
  /** The settings were saved. */
  readonly "settings-saved": {
    /** Version of the saved settings. */
    readonly version: number;
    /** The host's ID of the administrator, or the actor that the host named. */
    readonly by: string;
    /** Whether single sign-on is on. */
    readonly enabled: boolean;
    /** Dotted paths of what changed. */
    readonly changes: readonly string[];
    /** Reference of the audit entry. */
    readonly reference: string;
  };
  /** The metadata of an identity provider differs from the settings. */
  readonly "metadata-changed": {
    /** The connection. */
    readonly connection: ConnectionId;
    /** SHA-256 fingerprints of the certificates that were added. */
    readonly applied: readonly string[];
    /** What waits for an administrator: what differs, each with what it would become. */
    readonly waiting: readonly string[];
    /** Reference of the audit entry. */
    readonly reference: string;
  };
  /** A certificate expires soon. */
  readonly "certificate-expiring": {
    /** The connection whose identity provider signs with it. Absent: it is ours. */
    readonly connection?: ConnectionId;
    /** SHA-256 fingerprint of the certificate. */
    readonly fingerprint: string;
    /** When it expires, in milliseconds since the epoch. */
    readonly notAfter: number;
    /** The notice: 30, 14, 7 or 1. It expires in at most as many days. */
    readonly daysLeft: number;
    /** Reference of the audit entry. */
    readonly reference: string;
  };
  /** A user whom enforced single sign-on exempts has used a password. */
  readonly "exemption-used": {
    /** The normalized address. */
    readonly email: string;
    /** Reference of the audit entry. */
    readonly reference: string;
  };
}

/** Type of an event. */
export type SamlEventType = keyof SamlEventData;

/** Something that happened, for the host's webhooks, mails and queues. */
export type SamlEvent<Type extends SamlEventType = SamlEventType> = {
  readonly [Each in Type]: {
    /**
     * Unique, and the same each time the event is delivered: a consumer that has seen it can ignore
     * it. A UUID.
     */
    readonly id: string;
    /** Tenant in which it happened. */
    readonly tenant: TenantId;
    /** When it happened, in milliseconds since the epoch. */
    readonly at: number;
    /** What happened. */
    readonly type: Each;
    /** What is to say about it. */
    readonly data: SamlEventData[Each];
  };
}[Type];

/** An event in the outbox. */
export interface WaitingEvent {
  /** Its place among the tenant's events; rises with every event. */
  readonly position: number;
  /** The event. */
  readonly event: SamlEvent;
}

/**
 * Events that wait to be delivered. A process claims the events of a tenant before it
 * delivers them, so that they are delivered in order and by one process at a time. A claim ends with
 * its lease: another process then delivers what a dead one had claimed.
 */
export interface EventOutbox {
  /**
   * Adds an event after all that other transactions have committed for its tenant. Only within a
   * {@link UnitOfWork}, as its last write: others that add an event of the tenant wait for its end.
   */
  append(event: SamlEvent): Promise<void>;
  /** The first tenant after `after`, in the order of IDs, that has waiting events. */
  nextTenant(after: TenantId | undefined): Promise<TenantId | undefined>;
  /**
   * Claims the events of a tenant for `leaseSeconds`. Atomic: of concurrent calls exactly one claims
   * them.
   *
   * @param holder names the claim; not used before.
   * @returns whether they are claimed; false while another claim lasts.
   */
  claim(tenant: TenantId, holder: string, leaseSeconds: number): Promise<boolean>;
  /** The tenant's waiting events, in order, at most `limit`. */
  waiting(tenant: TenantId, limit: number): Promise<readonly WaitingEvent[]>;
  /**
   * Removes an event that was delivered, and extends the claim to `leaseSeconds` from now.
   *
   * @returns false, without any change, if the claim is no longer the latest of the tenant: another
   * process delivers the event again, and those after it.
   */
  delivered(
    tenant: TenantId,
    holder: string,
    position: number,
    leaseSeconds: number,
  ): Promise<boolean>;
  /** When the oldest waiting event of all tenants happened; `undefined` if none waits. */
  oldestAt(): Promise<number | undefined>;
  /** Ends a claim. Does nothing if it is no longer the latest of the tenant. */
  release(tenant: TenantId, holder: string): Promise<void>;
  /**
   * Deletes at most `limit` events of all tenants that happened before `before` (milliseconds since
   * the epoch) and were not delivered.
   *
   * @returns the number of deleted events.
   */
  purgeBefore(before: number, limit: number): Promise<number>;
}
