import { makeTimeLimit } from "../adapters/system/time-limit.ts";
import { makePageAudit } from "../application/audit/page-audit.ts";
import { makeReadReceipt } from "../application/audit/read-receipt.ts";
import { makeWalkAudit } from "../application/audit/walk-audit.ts";
import { makeInspectCertificates } from "../application/connections/inspect-certificates.ts";
import { makeReadMetadata } from "../application/connections/read-metadata.ts";
import { makeCheckHealth } from "../application/health.ts";
import { makeReadLicenseUsage } from "../application/licenses.ts";
import { makeBeginLogout } from "../application/logout/begin-logout.ts";
import { makeHandleLogoutMessage } from "../application/logout/handle-logout-message.ts";
import { makeLogoutMessages } from "../application/logout/logout-messages.ts";
import { makePurge } from "../application/purge.ts";
import { makeCheckSettings } from "../application/settings/check-settings.ts";
import { makeDisableSignIn } from "../application/settings/disable-sign-in.ts";
import { makePreviewDecision } from "../application/settings/preview-decision.ts";
import { makeReadSettings } from "../application/settings/read-settings.ts";
import { makeSaveSettings } from "../application/settings/save-settings.ts";
import { makeBeginSignIn } from "../application/sign-in/begin-sign-in.ts";
import { makeCompleteSignIn } from "../application/sign-in/handle-saml-response.ts";
import { makeRecordRefusal } from "../application/sign-in/record-refusal.ts";
import { makeAttemptSignIn } from "../application/sign-in/sign-in-transaction.ts";
import { makeEnterPerson } from "../application/sign-in/sign-in-with-retry.ts";
import { makeGatherPersonFacts } from "../application/sign-in/user-facts.ts";
import { makeBeginTestSignIn } from "../application/test-sign-in/begin-test-sign-in.ts";
import { makeCompleteTestSignIn } from "../application/test-sign-in/complete-test-sign-in.ts";
import { makeDryRun } from "../application/test-sign-in/dry-run.ts";
import { makeFindTestedSettings } from "../application/test-sign-in/find-tested-settings.ts";
import { makeForgetTests } from "../application/test-sign-in/forget-tests.ts";
import { makeReadTestSignIn } from "../application/test-sign-in/read-test-sign-in.ts";
import { makeStartTestSignIn } from "../application/test-sign-in/start-test-sign-in.ts";
import { parseTenantId } from "../domain/tenant.ts";
import type { Makers, UseCases } from "./cradle.ts";
import type { PluginOptions } from "./options.ts";
import { schemaState } from "./storage.ts";

/** Timeout for one database query of the health check. */
const HEALTH_LIMIT_MS = 2000;

/** How the use cases are made. */
export function useCaseMakers(options: PluginOptions): Makers<UseCases> {
  return {
    personFacts: makeGatherPersonFacts,
    recordRefusal: makeRecordRefusal,
    attemptSignIn: makeAttemptSignIn,
    enterPerson: makeEnterPerson,
    beginSignIn: makeBeginSignIn,
    completeSignIn: makeCompleteSignIn,
    checkSettings: makeCheckSettings,
    readSettings: makeReadSettings,
    saveSettings: makeSaveSettings,
    disableSignIn: makeDisableSignIn,
    readLicenseUsage: makeReadLicenseUsage,
    pageAudit: makePageAudit,
    walkAudit: makeWalkAudit,
    dryRun: makeDryRun,
    inspectCertificates: makeInspectCertificates,
    previewDecision: makePreviewDecision,
    findTestedSettings: makeFindTestedSettings,
    forgetTests: makeForgetTests,
    beginTestSignIn: makeBeginTestSignIn,
    startTestSignIn: makeStartTestSignIn,
    completeTestSignIn: makeCompleteTestSignIn,
    readTestSignIn: makeReadTestSignIn,
    readMetadata: makeReadMetadata,
    readReceipt: makeReadReceipt,
    beginLogout: makeBeginLogout,
    logoutMessages: makeLogoutMessages,
    handleLogoutMessage: makeHandleLogoutMessage,
    purge: makePurge,
    checkHealth: ({ settings, unitOfWork, ids, clock, inspectCertificates }) =>
      makeCheckHealth({
        settings,
        unitOfWork,
        ids,
        clock,
        inspectCertificates,
        ownCertificate: options.serviceProvider?.keys?.[0]?.certificate,
        tenantOfWrite: options.knex === undefined ? undefined : parseTenantId("health"),
        readSchemaState: () => schemaState(options),
        limited: makeTimeLimit(HEALTH_LIMIT_MS),
      }),
  };
}
