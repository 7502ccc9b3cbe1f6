import { domainOf, type EmailAddress, parseEmailAddress } from "../domain/email-address.ts";
import { passwordRule, type Settings, UNSAVED_SETTINGS } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { VerifiedDomains } from "../ports/access-catalog.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import type { SettingsStore, UnitOfWork } from "../ports/unit-of-work.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import { auditDetail } from "./audit/audit.ts";
import type { RecordEvent } from "./events.ts";

/** Whether a user may sign in with a password. */
export type PasswordAnswer =
  | { readonly allowed: true }
  /** Single sign-on is enforced for the address. */
  | {
      readonly allowed: false;
      /** URL to send the user to. */
      readonly loginUrl: string;
    };

/**
 * Answers the host's password form, after the password was right. Every use of an exemption is
 * audited.
 *
 * @throws StorageUnavailableError
 */
export type PasswordAllowed = (query: {
  readonly tenant: TenantId;
  readonly email: string;
}) => Promise<boolean>;

/** Tenants whose hosts have asked since this process started. */
export interface Asked {
  has(tenant: TenantId): boolean;
  add(tenant: TenantId): void;
}

/** Maximum number of tenants that are remembered; the health of the others says nothing. */
const MAX_ASKED = 10_000;

export function makeAsked(): Asked {
  const asked = new Set<TenantId>();
  return {
    has: (tenant) => asked.has(tenant) || asked.size >= MAX_ASKED,
    add: (tenant) => {
      if (asked.size < MAX_ASKED) asked.add(tenant);
    },
  };
}

export function makePasswordAllowed(deps: {
  readonly settings: SettingsStore;
  readonly users: UserDirectory;
  readonly unitOfWork: UnitOfWork;
  readonly recordEvent: RecordEvent;
  readonly verifiedDomains: VerifiedDomains;
  readonly asked: Asked;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}): PasswordAllowed {
  const { settings: store, users, unitOfWork, recordEvent, verifiedDomains, asked } = deps;
  const { clock, ids, logger } = deps;

  async function recordExemption(tenant: TenantId, email: EmailAddress): Promise<void> {
    const reference = ids.reference();
    await unitOfWork.run(tenant, async (stores) => {
      await stores.audit.append(tenant, {
        id: ids.entryId(),
        reference,
        at: clock.now(),
        outcome: "exemption-used",
        email,
        detail: auditDetail({}),
      });
      await recordEvent(stores, tenant, { type: "exemption-used", data: { email, reference } });
    });
  }

  return async ({ tenant, email: raw }) => {
    asked.add(tenant);
    const { settings } = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
    const parsed = parseEmailAddress(raw);
    // No user of ours can have it, so it is the host's to refuse.
    if (!parsed.ok) return true;
    const email = parsed.address;
    switch (passwordRule(settings, email)) {
      case "not-enforced":
        return true;
      case "exempt":
        // Before the host's callbacks are asked: they may be what has to be repaired.
        await recordExemption(tenant, email);
        return true;
      case "enforced": {
        // With the last exempt user gone, nobody could repair a broken connection.
        if (!(await hasActiveExempt(users, tenant, settings))) {
          logger.warn({ event: "saml.enforcement.suspended", tenant });
          return true;
        }
        // Where a domain has to be proven and is not, its sign-ins are refused.
        return (await verifiedDomains(tenant))?.has(domainOf(email)) === false;
      }
    }
  };
}

/** Whether at least one exempt address belongs to a user who can sign in. */
export async function hasActiveExempt(
  users: UserDirectory,
  tenant: TenantId,
  { enforcement }: Settings,
): Promise<boolean> {
  for (const exempt of enforcement.exempt) {
    const parsed = parseEmailAddress(exempt);
    const user = parsed.ok ? await users.findByEmail(tenant, parsed.address) : undefined;
    if (user?.state === "active") return true;
  }
  return false;
}
