import { makeTimeLimit } from "./adapters/system/time-limit.ts";
import { makeAttemptSignIn } from "./application/attempt-sign-in.ts";
import { makeBeginLogout } from "./application/begin-logout.ts";
import { makeBeginSignIn } from "./application/begin-sign-in.ts";
import { makeBeginTestSignIn } from "./application/begin-test-sign-in.ts";
import { makeCheckHealth } from "./application/check-health.ts";
import { makeCheckSettings } from "./application/check-settings.ts";
import { makeCompleteSignIn } from "./application/complete-sign-in.ts";
import { makeCompleteTestSignIn } from "./application/complete-test-sign-in.ts";
import { makeDisableSignIn } from "./application/disable-sign-in.ts";
import { makeDryRun } from "./application/dry-run.ts";
import { makeEnterPerson } from "./application/enter-person.ts";
import { makeFindTestedSettings } from "./application/find-tested-settings.ts";
import { makeForgetTests } from "./application/forget-tests.ts";
import { makeGatherPersonFacts } from "./application/gather-person-facts.ts";
import { makeHandleLogoutMessage } from "./application/handle-logout-message.ts";
import { makeInspectCertificates } from "./application/inspect-certificates.ts";
import { makeLogoutMessages } from "./application/logout-messages.ts";
import { makePageAudit } from "./application/page-audit.ts";
import { makePreviewDecision } from "./application/preview-decision.ts";
import { makePurge } from "./application/purge.ts";
import { makeReadLicenseUsage } from "./application/read-license-usage.ts";
import { makeReadMetadata } from "./application/read-metadata.ts";
import { makeReadReceipt } from "./application/read-receipt.ts";
import { makeReadSettings } from "./application/read-settings.ts";
import { makeReadTestSignIn } from "./application/read-test-sign-in.ts";
import { makeRecordRefusal } from "./application/record-refusal.ts";
import { makeSaveSettings } from "./application/save-settings.ts";
import { makeStartTestSignIn } from "./application/start-test-sign-in.ts";
import { makeWalkAudit } from "./application/walk-audit.ts";
import type { Makers, UseCases } from "./plugin-cradle.ts";
import { missing } from "./plugin-database.ts";
import type { PluginOptions } from "./plugin-options.ts";

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
    checkHealth: ({ settings, inspectCertificates }) =>
      makeCheckHealth({
        settings,
        inspectCertificates,
        ownCertificate: options.serviceProvider?.keys?.[0]?.certificate,
        missingMigrations: () => missing(options),
        limited: makeTimeLimit(HEALTH_LIMIT_MS),
      }),
  };
}
