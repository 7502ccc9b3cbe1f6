import { randomUUID } from "node:crypto";
import type { CatalogFacts } from "../../src/domain/access.ts";
import { parseEmailAddress } from "../../src/domain/email-address.ts";
import {
  DEFAULT_SETTINGS,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../src/domain/settings.ts";
import { decideFor } from "../../src/domain/sign-in-decision.ts";
import { parseTenantId, type TenantId } from "../../src/domain/tenant.ts";
import { EmailTakenError } from "../../src/ports/errors.ts";
import type { Stores, UnitOfWork } from "../../src/ports/unit-of-work.ts";
import type { SignInJob } from "./job.ts";

export const RACE_TENANT: TenantId = parseTenantId("acme")!;
export const LICENSED_ROLES: readonly string[] = ["member"];
const GRANTS = Array.from({ length: 20 }, (_, index) => `granted-${index}`);

const CATALOG: CatalogFacts = {
  roles: new Map([["member", { id: "member", name: "Member", licensed: true, privileged: false }]]),
  groups: new Set(GRANTS),
  organizations: new Set(GRANTS),
  organizationRequired: false,
};

export function raceSettings(version: number, savedBy: string): VersionedSettings {
  const autoProvisioning = {
    ...DEFAULT_SETTINGS.autoProvisioning,
    enabled: true,
    role: "member",
    groups: GRANTS,
    organizations: { kind: "selected", ids: GRANTS },
  } as const;
  const settings = { ...DEFAULT_SETTINGS, enabled: true, autoProvisioning };
  return { settings, version, connectionVersion: 1, savedAt: version, savedBy };
}

/** A sign-in by the real policy over the real stores, without the SAML; what became of it. */
export async function firstSignIn(
  unitOfWork: UnitOfWork,
  job: SignInJob,
  limit: number | undefined,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await unitOfWork.run(RACE_TENANT, (stores) => signIn(stores, job, limit));
    } catch (error) {
      if (!(error instanceof EmailTakenError) || attempt === 3) throw error;
    }
  }
}

async function signIn(stores: Stores, job: SignInJob, limit: number | undefined): Promise<string> {
  const { users, ledger, audit } = stores;
  const thing = { kind: "assertion", key: job.assertion, expiresAt: 1 } as const;
  if (!(await ledger.consume(RACE_TENANT, thing))) return "replayed";
  const parsed = parseEmailAddress(job.email);
  if (!parsed.ok) throw new Error(parsed.fault);
  const email = parsed.address;
  const settings = (await stores.settings.load(RACE_TENANT)) ?? UNSAVED_SETTINGS;
  const user = await users.findByEmail(RACE_TENANT, email);
  const seats =
    limit === undefined
      ? { used: 0 }
      : { used: await users.countSeatsExclusively(RACE_TENANT, LICENSED_ROLES), limit };
  const decision = decideFor(
    { kind: "admitted", email },
    settings,
    user === undefined
      ? { kind: "unknown", catalog: CATALOG, licenses: seats }
      : { kind: "known", user },
  );
  if (decision.kind === "deny") return decision.reason;
  if (decision.kind !== "provision") return decision.kind;
  const receipt = {
    ...decision.receipt,
    role: decision.user.role,
    groups: decision.user.groups,
    organizations: decision.user.organizations,
    issuer: "https://idp.example.test",
    nameId: email,
    assertionIdHash: job.assertion,
    at: 1,
  };
  const userId = await users.create(RACE_TENANT, decision.user, receipt, {});
  const id = randomUUID();
  const entry = { id, reference: id, at: 1, email, userId, detail: {} };
  await audit.append(RACE_TENANT, { ...entry, outcome: "provisioned" });
  return "provisioned";
}
