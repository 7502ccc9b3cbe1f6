import type { Actor } from "../../domain/audit.ts";
import { nextVersion, UNSAVED_SETTINGS, type VersionedSettings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { SettingsStore, Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail } from "../audit/audit.ts";
import type { RecordEvent } from "../events.ts";
import { retryWhileRaced } from "../run-in-transaction.ts";

export interface DisableSignInDeps {
  readonly settings: SettingsStore;
  readonly unitOfWork: UnitOfWork;
  readonly recordEvent: RecordEvent;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** The tenant whose single sign-on to turn off. */
export interface DisableSignInInput {
  readonly tenant: TenantId;
  /** The administrator. */
  readonly by: Actor;
}

/**
 * Turns off single sign-on, regardless of faults in the settings and of concurrent saves. Does
 * nothing if it is already off.
 *
 * @returns the stored settings.
 */
export type DisableSignIn = (input: DisableSignInInput) => Promise<VersionedSettings>;

export function makeDisableSignIn(deps: DisableSignInDeps): DisableSignIn {
  const { settings: store, unitOfWork, recordEvent, clock, ids, logger } = deps;

  async function attempt(
    stores: Stores,
    { tenant, by }: DisableSignInInput,
  ): Promise<VersionedSettings | "raced"> {
    const { settings, audit } = stores;
    const current = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    if (!current.settings.enabled) return current;
    const at = clock.now();
    const next = nextVersion(current, { ...current.settings, enabled: false }, { at, by: by.id });
    if (!(await settings.save(tenant, next))) return "raced";
    const reference = ids.reference();
    await audit.append(tenant, {
      id: ids.entryId(),
      reference,
      at,
      outcome: "settings-saved",
      actor: by.id,
      detail: auditDetail({
        version: next.version,
        enabled: "true -> false",
        actorName: by.name,
      }),
    });
    await recordEvent(stores, tenant, {
      type: "settings-saved",
      data: { version: next.version, by: by.id, enabled: false, changes: ["enabled"], reference },
    });
    return next;
  }

  return async (input) => {
    const { tenant } = input;
    const before = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
    if (!before.settings.enabled) return before;
    const after = await retryWhileRaced(() =>
      unitOfWork.run(tenant, (stores) => attempt(stores, input)),
    );
    if (after === undefined) {
      throw new Error("the settings changed concurrently at every attempt; giving up");
    }
    logger.info({ event: "saml.settings.disabled", tenant, version: after.version });
    return after;
  };
}
