import type { RoleId, UserId } from "../domain/access.ts";
import type { EmailAddress } from "../domain/email-address.ts";
import type { Profile } from "../domain/profile.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { KnownUser, NewUser } from "../domain/sign-in-decision.ts";
import type { TenantId } from "../domain/tenant.ts";

/**
 * The users of the host. By design there is no operation that disables, deletes, downgrades or
 * changes an active user.
 */
export interface UserDirectory {
  /** The user with this normal address, also when invited, suspended or deleted. */
  findByEmail(tenant: TenantId, email: EmailAddress): Promise<KnownUser | undefined>;
  /** Seats taken: users with one of `licensedRoles` who are active or invited. */
  countSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Those of {@link countSeats} whose users the plugin provisioned. For administrators: it looks at
   * every one of them, so no sign-in waits for it.
   */
  countJitSeats(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Like {@link countSeats}, and until the transaction ends nobody else in the tenant gets past this
   * call: the count stays true while a seat is taken. Only within a {@link UnitOfWork}.
   */
  countSeatsExclusively(tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /**
   * Creates an active user with every grant and the receipt, all or nothing.
   *
   * @throws EmailTakenError when the tenant has a user with this address; the transaction is void.
   */
  create(tenant: TenantId, user: NewUser, receipt: Receipt, profile: Profile): Promise<UserId>;
  /**
   * Makes an invited user active; role and grants stay as the invitation has them.
   *
   * @throws InvitationGoneError when the user is not invited (any more).
   */
  acceptInvitation(tenant: TenantId, userId: UserId): Promise<void>;
  /** The receipt of a provisioned user. */
  receiptOf(tenant: TenantId, userId: UserId): Promise<Receipt | undefined>;
}
