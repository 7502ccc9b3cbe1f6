import type { Actor } from "../../domain/audit.ts";
import type { CertificateFacts } from "../../domain/certificate-rules.ts";
import { toOneConnection } from "../../domain/one-connection.ts";
import {
  nextVersion,
  type Settings,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { connectionsToTest } from "../../domain/test-sign-in.ts";
import { fault, type SettingsFault } from "../../domain/texts/faults.ts";
import type { Clock, IdSource, Logger } from "../../ports/environment.ts";
import type { IdentityPort } from "../../ports/identity-port.ts";
import type { SettingsStore, Stores, UnitOfWork } from "../../ports/unit-of-work.ts";
import { auditDetail, formatList, shorten, yesOrNo } from "../audit/audit.ts";
import type { RecordEvent } from "../events.ts";
import { type FindTested, testsOf, testsOfEnabled } from "../test-sign-in/read-test-sign-in.ts";
import type { CheckSettings } from "./check-settings.ts";

export interface SaveSettingsDeps {
  readonly settings: SettingsStore;
  readonly unitOfWork: UnitOfWork;
  readonly checkSettings: CheckSettings;
  readonly findTested: FindTested;
  readonly recordEvent: RecordEvent;
  readonly identity: IdentityPort;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** Settings to save over the version that they were made from. */
export interface SaveSettingsInput {
  readonly tenant: TenantId;
  readonly settings: Settings;
  /** The settings that were read; {@link UNSAVED_SETTINGS} if none had been saved. */
  readonly base: VersionedSettings;
  /**
   * Whether to save settings that need a test sign-in without one; the audit entry then says
   * `tested: no`. If false, they are refused with the fault `untested`.
   */
  readonly acceptUntested: boolean;
  /** Whether enforcement may be turned on before a test sign-in has passed; only from code. */
  readonly enforceUntested?: true;
  /** Who saves. */
  readonly by: Actor;
}

/** Result of a save. */
export type SettingsSaved =
  | {
      readonly kind: "saved";
      readonly stored: VersionedSettings;
      readonly warnings: readonly SettingsFault[];
      /** Whether a recent test sign-in proves that they work. */
      readonly tested: boolean;
    }
  /** The settings were changed concurrently; nothing was stored. */
  | { readonly kind: "conflict"; readonly current: VersionedSettings }
  /** The settings are invalid, or unacceptably untested; nothing was stored. */
  | { readonly kind: "invalid"; readonly faults: readonly SettingsFault[] };

/** Saves all settings if they are valid and have not been changed concurrently. */
export type SaveSettings = (input: SaveSettingsInput) => Promise<SettingsSaved>;

export function makeSaveSettings(deps: SaveSettingsDeps): SaveSettings {
  const { settings: store, unitOfWork, checkSettings, findTested } = deps;
  const { recordEvent, identity, clock, ids, logger } = deps;

  function inspect({ settings }: VersionedSettings): InspectedSettings {
    const certificates = settings.connections.map(({ idp }) =>
      (idp?.certificates ?? []).map((certificate) => identity.inspectCertificate(certificate)),
    );
    return { settings, certificates };
  }

  async function saveOver(
    stores: Stores,
    { tenant, base, ...input }: SaveSettingsInput,
    /** Absent if nothing had to be tested. */
    tested: boolean | undefined,
  ): Promise<{ readonly kind: "saved" | "conflict"; readonly stored: VersionedSettings }> {
    const { settings, audit } = stores;
    const current = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    if (current.version !== base.version) return { kind: "conflict", stored: current };
    const at = clock.now();
    const next = nextVersion(current, input.settings, { at, by: input.by.id });
    if (!(await settings.save(tenant, next))) return { kind: "conflict", stored: current };
    const reference = ids.reference();
    const changes = settingsChanges(inspect(current), inspect(next));
    await audit.append(tenant, {
      id: ids.entryId(),
      reference,
      at,
      outcome: "settings-saved",
      actor: input.by.id,
      detail: auditDetail({
        version: String(next.version),
        tested: tested === undefined ? undefined : yesOrNo(tested),
        ...changes,
        actorName: input.by.name,
      }),
    });
    await recordEvent(stores, tenant, {
      type: "settings-saved",
      data: {
        version: next.version,
        by: input.by.id,
        enabled: next.settings.enabled,
        changes: Object.keys(changes),
        reference,
      },
    });
    return { kind: "saved", stored: next };
  }

  /** Whether a test sign-in through an enabled connection has passed in the last 24 hours. */
  async function anyTested({ tenant, settings }: SaveSettingsInput): Promise<boolean> {
    for (const connection of settings.connections) {
      if (!connection.enabled) continue;
      if ((await findTested(tenant, settings, connection)).tested) return true;
    }
    return false;
  }

  return async (input) => {
    const { tenant, base } = input;
    const { faults, warnings } = await checkSettings(tenant, input.settings);
    const toTest = connectionsToTest(base.settings, input.settings);
    const needed = toTest.length > 0;
    const proof = await testsOf(findTested, tenant, input.settings, toTest);
    if (needed && !proof.tested && !input.acceptUntested)
      return { kind: "invalid", faults: [...faults, UNTESTED] };
    const enforces = input.settings.enforcement.enabled && !base.settings.enforcement.enabled;
    if (enforces && input.enforceUntested !== true && !(await anyTested(input))) {
      return { kind: "invalid", faults: [...faults, ENFORCED_UNTESTED] };
    }
    if (faults.length > 0) return { kind: "invalid", faults };
    const { kind, stored } = await unitOfWork.run(tenant, (stores) =>
      saveOver(stores, input, needed ? proof.tested : undefined),
    );
    if (kind === "saved") {
      logger.info({ event: "saml.settings.saved", tenant, version: stored.version });
      const { tested } = await testsOfEnabled(findTested, tenant, stored.settings);
      return { kind, stored, warnings, tested };
    }
    // The concurrent save is committed by now: read it outside our transaction.
    return { kind: "conflict", current: (await store.load(tenant)) ?? stored };
  };
}

const UNTESTED: SettingsFault = fault(["enabled"], "untested:on");
const ENFORCED_UNTESTED: SettingsFault = fault(["enforcement", "enabled"], "untested:enforced");

/** Settings with what their certificates are. */
export interface InspectedSettings {
  readonly settings: Settings;
  /** The certificates of each connection, both in order. */
  readonly certificates: readonly (readonly (CertificateFacts | undefined)[])[];
}

const NOTHING = "(none)";
const MAX_SIDE_LENGTH = 200;

/**
 * The changes of a save as `old -> new` by dotted path, for the audit trail. Certificates are
 * listed by their fingerprints, long lists by their beginning and length.
 */
export function settingsChanges(
  before: InspectedSettings,
  after: InspectedSettings,
): Readonly<Record<string, string>> {
  const short = [before, after].every(({ settings }) => toOneConnection(settings) !== undefined);
  const old = textsOf(before, short);
  const current = textsOf(after, short);
  const paths = [...new Set([...old.keys(), ...current.keys()])];
  return Object.fromEntries(
    paths
      .filter((path) => old.get(path)?.whole !== current.get(path)?.whole)
      .map((path) => [path, `${side(old.get(path))} -> ${side(current.get(path))}`]),
  );
}

/** The whole value decides whether it changed; of a long list only the beginning is shown. */
interface Text {
  readonly whole: string;
  readonly shown: string;
}

function side(text: Text | undefined): string {
  return text === undefined || text.shown === "" ? NOTHING : shorten(text.shown, MAX_SIDE_LENGTH);
}

/** Several connections are identified by their IDs, so that moving one in the list is no change. */
function textsOf(inspected: InspectedSettings, short: boolean): ReadonlyMap<string, Text> {
  const { settings, certificates } = inspected;
  const texts = new Map<string, Text>();
  const { connections, ...others } = settings;
  const only = short ? toOneConnection(settings) : undefined;
  const byId = Object.fromEntries(connections.map(({ id, ...connection }) => [id, connection]));
  collect(only ?? { ...others, connections: byId }, [], texts);
  connections.forEach(({ id, idp }, index) => {
    if (idp === undefined) return;
    const fingerprints = certificates[index]?.map((facts) => facts?.fingerprint ?? "unreadable");
    texts.set(
      only === undefined ? `connections.${id}.idp.certificates` : "connection.certificates",
      { whole: JSON.stringify(idp.certificates), shown: fingerprints?.join(", ") ?? "" },
    );
  });
  return texts;
}

function collect(value: unknown, path: readonly string[], texts: Map<string, Text>): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
    texts.set(path.join("."), { whole: JSON.stringify(value), shown: formatList(items) });
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) collect(member, [...path, name], texts);
  } else {
    texts.set(path.join("."), { whole: String(value), shown: String(value) });
  }
}
