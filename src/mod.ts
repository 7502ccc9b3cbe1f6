/**
 * SAML 2.0 single sign-on with just-in-time provisioning, for hosts built on Koa.
 *
 * @module
 */

export type {
  Administrator,
  HostContext,
  HostMiddleware,
  LogoutCallbacks,
  RequireAdmin,
  ResolveTenant,
  SignIn,
  SignInEvent,
} from "./adapters/koa/host-callbacks.ts";
export type { Theme } from "./adapters/koa/page/style.ts";
export {
  type DeepReadonly,
  PAGE_TEXTS,
  type PageTexts,
  type ReceiptWords,
} from "./adapters/koa/page/texts/english.ts";
export type {
  DeepPartial,
  LanguageOptions,
  PageTextsGiven,
} from "./adapters/koa/page/texts.ts";
export type { ProblemFault } from "./adapters/koa/problems.ts";
export type { BodyLimits } from "./adapters/koa/request.ts";
export type { SettingsView } from "./adapters/koa/settings/read-draft.ts";
export type {
  ChoosePage,
  PageWords,
  ProblemPage,
  RefusedPage,
  RenderPage,
  SignedOutPage,
  SignInPage,
  SignOutPage,
  StartPage,
  TestDonePage,
} from "./adapters/koa/sign-in/pages.tsx";
export type { RetryPolicy } from "./adapters/objection/db/database-session.ts";
export type {
  HostFinding,
  HostFindingCode,
} from "./adapters/objection/integrity/host-schema.ts";
export type { IntegrityAssumptions } from "./adapters/objection/integrity/integrity.ts";
export type {
  IntegrityCode,
  IntegrityFinding,
} from "./adapters/objection/integrity/integrity-queries.ts";
export {
  makeObjectionStores,
  type ObjectionStores,
  type ObjectionStoresDeps,
} from "./adapters/objection/objection-stores.ts";
export type {
  MakeHostUserDirectory,
  UsersTransaction,
} from "./adapters/objection/users/host-directory.ts";
export type {
  ColumnValue,
  ColumnValues,
  GrantTable,
  HostUserColumns,
  HostUserState,
  HostUsers,
  KeyColumn,
  KeyType,
} from "./adapters/objection/users/host-users.ts";
export type {
  ServiceProviderKeyOptions,
  ServiceProviderKeyUse,
} from "./adapters/saml2-js/crypto/service-provider-keys.ts";
export type {
  AttributeConsumingService,
  LocalizedText,
  MetadataContact,
  MetadataOrganization,
  RequestedAttribute,
  ServiceProviderDescription,
} from "./adapters/saml2-js/metadata/sp-description.ts";
export type { TimeLimits } from "./adapters/saml2-js/response/checks.ts";
export type { SecondReadingStrength } from "./adapters/saml2-js/second-reading/second-reading.ts";
export type {
  ConnectionsRefreshed,
  RefreshConnections,
} from "./application/connections/refresh-connections.ts";
export type { PasswordAnswer } from "./application/enforcement.ts";
export type { DeliverEvents, EventHandler, EventsDelivered } from "./application/events.ts";
export type {
  Health,
  HealthCheck,
  HealthCheckName,
  HealthStatus,
} from "./application/health.ts";
export type { LicenseUsageRead } from "./application/licenses.ts";
export type { LogoutDemand } from "./application/logout/handle-logout-message.ts";
export type { Purge, Purged, PurgeOptions } from "./application/purge.ts";
export type { SamlSession, SignInOutcome } from "./application/sign-in/sign-in-outcome.ts";
export type {
  GroupId,
  LicenseUsage,
  NamedAccess,
  OrganizationAccess,
  OrganizationId,
  Role,
  RoleId,
  SeatChange,
  SeatsTaken,
  UserId,
} from "./domain/access.ts";
export type { Assertion, Authentication, Profile, ProfileMapping } from "./domain/assertion.ts";
export type { AuditEntry, AuditFilter, AuditOutcome } from "./domain/audit.ts";
export type { CertificateFacts } from "./domain/certificate-rules.ts";
export type { DomainProof } from "./domain/domain-proof.ts";
export {
  type EmailAddress,
  type EmailFault,
  type ParsedEmail,
  parseEmailAddress,
} from "./domain/email-address.ts";
export type {
  AssertedAttribute,
  Claims,
  EmailIdentity,
  EmailSource,
  NameId,
  ReceivedNames,
  Subject,
} from "./domain/email-identity.ts";
export type {
  MetadataFailure,
  MetadataFailureCode,
  PublishedCertificate,
  PublishedMetadata,
  RefreshState,
} from "./domain/metadata-refresh.ts";
export type { OneConnectionSettings } from "./domain/one-connection.ts";
export type {
  Excerpt,
  Preview,
  PreviewedOrganizations,
  PreviewedRule,
  PreviewWarning,
  ProvisionedBy,
  Seats,
} from "./domain/preview.ts";
export type { MatchedRule, RuleMatch } from "./domain/provisioning-rules.ts";
export type { FormerUser, Receipt, ReceiptCount, ReceiptFilter } from "./domain/receipt.ts";
export type {
  Comparison,
  Rejection,
  RejectionCause,
  RejectionCauses,
  RejectionCode,
} from "./domain/rejection.ts";
export type {
  AuthnContextComparison,
  AutoProvisioning,
  Binding,
  Connection,
  ConnectionId,
  Enforcement,
  IdentityProvider,
  LicensePolicy,
  ProvisioningRule,
  RequestedAuthnContext,
  RuleCondition,
  Settings,
  VersionedSettings,
  WeakAlgorithm,
} from "./domain/settings.ts";
export type { SettingsFault, SettingsPath } from "./domain/settings-rules.ts";
export type {
  DenialCause,
  DenialCauses,
  DenyReason,
  KnownUser,
  NewUser,
  ProvisionWarning,
  UserState,
} from "./domain/sign-in-decision.ts";
export { type Branded, type brand, parseTenantId, type TenantId } from "./domain/tenant.ts";
export type {
  FinishedTestSignIn,
  PendingTestSignIn,
  ReceivedAttribute,
  ReceivedUser,
  RejectedTest,
  TestedSession,
  TestResult,
  TestSignIn,
  TestSignInHead,
  TestWarning,
  VerifiedTest,
} from "./domain/test-sign-in.ts";
export type { Explanation, Explanations } from "./domain/texts/administrator-explanations.ts";
export {
  FAULT_TEXTS,
  type FaultText,
  type TextValue,
  type TextValues,
  type Worded,
} from "./domain/texts/faults.ts";
export type { GuideStep, IdentityProviderGuide } from "./domain/texts/identity-provider-guides.ts";
export type { UserAdvice, UserMessage, UserSentence } from "./domain/texts/user-explanations.ts";
export type { CheckHost, HostCheckOptions } from "./plugin/check-host.ts";
export type {
  Cradle,
  Overrides,
  Part,
  PluginOptions,
  ServiceProviderOptions,
  Storage,
} from "./plugin/options.ts";
export { asFunction, asValue } from "./plugin/registry.ts";
export { type SeedSettings, SettingsInvalidError } from "./plugin/seed-settings.ts";
export type { HostApplication } from "./plugin/try-route.ts";
export { createSamlJit, MAX_HEALTH_TENANTS, type SamlJit, type SamlJitOptions } from "./plugin.ts";
export type {
  AccessCatalog,
  CatalogPage,
  CatalogQuery,
  LicenseLimit,
  VerifiedDomains,
} from "./ports/access-catalog.ts";
export type { AuditPage, AuditTrail, DayCount } from "./ports/audit-trail.ts";
export type { DomainProofs, ResolveTxt, TxtAnswer } from "./ports/domain-proofs.ts";
export type {
  CertificateExpiring,
  Clock,
  DatabaseFailure,
  EnforcementSuspended,
  EventNotAccepted,
  EventsDropped,
  HostFindingLogged,
  IdSource,
  LogEvent,
  LogEventName,
  Logger,
  LoginRefused,
  MetadataChanged,
  MetadataFailed,
  PagePartFailed,
  ReadingsDisagree,
  RefusalLogged,
  RequestFailed,
  RequestRefused,
  RetiringKeyUsed,
  SettingsSavedLogged,
  StartWarning,
  TestSignInLogged,
} from "./ports/environment.ts";
export {
  type Awaitable,
  EmailTakenError,
  HostMistakeError,
  InvitationGoneError,
  PortError,
  type PortErrorCode,
  StorageUnavailableError,
} from "./ports/errors.ts";
export type {
  EventOutbox,
  SamlEvent,
  SamlEventData,
  SamlEventType,
  WaitingEvent,
} from "./ports/event-outbox.ts";
export type {
  BrowserMessage,
  ClaimedHead,
  IdentityPort,
  IdpMetadata,
  LeftOutOfMetadata,
  LoginRequest,
  LogoutRequest,
  LogoutStatus,
  LogoutSubject,
  ParsedIdpMetadata,
  ReceivedMessage,
  RejectedLogout,
  ResponseExpectation,
  ServiceProvider,
  VerifiedAssertion,
  VerifiedLogout,
} from "./ports/identity-port.ts";
export type {
  FetchedMetadata,
  FetchMetadata,
  MetadataRequest,
  RefreshStates,
} from "./ports/metadata-refresh.ts";
export type {
  Observation,
  OperationName,
  OperationOutcomes,
  Telemetry,
} from "./ports/telemetry.ts";
export type { TestOutcome, TestSignIns } from "./ports/test-sign-ins.ts";
export type {
  SettingsStore,
  SignInLedger,
  SingleUse,
  Stores,
  TenantSettings,
  UnitOfWork,
} from "./ports/unit-of-work.ts";
export type {
  HostUserDirectory,
  ListedUser,
  ReceiptPage,
  ReceiptQuery,
  ReceiptStore,
  UserDirectory,
} from "./ports/user-directory.ts";
