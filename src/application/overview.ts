import { type AuditOutcome, DAY_MS } from "../domain/audit.ts";
import type { Connection, Settings } from "../domain/settings.ts";
import type { TenantId } from "../domain/tenant.ts";
import { type AuditTrail, type DayCount, REFUSALS_KEPT } from "../ports/audit-trail.ts";
import type { Clock } from "../ports/environment.ts";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { MetadataStatus, ReadMetadataStatus } from "./connections/pending-change.ts";
import type { InspectCertificates } from "./connections/read-connections.ts";
import type { LoadSettings } from "./settings/read-settings.ts";

/** How a connection is, at a glance. */
export interface ConnectionState extends Pick<Connection, "id" | "name" | "enabled"> {
  /** The worst that there is to say of its certificates; `none` if it has none that can be read. */
  readonly certificate: "none" | "valid" | "not-yet-valid" | "expiring" | "expired";
  /** When the first of them expires, in milliseconds since the epoch; absent without any. */
  readonly certificateExpiresAt?: number;
  /** The metadata that it follows, with the change that waits; absent if it follows none. */
  readonly metadata?: MetadataStatus;
}

/** What happened on a day. */
export interface DayFigures {
  /** The day in UTC, such as `2026-11-23`. */
  readonly day: string;
  /** Successful sign-ins, those of new users included. */
  readonly signIns: number;
  /** Users who were created. */
  readonly newUsers: number;
  /** Sign-ins that were refused. */
  readonly refusals: number;
}

/** Figures of the last days. */
export interface Figures {
  /** The last {@link FIGURE_DAYS} days, oldest first; the last one is today. */
  readonly days: readonly DayFigures[];
  /** Refused sign-ins of the last seven days. */
  readonly refusalsOfWeek: number;
  /** Whether there may have been more refusals: only the latest `REFUSALS_KEPT` are kept. */
  readonly refusalsIncomplete: boolean;
  /** The latest successful sign-in, in milliseconds since the epoch; absent if none is known. */
  readonly lastSignInAt?: number;
  /** Number of users who have been created so far. */
  readonly usersCreated: number;
}

/** How single sign-on of a tenant is, without its licenses: counting seats may take longer. */
export interface Overview extends Figures {
  /** Whether single sign-on is on. */
  readonly enabled: boolean;
  readonly connections: readonly ConnectionState[];
}

/** Reads how single sign-on is. */
export interface ReadOverview {
  /** Everything, from the stored settings. */
  readonly whole: (tenant: TenantId) => Promise<Overview>;
  /** The state of each connection, in the order of the settings. */
  readonly connections: (
    tenant: TenantId,
    settings: Settings,
  ) => Promise<readonly ConnectionState[]>;
  /** Counts sign-ins, new users and refusals by days of UTC. */
  readonly figures: (tenant: TenantId) => Promise<Figures>;
}

/** From the worst. */
const FINDINGS: ReadonlyMap<string, ConnectionState["certificate"]> = new Map([
  ["certificate-expired", "expired"],
  ["certificate-not-yet-valid", "not-yet-valid"],
  ["certificate-expiring", "expiring"],
]);

/** How many days {@link Figures} are about. */
export const FIGURE_DAYS = 30;
const WEEK = 7;

const SIGN_INS: readonly AuditOutcome[] = ["signed-in", "provisioned", "invitation-accepted"];
const REFUSED: readonly AuditOutcome[] = ["denied", "rejected"];

export function makeReadOverview({
  loadSettings,
  inspectCertificates,
  readMetadataStatus,
  audit,
  users,
  clock,
}: {
  readonly loadSettings: LoadSettings;
  readonly inspectCertificates: InspectCertificates;
  readonly readMetadataStatus: ReadMetadataStatus;
  readonly audit: AuditTrail;
  readonly users: UserDirectory;
  readonly clock: Clock;
}): ReadOverview {
  const connections: ReadOverview["connections"] = async (tenant, settings) => {
    const followed = await readMetadataStatus(tenant, settings);
    return settings.connections.map(({ id, name, enabled, idp }) => {
      const read = inspectCertificates(idp?.certificates ?? []);
      const ends = read.flatMap(({ facts }) => facts?.notAfter ?? []);
      const said = new Set(read.flatMap(({ warnings }) => warnings.map(({ code }) => code)));
      const [worst] = [...FINDINGS].filter(([code]) => said.has(code)).map(([, state]) => state);
      const metadata = followed.get(id);
      return {
        ...{ id, name, enabled },
        certificate: ends.length === 0 ? "none" : (worst ?? "valid"),
        ...(ends.length === 0 ? {} : { certificateExpiresAt: Math.min(...ends) }),
        ...(metadata === undefined ? {} : { metadata }),
      };
    });
  };

  const figures: ReadOverview["figures"] = async (tenant) => {
    const now = clock.now();
    const from = now - (now % DAY_MS) - (FIGURE_DAYS - 1) * DAY_MS;
    const outcomes = [...SIGN_INS, ...REFUSED];
    const [counts, everRefused, latest, usersCreated] = await Promise.all([
      audit.countByDay(tenant, { outcomes, from, until: now + 1 }),
      audit.refusalCount(tenant),
      audit.page(tenant, { filter: { outcomes: SIGN_INS }, limit: 1 }),
      users.receiptCount(tenant),
    ]);
    const days = Array.from({ length: FIGURE_DAYS }, (_, index) =>
      figuresOf(from + index * DAY_MS, counts),
    );
    const refused = days.map(({ refusals }) => refusals);
    const lastSignInAt = latest.entries[0]?.at;
    return {
      days,
      refusalsOfWeek: sum(refused.slice(-WEEK)),
      refusalsIncomplete: everRefused > REFUSALS_KEPT && sum(refused) >= REFUSALS_KEPT,
      ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
      usersCreated,
    };
  };

  return {
    connections,
    figures,
    whole: async (tenant) => {
      const { settings } = await loadSettings(tenant);
      const [states, counted] = await Promise.all([connections(tenant, settings), figures(tenant)]);
      return { enabled: settings.enabled, connections: states, ...counted };
    },
  };
}

function figuresOf(day: number, counts: readonly DayCount[]): DayFigures {
  const ofDay = counts.filter((one) => one.day === day);
  const number = (outcomes: readonly AuditOutcome[]) =>
    sum(ofDay.filter(({ outcome }) => outcomes.includes(outcome)).map(({ count }) => count));
  return {
    day: new Date(day).toISOString().slice(0, 10),
    signIns: number(SIGN_INS),
    newUsers: number(["provisioned"]),
    refusals: number(REFUSED),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
