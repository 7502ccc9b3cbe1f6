import type { z } from "zod";
import type { CheckSettings } from "../../application/settings/check-settings.ts";
import { pathInOneConnection } from "../../domain/one-connection.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../domain/settings.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { fault, type SettingsFault, type SettingsPath } from "../../domain/texts/faults.ts";
import { formOf, readShape, type SettingsForm } from "./schema.ts";

/** Maximum number of faults that one response reports. */
export const MAX_FAULTS = 100;

/** A parsed settings document: settings, or all of its faults. */
export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/**
 * Parses a settings document. If some members have a wrong type, the others are still validated, so
 * that an administrator sees all faults together.
 */
export type ParseSettings = (tenant: TenantId, document: unknown) => Promise<ParsedSettings>;

export function makeParseSettings({
  checkSettings,
}: {
  readonly checkSettings: CheckSettings;
}): ParseSettings {
  return async (tenant, document) => {
    const shape = readShape(document);
    if (shape.ok) return shape;
    const faults = shape.issues.flatMap(faultsOf);
    // Not mistyped settings: further validation would only cost time.
    if (faults.length > MAX_FAULTS) return { ok: false, faults };
    const faulty = faults.map(({ path }) => path.slice(0, MEMBER_DEPTH));
    const rest = isRecord(document) ? readShape(replaceFaulty(document, STAND_INS, faulty)) : shape;
    if (!rest.ok) return { ok: false, faults };
    const check = await checkSettings(tenant, rest.settings);
    const ofTheRest = faultsIn(formOf(document), check.faults).filter(
      ({ path }) => !faulty.some((member) => isWithin(path, member)),
    );
    return { ok: false, faults: [...faults, ...ofTheRest] };
  };
}

/** Faults at their paths in a document of this form. */
export function faultsIn(
  form: SettingsForm,
  faults: readonly SettingsFault[],
): readonly SettingsFault[] {
  return form === "several-connections"
    ? faults
    : faults.map((fault) => ({ ...fault, path: pathInOneConnection(fault.path) }));
}

type Members = Readonly<Record<string, unknown>>;

/** A section and a member of it, such as `email.source`. */
const MEMBER_DEPTH = 2;

/** Replacements for faulty members; they break no rule by themselves. */
const STAND_INS: Members = {
  ...DEFAULT_SETTINGS,
  email: { source: { kind: "automatic" }, allowedDomains: [] },
  profile: {},
  connection: { entityId: "", ssoUrl: "", certificates: [] },
};

/** The members of `document`, with those at `faulty` replaced by stand-ins or omitted. */
function replaceFaulty(
  document: Members,
  standIns: Members,
  faulty: readonly SettingsPath[],
): Members {
  const whole = new Set(faulty.filter((path) => path.length === 1).map(([name]) => name));
  const kept = Object.entries(document)
    .filter(([name]) => !whole.has(name))
    .map(([name, value]) => {
      const within = faulty.filter((path) => path[0] === name).map((path) => path.slice(1));
      const inner = standIns[name];
      return within.length > 0 && isRecord(value) && isRecord(inner)
        ? [name, replaceFaulty(value, inner, within)]
        : [name, value];
    });
  return Object.fromEntries([
    ...kept,
    ...Object.entries(standIns).filter(([name]) => whole.has(name)),
  ]);
}

function faultsOf(issue: z.core.$ZodIssue): readonly SettingsFault[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => fault([...path, key], "unknown-member"));
  }
  return [faultOf(path, issue)];
}

function faultOf(path: SettingsPath, issue: z.core.$ZodIssue): SettingsFault {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? fault(path, "required:member")
        : fault(path, "type-invalid", { type: issue.expected });
    case "invalid_value":
      return issue.input === undefined
        ? fault(path, "required:member")
        : fault(path, "not-allowed:values", { values: issue.values.join(", ") });
    case "too_small":
      return fault(path, "too-short");
    case "too_big": {
      const text = issue.origin === "array" ? "too-many:entries" : "too-long:member";
      return fault(path, text, { most: Number(issue.maximum) });
    }
    case "invalid_format":
      return fault(path, "characters-invalid");
    default:
      return fault(path, "not-allowed:value");
  }
}

function isWithin(path: SettingsPath, outer: SettingsPath): boolean {
  return outer.every((step, index) => path[index] === step);
}

function isRecord(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
