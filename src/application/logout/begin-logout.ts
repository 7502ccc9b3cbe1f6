import {
  connectionOfIssuer,
  type IdentityProvider,
  UNSAVED_SETTINGS,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { Clock, IdSource } from "../../ports/environment.ts";
import type { BrowserMessage, IdentityPort, ServiceProvider } from "../../ports/identity-port.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import { auditDetail, samlActor } from "../audit/audit.ts";
import { PENDING_LOGOUT_MS, type PendingLogout } from "../sign-in/pending-request.ts";
import type { SamlSession } from "../sign-in/sign-in-outcome.ts";

export interface BeginLogoutDeps {
  readonly settings: SettingsStore;
  readonly identity: IdentityPort;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The session to end at the identity provider. */
export interface BeginLogoutInput {
  readonly tenant: TenantId;
  readonly sp: ServiceProvider;
  readonly session: SamlSession;
}

/** Next URL. */
export type LogoutBegun =
  | {
      readonly kind: "redirect";
      readonly message: BrowserMessage;
      /** State that the browser's cookie must keep. */
      readonly pending: PendingLogout;
    }
  /** The identity provider knows no single logout, or is another one by now. */
  | { readonly kind: "local-only" };

/** Asks the identity provider to end a session that the host has just ended on its side. */
export type BeginLogout = (input: BeginLogoutInput) => Promise<LogoutBegun>;

export function makeBeginLogout(deps: BeginLogoutDeps): BeginLogout {
  const { settings, identity, audit, clock, ids } = deps;
  return async ({ tenant, sp, session }) => {
    const { settings: current } = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    const connection = connectionOfIssuer(current.connections, session.issuer);
    const request =
      connection !== undefined && identity.canSignRequests && offersLogout(connection.idp, session)
        ? await identity.logoutRequest(sp, connection.idp, {
            nameId: session.nameId,
            sessionIndexes: session.sessionIndex === undefined ? [] : [session.sessionIndex],
          })
        : undefined;
    await audit.append(tenant, {
      id: ids.entryId(),
      reference: ids.reference(),
      at: clock.now(),
      outcome: "logged-out",
      actor: samlActor(session.issuer),
      detail: auditDetail({
        begun: "here",
        connection: connection?.id,
        identityProvider: request === undefined ? "not asked" : "asked",
      }),
    });
    if (connection === undefined || request === undefined) return { kind: "local-only" };
    const expiresAt = clock.now() + PENDING_LOGOUT_MS;
    const pending = { requestId: request.id, tenant, connection: connection.id, expiresAt };
    return { kind: "redirect", message: request.message, pending };
  };
}

/** A LogoutRequest must name its user: without a NameID there is nothing to send. */
function offersLogout({ sloUrl }: IdentityProvider, { nameId }: SamlSession): boolean {
  return sloUrl !== undefined && nameId.value !== "";
}
