import type { AdminGuard } from "./adapters/koa/admin-guard.ts";
import type { ErrorBoundary } from "./adapters/koa/error-boundary.ts";
import type { RequireAdmin, ResolveTenant, SignIn } from "./adapters/koa/host.ts";
import type { makeRoutes, RouteHandlers } from "./adapters/koa/make-routes.ts";
import type { PendingLogins } from "./adapters/koa/pending-logins.ts";
import type { PendingLogouts } from "./adapters/koa/pending-logouts.ts";
import type { FindPlace } from "./adapters/koa/place.ts";
import type { PublicUrls } from "./adapters/koa/public-urls.ts";
import type { RequestBodies } from "./adapters/koa/request-body.ts";
import type { MakeRoute } from "./adapters/koa/route.ts";
import type { ParseSettings } from "./adapters/koa/settings-document.ts";
import type { AttemptSignIn } from "./application/attempt-sign-in.ts";
import type { BeginLogout } from "./application/begin-logout.ts";
import type { BeginSignIn } from "./application/begin-sign-in.ts";
import type { CheckSettings } from "./application/check-settings.ts";
import type { CompleteSignIn } from "./application/complete-sign-in.ts";
import type { EnterPerson } from "./application/enter-person.ts";
import type { GatherPersonFacts } from "./application/gather-person-facts.ts";
import type { HandleLogoutMessage } from "./application/handle-logout-message.ts";
import type { LicenseLimit } from "./application/host-licenses.ts";
import type { LogoutMessages } from "./application/logout-messages.ts";
import type { PageAudit } from "./application/page-audit.ts";
import type { PreviewDecision } from "./application/preview-decision.ts";
import type { Purge } from "./application/purge.ts";
import type { ReadLicenseUsage } from "./application/read-license-usage.ts";
import type { ReadMetadata } from "./application/read-metadata.ts";
import type { ReadReceipt } from "./application/read-receipt.ts";
import type { ReadSettings } from "./application/read-settings.ts";
import type { RecordRefusal } from "./application/record-refusal.ts";
import type { SaveSettings } from "./application/save-settings.ts";
import type { Storage } from "./plugin-options.ts";
import type { AccessCatalog } from "./ports/access-catalog.ts";
import type { Clock, IdSource, Logger } from "./ports/environment.ts";
import type { IdentityPort } from "./ports/identity-port.ts";
import type { Stores, UnitOfWork } from "./ports/unit-of-work.ts";

/** Everything in the container of one plugin, by name: what a host may replace. */
export interface Cradle extends RouteHandlers {
  // what the host gave
  readonly instance: string;
  readonly prefix: string;
  readonly catalog: AccessCatalog;
  readonly organizationRequired: boolean;
  readonly licenseLimit: LicenseLimit;
  readonly resolveTenant: ResolveTenant;
  readonly requireAdmin: RequireAdmin;
  readonly signIn: SignIn;
  // the outside
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ids: IdSource;
  readonly identity: IdentityPort;
  /** The stores and their transactions: they belong together, and are replaced together. */
  readonly storage: Storage;
  // use cases
  readonly personFacts: GatherPersonFacts;
  readonly recordRefusal: RecordRefusal;
  readonly attemptSignIn: AttemptSignIn;
  readonly enterPerson: EnterPerson;
  readonly beginSignIn: BeginSignIn;
  readonly completeSignIn: CompleteSignIn;
  readonly checkSettings: CheckSettings;
  readonly readSettings: ReadSettings;
  readonly saveSettings: SaveSettings;
  readonly readLicenseUsage: ReadLicenseUsage;
  readonly pageAudit: PageAudit;
  readonly previewDecision: PreviewDecision;
  readonly readMetadata: ReadMetadata;
  readonly readReceipt: ReadReceipt;
  readonly beginLogout: BeginLogout;
  readonly logoutMessages: LogoutMessages;
  readonly handleLogoutMessage: HandleLogoutMessage;
  readonly purge: Purge;
  // HTTP
  readonly publicUrls: PublicUrls;
  readonly bodies: RequestBodies;
  readonly pendingLogins: PendingLogins;
  readonly pendingLogouts: PendingLogouts;
  readonly adminGuard: AdminGuard;
  readonly errorBoundary: ErrorBoundary;
  readonly findPlace: FindPlace;
  readonly makeRoute: MakeRoute;
  readonly parseSettings: ParseSettings;
  readonly routes: ReturnType<typeof makeRoutes>;
}

/** All that factories are given: the parts of {@link Cradle.storage} too, which nobody replaces alone. */
export interface Inside extends Cradle, Stores {
  readonly unitOfWork: UnitOfWork;
}
