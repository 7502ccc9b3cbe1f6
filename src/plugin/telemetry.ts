import type { Refused } from "../application/sign-in/refused.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Inside } from "./cradle.ts";

/**
 * Puts something around a part of the plugin that is registered, also if a host has replaced it.
 */
export type Around = <Name extends keyof Inside>(
  name: Name,
  wrap: (inner: Inside[Name]) => Inside[Name],
) => void;

/** Has `telemetry` watch the parts that carry operations out. They do not know that it does. */
export function observeOperations(around: Around, telemetry: Telemetry): void {
  around("beginSignIn", (begin) => (input) => {
    const operation = { name: "login", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => begin(input),
      (result) => (result.kind === "refused" ? refusal(result) : { outcome: result.kind }),
    );
  });
  around("handleSamlResponse", (complete) => (input) => {
    const operation = { name: "acs", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => complete(input),
      (result) =>
        result.kind === "refused"
          ? refusal(result)
          : { outcome: result.outcome, reference: result.reference },
    );
  });
  around("identity", (identity) => ({
    // One by one: a host's own may be a class, whose methods a spread would leave behind.
    canSignRequests: identity.canSignRequests,
    loginRequest: (...request) => identity.loginRequest(...request),
    claimedInResponseTo: (form) => identity.claimedInResponseTo(form),
    metadata: (...of) => identity.metadata(...of),
    parseIdpMetadata: (xml) => identity.parseIdpMetadata(xml),
    inspectCertificate: (certificate) => identity.inspectCertificate(certificate),
    logoutRequest: (...request) => identity.logoutRequest(...request),
    logoutResponse: (...response) => identity.logoutResponse(...response),
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
  around("signInWithRetry", (enter) => (input) => {
    const operation = { name: "decide", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => enter(input),
      (result) =>
        result.kind === "denied"
          ? { outcome: result.kind, code: result.denial.reason }
          : { outcome: result.kind },
    );
  });
  around("userFacts", (facts) => ({
    ofUser: (query) => facts.ofUser(query),
    ofHost: (tenant, defaults) =>
      telemetry.observe(
        { name: "host-facts", tenant },
        () => facts.ofHost(tenant, defaults),
        () => ({ outcome: "answered" }),
      ),
  }));
  around("unitOfWork", (unitOfWork) => ({
    run: (tenant, work) => observedRun(telemetry, unitOfWork, tenant, work),
  }));
  around("beginLogout", (begin) => (input) => {
    const operation = { name: "logout", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => begin(input),
      ({ kind }) => ({ outcome: kind }),
    );
  });
  around("handleLogoutMessage", (handle) => (input) => {
    const operation = { name: "logout-message", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => handle(input),
      (result) => (result.kind === "refused" ? refusal(result) : { outcome: result.kind }),
    );
  });
  around("saveSettings", (save) => (input) => {
    const operation = { name: "save-settings", tenant: input.tenant } as const;
    return telemetry.observe(
      operation,
      () => save(input),
      ({ kind }) => ({ outcome: kind }),
    );
  });
  around("recordRefusal", (record) => (tenant, recorded) => {
    const { outcome, code, reference } = recorded;
    return telemetry.observe(
      { name: "record-refusal", tenant },
      () => record(tenant, recorded),
      () => ({ outcome, code, reference }),
    );
  });
  around(
    "purge",
    (purge) => (options) =>
      telemetry.observe(
        { name: "purge" },
        () => purge(options),
        (forgotten) => ({ outcome: "purged", forgotten: { ...forgotten } }),
      ),
  );
}

function refusal({ code, reference }: Refused) {
  return { outcome: "refused", code, reference } as const;
}

/** A transaction that throws has done what it must: whether that is a failure, its caller knows. */
async function observedRun<T>(
  telemetry: Telemetry,
  unitOfWork: Inside["unitOfWork"],
  tenant: Parameters<Inside["unitOfWork"]["run"]>[0],
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
