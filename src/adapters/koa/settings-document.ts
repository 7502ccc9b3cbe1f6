import type { z } from "zod";
import type { CheckSettings } from "../../application/check-settings.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../domain/settings.ts";
import type { SettingsFault, SettingsPath } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { readShape } from "./settings-schema.ts";

/** A settings document as somebody sent it: settings, or every fault of it. */
export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/**
 * Reads a settings document. When its shape is faulty, the rest of it is still held against the
 * rules, so that an administrator sees every fault at once.
 */
export type ParseSettings = (tenant: TenantId, document: unknown) => Promise<ParsedSettings>;

/** Makes {@link ParseSettings}. */
export function makeParseSettings({
  checkSettings,
}: {
  readonly checkSettings: CheckSettings;
}): ParseSettings {
  return async (tenant, document) => {
    const shape = readShape(document);
    if (shape.ok) return shape;
    const shapeFaults = shape.issues.flatMap(faultsOf);
    const { settings, replaced } = repaired(document);
    if (settings === undefined) return { ok: false, faults: shapeFaults };
    const { faults } = await checkSettings(tenant, settings);
    const ofTheRest = faults.filter(({ path }) => !replaced.some((done) => isWithin(path, done)));
    return { ok: false, faults: [...shapeFaults, ...ofTheRest] };
  };
}

/** What stands in for faulty members; it breaks no rule that its neighbours do not break. */
const STAND_INS = {
  ...DEFAULT_SETTINGS,
  connection: { entityId: "", ssoUrl: "", certificates: [] },
};

/** More rounds than the document is deep: each one replaces at least one level further up. */
const MAX_ROUNDS = 8;

/** The document with stand-ins for all that has no proper shape, and where they are. */
function repaired(document: unknown): {
  readonly settings?: Settings;
  readonly replaced: readonly SettingsPath[];
} {
  let current: unknown = structuredClone(document);
  const replaced: SettingsPath[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const shape = readShape(current);
    if (shape.ok) return { settings: shape.settings, replaced };
    for (const { path } of shape.issues.flatMap(faultsOf)) {
      // What a stand-in did not mend is mended one level further up.
      const again = replaced.some((done) => samePath(done, path));
      // A kind that does not exist leaves nothing of its object to be read.
      const target = again || path.at(-1) === "kind" ? path.slice(0, -1) : path;
      replaced.push(target);
      current = withStandIn(current, target, STAND_INS);
    }
  }
  return { replaced };
}

function withStandIn(document: unknown, path: SettingsPath, standIn: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return structuredClone(standIn);
  if (Array.isArray(document)) {
    return document.map((item, index) => (index === step ? withStandIn(item, rest, "x") : item));
  }
  if (!isRecord(document)) return structuredClone(standIn);
  const inner = isRecord(standIn) ? standIn[String(step)] : undefined;
  const { [String(step)]: old, ...others } = document;
  const value = withStandIn(old, rest, inner);
  return value === undefined ? others : { ...others, [String(step)]: value };
}

function faultsOf(issue: z.core.$ZodIssue): readonly SettingsFault[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: "unknown-member",
      message: "There is no such setting.",
    }));
  }
  return [{ path, code: codeOf(issue), message: messageOf(issue) }];
}

function codeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
    case "invalid_value":
      if (issue.input === undefined) return "required";
      return issue.code === "invalid_type" ? "type-invalid" : "not-allowed";
    case "too_small":
      return "too-short";
    case "too_big":
      return "too-long";
    default:
      return "not-allowed";
  }
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `This must be ${issue.expected === "array" ? "a list" : `of type ${issue.expected}`}.`;
    case "too_small":
      return "This must not be empty.";
    case "too_big":
      return `This has at most ${issue.maximum} characters.`;
    case "invalid_value":
      return `This must be one of ${issue.values.join(", ")}.`;
    default:
      return "This is not one of the kinds that there are.";
  }
}

function isWithin(path: SettingsPath, outer: SettingsPath): boolean {
  return outer.every((step, index) => path[index] === step);
}

function samePath(one: SettingsPath, other: SettingsPath): boolean {
  return one.length === other.length && isWithin(one, other);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
