import type { ErrorBoundary } from "../adapters/koa/error-boundary.ts";
import type { AdminGuard } from "../adapters/koa/guards.ts";
import type { RequireAdmin, ResolveTenant, SignIn } from "../adapters/koa/host-callbacks.ts";
import type { LoadAssets } from "../adapters/koa/page/assets.ts";
import type { ChooseTexts } from "../adapters/koa/page/choose-texts.ts";
import type { LoadView } from "../adapters/koa/page/load-view.ts";
import type { FindProof, LoadPreview, LoadProof } from "../adapters/koa/page/loaders.ts";
import type { PageActions } from "../adapters/koa/page/page-actions.ts";
import type { FindPageUrls } from "../adapters/koa/page/page-urls.ts";
import type { SaveDraft } from "../adapters/koa/page/save-draft.ts";
import type {
  PendingLogins,
  PendingLogouts,
  PendingTests,
} from "../adapters/koa/pending-requests.ts";
import type { RequestBodies } from "../adapters/koa/request.ts";
import type { MakeRoute } from "../adapters/koa/route.ts";
import type { makeRoutes, RouteHandlers } from "../adapters/koa/routes.ts";
import type { ReadDraft } from "../adapters/koa/settings/draft.ts";
import type { ShowPersonPage } from "../adapters/koa/sign-in/person-pages.ts";
import type { SendRefusal } from "../adapters/koa/sign-in/send-refusal.ts";
import type { RenderPage } from "../adapters/koa/sign-in/sign-in-page.ts";
import type { PublicUrls, ResolveTenantContext } from "../adapters/koa/tenant-context.ts";
import type { TestSignInDone } from "../adapters/koa/test-sign-in/routes.ts";
import type { ParseSettings } from "../adapters/settings-document/parse.ts";
import type { PageAudit, ReadReceipt, WalkAudit } from "../application/audit/read-audit.ts";
import type {
  InspectCertificates,
  ReadMetadata,
} from "../application/connections/read-connections.ts";
import type { CheckHealth } from "../application/health.ts";
import type { ReadLicenseUsage } from "../application/licenses.ts";
import type { BeginLogout } from "../application/logout/begin-logout.ts";
import type { HandleLogoutMessage } from "../application/logout/handle-logout-message.ts";
import type { LogoutMessages } from "../application/logout/logout-messages.ts";
import type { Purge } from "../application/purge.ts";
import type { CheckSettings } from "../application/settings/check-settings.ts";
import type { PreviewDecision } from "../application/settings/preview-decision.ts";
import type { SaveSettings } from "../application/settings/save-settings.ts";
import type { DisableSignIn, ReadSettings } from "../application/settings/stored-settings.ts";
import type { BeginSignIn } from "../application/sign-in/begin-sign-in.ts";
import type { HandleSamlResponse } from "../application/sign-in/handle-saml-response.ts";
import type { RecordRefusal } from "../application/sign-in/refused.ts";
import type { SignInTransaction } from "../application/sign-in/sign-in-transaction.ts";
import type { SignInWithRetry } from "../application/sign-in/sign-in-with-retry.ts";
import type { UserFacts } from "../application/sign-in/user-facts.ts";
import type { CompleteTestSignIn } from "../application/test-sign-in/complete-test-sign-in.ts";
import type { DryRun } from "../application/test-sign-in/dry-run.ts";
import type {
  FindTestedSettings,
  ForgetTests,
  ReadTestSignIn,
} from "../application/test-sign-in/read-test-sign-in.ts";
import type {
  BeginTestSignIn,
  StartTestSignIn,
} from "../application/test-sign-in/start-test-sign-in.ts";
import type { AccessCatalog, LicenseLimit } from "../ports/access-catalog.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import type { IdentityPort } from "../ports/identity-port.ts";
import type { Stores, UnitOfWork } from "../ports/unit-of-work.ts";
import type { Storage } from "./options.ts";

/** The registrations that a host can replace. */
export interface Cradle {
  // what the host gave
  /** Identifies this plugin instance within the process: base URL and prefix. */
  readonly instance: string;
  /** Path of the routes. */
  readonly prefix: string;
  /** The host's roles, groups and organizations. */
  readonly catalog: AccessCatalog;
  /** Whether every user must have access to at least one organization. */
  readonly organizationRequired: boolean;
  /** Maximum number of seats of a tenant. */
  readonly licenseLimit: LicenseLimit;
  /** Returns the tenant of a request. */
  readonly resolveTenant: ResolveTenant;
  /** Decides who may administer single sign-on. */
  readonly requireAdmin: RequireAdmin;
  /** Starts the host's session. */
  readonly signIn: SignIn;
  // the outside
  /** Source of the current time. */
  readonly clock: Clock;
  /** Receives log events. */
  readonly logger: Logger;
  /** Creates IDs, references and digests. */
  readonly ids: IdSource;
  /** SAML. */
  readonly identity: IdentityPort;
  /** The stores and their transactions, which can only be replaced together. */
  readonly storage: Storage;
}

/** What the plugin does, a use case each. */
export interface UseCases {
  readonly userFacts: UserFacts;
  readonly recordRefusal: RecordRefusal;
  readonly signInTransaction: SignInTransaction;
  readonly signInWithRetry: SignInWithRetry;
  readonly beginSignIn: BeginSignIn;
  readonly handleSamlResponse: HandleSamlResponse;
  readonly checkHealth: CheckHealth;
  readonly checkSettings: CheckSettings;
  readonly readSettings: ReadSettings;
  readonly saveSettings: SaveSettings;
  readonly disableSignIn: DisableSignIn;
  readonly readLicenseUsage: ReadLicenseUsage;
  readonly pageAudit: PageAudit;
  readonly walkAudit: WalkAudit;
  readonly dryRun: DryRun;
  readonly inspectCertificates: InspectCertificates;
  readonly previewDecision: PreviewDecision;
  readonly findTestedSettings: FindTestedSettings;
  readonly forgetTests: ForgetTests;
  readonly beginTestSignIn: BeginTestSignIn;
  readonly startTestSignIn: StartTestSignIn;
  readonly completeTestSignIn: CompleteTestSignIn;
  readonly readTestSignIn: ReadTestSignIn;
  readonly readMetadata: ReadMetadata;
  readonly readReceipt: ReadReceipt;
  readonly beginLogout: BeginLogout;
  readonly logoutMessages: LogoutMessages;
  readonly handleLogoutMessage: HandleLogoutMessage;
  readonly purge: Purge;
}

/** What speaks HTTP. */
export interface HttpParts extends RouteHandlers {
  readonly publicUrls: PublicUrls;
  readonly bodies: RequestBodies;
  readonly pendingLogins: PendingLogins;
  readonly pendingLogouts: PendingLogouts;
  readonly pendingTests: PendingTests;
  /** Whether there is a page for administrators. */
  readonly settingsPage: boolean;
  readonly testSignInDone: TestSignInDone;
  readonly adminGuard: AdminGuard;
  readonly renderPage: RenderPage | undefined;
  readonly showPersonPage: ShowPersonPage;
  readonly sendRefusal: SendRefusal;
  readonly errorBoundary: ErrorBoundary;
  readonly resolveTenantContext: ResolveTenantContext;
  readonly makeRoute: MakeRoute;
  readonly parseSettings: ParseSettings;
  readonly readDraft: ReadDraft;
  // the settings page
  /** Certificates of the service provider's own keys, PEM, the one that signs first. */
  readonly ownCertificates: readonly string[];
  readonly loadAssets: LoadAssets;
  readonly chooseTexts: ChooseTexts;
  readonly pageUrls: FindPageUrls;
  readonly loadPreview: LoadPreview;
  readonly findProof: FindProof;
  readonly loadProof: LoadProof;
  readonly loadView: LoadView;
  readonly saveDraft: SaveDraft;
  readonly pageActions: PageActions;
  readonly routes: ReturnType<typeof makeRoutes>;
}

/** The stores, for use cases that need no transaction: nobody replaces them alone. */
export interface StoreParts extends Stores {
  readonly unitOfWork: UnitOfWork;
}

/** All that factories are given: what is made from {@link Cradle} besides. No host sees it. */
export interface Inside extends Cradle, StoreParts, UseCases, HttpParts {}

/** How each of `Parts` is made from others. */
export type Makers<Parts> = {
  readonly [Name in keyof Parts]: (parts: Inside) => Parts[Name];
};
