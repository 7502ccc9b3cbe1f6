import { makeTimeLimit } from "../adapters/system/time-limit.ts";
import { makePageAudit, makeReadReceipt, makeWalkAudit } from "../application/audit/read-audit.ts";
import {
  makeInspectCertificates,
  makeReadMetadata,
} from "../application/connections/read-connections.ts";
import { makeCheckHealth } from "../application/health.ts";
import { makeReadLicenseUsage } from "../application/licenses.ts";
import { makeBeginLogout } from "../application/logout/begin-logout.ts";
import { makeHandleLogoutMessage } from "../application/logout/handle-logout-message.ts";
import { makeLogoutMessages } from "../application/logout/logout-messages.ts";
import { makePurge } from "../application/purge.ts";
import { makeCheckSettings } from "../application/settings/check-settings.ts";
import { makePreviewDecision } from "../application/settings/preview-decision.ts";
import { makeSaveSettings } from "../application/settings/save-settings.ts";
import { makeDisableSignIn, makeReadSettings } from "../application/settings/stored-settings.ts";
import { makeBeginSignIn } from "../application/sign-in/begin-sign-in.ts";
import { makeHandleSamlResponse } from "../application/sign-in/handle-saml-response.ts";
import { makeRecordRefusal } from "../application/sign-in/refused.ts";
import { makeSignInTransaction } from "../application/sign-in/sign-in-transaction.ts";
import { makeSignInWithRetry } from "../application/sign-in/sign-in-with-retry.ts";
import { makeUserFacts } from "../application/sign-in/user-facts.ts";
import { makeCompleteTestSignIn } from "../application/test-sign-in/complete-test-sign-in.ts";
import { makeDryRun } from "../application/test-sign-in/dry-run.ts";
import {
  makeFindTestedSettings,
  makeForgetTests,
  makeReadTestSignIn,
} from "../application/test-sign-in/read-test-sign-in.ts";
import {
  makeBeginTestSignIn,
  makeStartTestSignIn,
} from "../application/test-sign-in/start-test-sign-in.ts";
import { parseTenantId } from "../domain/tenant.ts";
import type { Makers, UseCases } from "./cradle.ts";
import type { PluginOptions } from "./options.ts";
import { schemaState } from "./storage.ts";

/** Timeout for one database query of the health check. */
const HEALTH_LIMIT_MS = 2000;

/** How the use cases are made. */
export function useCaseMakers(options: PluginOptions): Makers<UseCases> {
  return {
    userFacts: makeUserFacts,
    recordRefusal: makeRecordRefusal,
    signInTransaction: makeSignInTransaction,
    signInWithRetry: makeSignInWithRetry,
    beginSignIn: makeBeginSignIn,
    handleSamlResponse: makeHandleSamlResponse,
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
