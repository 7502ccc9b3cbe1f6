import type { CertificateFacts } from "../../domain/certificate-rules.ts";
import type { Settings } from "../../domain/settings.ts";
import { listed, shortened } from "../audit/audit-detail.ts";

/** Settings with what their certificates are. */
export interface InspectedSettings {
  readonly settings: Settings;
  readonly certificates: readonly (CertificateFacts | undefined)[];
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
  const old = textsOf(before);
  const current = textsOf(after);
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
  return text === undefined || text.shown === "" ? NOTHING : shortened(text.shown, MAX_SIDE_LENGTH);
}

function textsOf({ settings, certificates }: InspectedSettings): ReadonlyMap<string, Text> {
  const texts = new Map<string, Text>();
  collect(settings, [], texts);
  const fingerprints = certificates.map((facts) => facts?.fingerprint ?? "unreadable");
  if (settings.connection !== undefined) {
    const shown = fingerprints.join(", ");
    texts.set("connection.certificates", {
      whole: JSON.stringify(settings.connection.certificates),
      shown,
    });
  }
  return texts;
}

function collect(value: unknown, path: readonly string[], texts: Map<string, Text>): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    texts.set(path.join("."), { whole: JSON.stringify(value), shown: listed(value) });
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) collect(member, [...path, name], texts);
  } else {
    texts.set(path.join("."), { whole: String(value), shown: String(value) });
  }
}
