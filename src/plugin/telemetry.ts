import type { ResolvePendingChange } from "../application/connections/pending-change.ts";
import type {
  AttemptRefresh,
  RefreshConnections,
  RefreshOutcome,
} from "../application/connections/refresh-connections.ts";
import type { BeginLogout } from "../application/logout/begin-logout.ts";
import type { HandleLogoutMessage } from "../application/logout/handle-logout-message.ts";
import type { Purge } from "../application/purge.ts";
import type { SaveSettings } from "../application/settings/save-settings.ts";
import type { BeginSignIn } from "../application/sign-in/begin-sign-in.ts";
import type { HandleSamlResponse } from "../application/sign-in/complete-sign-in.ts";
import type { RecordRefusal, Refusal } from "../application/sign-in/sign-in-outcome.ts";
import type { SignInWithRetry } from "../application/sign-in/sign-in-with-retry.ts";
import type { UserFacts } from "../application/sign-in/user-facts.ts";
import { defined } from "../domain/defined.ts";
import type { IdentityPort } from "../ports/identity-port.ts";
import type { OperationOutcomes, Telemetry } from "../ports/telemetry.ts";
import type { UnitOfWork } from "../ports/unit-of-work.ts";

/** The parts that telemetry observes. */
export interface Observed {
  readonly beginSignIn: BeginSignIn;
  readonly handleSamlResponse: HandleSamlResponse;
  readonly identity: IdentityPort;
  readonly signInWithRetry: SignInWithRetry;
  readonly userFacts: UserFacts;
  readonly unitOfWork: UnitOfWork;
  readonly beginLogout: BeginLogout;
  readonly handleLogoutMessage: HandleLogoutMessage;
  readonly saveSettings: SaveSettings;
  readonly recordRefusal: RecordRefusal;
  readonly purge: Purge;
  readonly refreshConnections: RefreshConnections;
  readonly attemptRefresh: AttemptRefresh;
  readonly resolvePendingChange: ResolvePendingChange;
}

/** Wraps a registered part, also if a host has replaced it. */
export type Decorate = <Name extends keyof Observed>(
  name: Name,
  wrap: (inner: Observed[Name]) => Observed[Name],
) => void;

/** Has `telemetry` watch the parts that carry operations out. They do not know that it does. */
export function observeOperations(decorate: Decorate, telemetry: Telemetry): void {
  decorate("beginSignIn", (begin) => (input) => {
    const operation = { name: "login", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => begin(input),
      (result) => {
        if (result.kind === "refused") return refusal(result);
        return result.kind === "begun"
          ? { outcome: "redirect", connection: result.pending.connection }
          : { outcome: result.kind };
      },
    );
  });
  decorate("handleSamlResponse", (complete) => (input) => {
    const operation = { name: "acs", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => complete(input),
      (result) =>
        result.kind === "refused"
          ? refusal(result)
          : {
              outcome: result.outcome,
              reference: result.reference,
              connection: result.connection,
            },
    );
  });
  decorate("identity", (identity) => ({
    // One by one: a host's own may be a class, whose methods a spread would leave behind.
    canSignRequests: identity.canSignRequests,
    loginRequest: (...request) => identity.loginRequest(...request),
    claimedHead: (message) => identity.claimedHead(message),
    metadata: (...of) => identity.metadata(...of),
    parseIdpMetadata: (xml) => identity.parseIdpMetadata(xml),
    inspectCertificate: (certificate) => identity.inspectCertificate(certificate),
    logoutRequest: (...request) => identity.logoutRequest(...request),
    logoutResponse: (...response) => identity.logoutResponse(...response),
    claimedLogoutResponse: (message) => identity.claimedLogoutResponse(message),
    verifyLogout: (...message) => identity.verifyLogout(...message),
    verifyResponse: (...response) =>
      telemetry.observe(
        { name: "verify" },
        () => identity.verifyResponse(...response),
        (result) =>
          result.kind === "rejected"
            ? { outcome: result.kind, code: result.code }
            : { outcome: result.kind },
      ),
  }));
  decorate("signInWithRetry", (enter) => (input) => {
    const operation = { name: "decide", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => enter(input),
      (result) => ({
        outcome: result.kind,
        connection: input.connection.id,
        ...(result.kind === "denied" ? { code: result.denial.reason } : {}),
      }),
    );
  });
  decorate("userFacts", (facts) => ({
    ofUser: (query) => facts.ofUser(query),
    ofUnknownUser: (query) => facts.ofUnknownUser(query),
    verifiedDomains: (tenant) => facts.verifiedDomains(tenant),
    ofHost: (tenant, ...query) =>
      telemetry.observe(
        { name: "host-facts", tenant },
        () => facts.ofHost(tenant, ...query),
        () => ({ outcome: "answered" }),
      ),
  }));
  decorate("unitOfWork", (unitOfWork) => ({
    run: (tenant, work) => observedRun(telemetry, unitOfWork, tenant, work),
  }));
  decorate("beginLogout", (begin) => (input) => {
    const operation = { name: "logout", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => begin(input),
      (begun) =>
        begun.kind === "redirect"
          ? { outcome: begun.kind, connection: begun.pending.connection }
          : { outcome: begun.kind },
    );
  });
  decorate("handleLogoutMessage", (handle) => (input) => {
    const operation = { name: "logout-message", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => handle(input),
      (result) => ({
        outcome: result.kind,
        ...defined({ connection: result.connection }),
        ...(result.kind === "refused" || result.kind === "uncertain"
          ? { code: result.code, reference: result.reference }
          : {}),
      }),
    );
  });
  decorate("saveSettings", (save) => (input) => {
    const operation = { name: "save-settings", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => save(input),
      ({ kind }) => ({ outcome: kind }),
    );
  });
  decorate("recordRefusal", (record) => (tenant, recorded) => {
    const { outcome, code, reference, connection } = recorded;
    return telemetry.observe(
      { name: "record-refusal", tenant },
      () => record(tenant, recorded),
      () => ({ outcome, code, reference, ...defined({ connection }) }),
    );
  });
  decorate(
    "refreshConnections",
    (refresh) => () =>
      telemetry.observe({ name: "refresh-connections" }, refresh, ({ announced }) => ({
        outcome: "refreshed",
        announced,
      })),
  );
  decorate("attemptRefresh", (attempt) => (followed) => {
    const { tenant, connection } = followed;
    return telemetry.observe(
      { name: "read-metadata", tenant },
      () => attempt(followed),
      (result) => ({
        outcome: refreshOutcome(result),
        connection,
        ...(result.kind === "failed" ? { code: result.code } : {}),
      }),
    );
  });
  decorate("resolvePendingChange", (resolve) => (input) => {
    const { tenant, connection } = input;
    const done = input.resolution === "accept" ? "accepted" : "dismissed";
    return telemetry.observe(
      { name: "resolve-change", tenant },
      () => resolve(input),
      ({ kind }) => ({ outcome: kind === "done" ? done : kind, connection }),
    );
  });
  decorate(
    "purge",
    (purge) => (options) =>
      telemetry.observe(
        { name: "purge" },
        () => purge(options),
        (forgotten) => ({ outcome: "purged", forgotten: { ...forgotten } }),
      ),
  );
}

function refusal({ code, reference, connection }: Refusal) {
  return { outcome: "refused", code, reference, ...defined({ connection }) } as const;
}

function refreshOutcome(result: RefreshOutcome): OperationOutcomes["read-metadata"] {
  if (result.kind === "skipped") return "skipped";
  if (result.kind === "failed") return "unreadable";
  const { certificatesAdded, changeWaits } = result;
  if (certificatesAdded) return changeWaits ? "added-and-waiting" : "certificates-added";
  return changeWaits ? "change-waiting" : "unchanged";
}

/** A transaction that throws has done what it must: whether that is a failure, its caller knows. */
async function observedRun<T>(
  telemetry: Telemetry,
  unitOfWork: UnitOfWork,
  tenant: Parameters<UnitOfWork["run"]>[0],
  work: Parameters<typeof unitOfWork.run<T>>[1],
): Promise<T> {
  const settled = await telemetry.observe(
    { name: "transaction", tenant },
    async () => {
      const [result] = await Promise.allSettled([unitOfWork.run(tenant, work)]);
      return result;
    },
    ({ status }) => ({ outcome: status === "fulfilled" ? "committed" : "undone" }),
  );
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}
