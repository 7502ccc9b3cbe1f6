import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import type { ObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import { makeRandomIds, makeSystemClock } from "../../src/adapters/system/environment.ts";
import { makeRecordEvent } from "../../src/application/events.ts";
import { makeSignInTransaction } from "../../src/application/sign-in/sign-in-transaction.ts";
import { makeSignInWithRetry } from "../../src/application/sign-in/sign-in-with-retry.ts";
import { makeUserFacts } from "../../src/application/sign-in/user-facts.ts";
import {
  DEFAULT_SETTINGS,
  NEW_CONNECTION,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../src/domain/settings.ts";
import { parseTenantId, type TenantId } from "../../src/domain/tenant.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { verified } from "../support/fake-identity.ts";
import type { SignInJob } from "./job.ts";

export const RACE_TENANT: TenantId = parseTenantId("acme")!;
export const LICENSED_ROLES: readonly string[] = ["member"];
const GRANTS = Array.from({ length: 20 }, (_, index) => `granted-${index}`);
const NAMED = GRANTS.map((id) => ({ id, name: id }));

const catalog = makeMemoryCatalog({
  roles: [{ id: "member", name: "Member", licensed: true, privileged: false }],
  groups: NAMED,
  organizations: NAMED,
});

export function raceSettings(version: number, savedBy: string): VersionedSettings {
  const autoProvisioning = {
    ...DEFAULT_SETTINGS.autoProvisioning,
    enabled: true,
    role: "member",
    groups: GRANTS,
    organizations: { kind: "selected", ids: GRANTS },
  } as const;
  const settings = { ...DEFAULT_SETTINGS, enabled: true, autoProvisioning };
  return { settings, version, connectionVersions: new Map(), savedAt: version, savedBy };
}

/** A sign-in as hosts have it, without the SAML; what became of it. */
export async function firstSignIn(
  { stores, unitOfWork }: ObjectionStores,
  job: SignInJob,
  limit: number | undefined,
): Promise<string> {
  const clock = makeSystemClock();
  const ids = makeRandomIds({ clock });
  const userFacts = makeUserFacts({
    users: stores.users,
    catalog,
    licenseLimit: () => limit,
    organizationRequired: false,
    verifiedDomains: async () => undefined,
  });
  const signInTransaction = makeSignInTransaction({
    unitOfWork,
    userFacts,
    recordEvent: makeRecordEvent({ eventsOn: true, clock, ids }),
    clock,
    ids,
  });
  const signIn = makeSignInWithRetry({ users: stores.users, userFacts, signInTransaction });
  const settings = (await stores.settings.load(RACE_TENANT)) ?? UNSAVED_SETTINGS;
  const result = await asOftenAsABrowser(() =>
    signIn({
      tenant: RACE_TENANT,
      settings,
      connection: NEW_CONNECTION,
      assertion: verified(job.email, { assertionId: job.assertion }),
      reference: job.assertion,
      requestExpiresAt: 1,
    }),
  );
  switch (result.kind) {
    case "entered":
      return result.decision.kind;
    case "denied":
      return result.denial.reason;
    case "used-before":
      return "replayed";
  }
}

const MOST_ATTEMPTS = 5;

/** A storage that is too busy has stored nothing, and asks to post the same response again. */
async function asOftenAsABrowser<T>(signIn: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await signIn();
    } catch (error) {
      if (!(error instanceof StorageUnavailableError) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}
