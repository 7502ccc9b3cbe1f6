import { domainOf, parseEmailAddress } from "../../domain/email-address.ts";
import type { AssertedAttribute, EmailIdentity } from "../../domain/email-identity.ts";
import { connectionFor, type Preview } from "../../domain/preview.ts";
import {
  asEnabled,
  type ConnectionId,
  type PasswordRule,
  passwordRule,
  type Settings,
  UNSAVED_SETTINGS,
} from "../../domain/settings.ts";
import type { SettingsFault } from "../../domain/settings-rules.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { SettingsStore } from "../../ports/unit-of-work.ts";
import type { DryRun } from "../test-sign-in/dry-run.ts";
import type { CheckSettings } from "./check-settings.ts";

/** Result of a preview. */
export type Previewed =
  | {
      readonly kind: "decided";
      readonly preview: Preview;
      /** What the settings say of a password of the user; absent if they enforce nothing. */
      readonly password?: PasswordRule;
    }
  /** The draft is invalid. */
  | { readonly kind: "invalid"; readonly faults: readonly SettingsFault[] };

/**
 * Tells what would happen to an address, by the policy that decides sign-ins; changes nothing. With
 * a draft: as if it were saved, and enabled.
 */
export type PreviewDecision = (query: {
  readonly tenant: TenantId;
  readonly email: string;
  /** Attributes that the identity provider would send. */
  readonly attributes: readonly AssertedAttribute[];
  readonly draft?: Settings;
  /** The connection to sign in through. Default: the one that the address leads to. */
  readonly connection?: ConnectionId | undefined;
}) => Promise<Previewed>;

export function makePreviewDecision({
  settings: store,
  checkSettings,
  dryRun,
}: {
  readonly settings: SettingsStore;
  readonly checkSettings: CheckSettings;
  readonly dryRun: DryRun;
}): PreviewDecision {
  return async ({ tenant, email, attributes, draft, connection: wanted }) => {
    const stored = (await store.load(tenant)) ?? UNSAVED_SETTINGS;
    // A draft needs no connection yet: what new users get can be looked at before there is one.
    const faults = draft === undefined ? [] : (await checkSettings(tenant, draft)).faults;
    if (faults.length > 0) return { kind: "invalid", faults };
    const settings = draft === undefined ? stored : { ...stored, settings: asEnabled(draft) };
    const identity = identityOf(email);
    const domain = identity.kind === "email" ? domainOf(identity.address) : undefined;
    const connection = connectionFor(settings.settings, domain, wanted);
    const asserted = { attributes, connection };
    const preview = await dryRun({ tenant, settings, identity, asserted });
    const enforces = settings.settings.enforcement.enabled && identity.kind === "email";
    return {
      kind: "decided",
      preview,
      ...(enforces ? { password: passwordRule(settings.settings, identity.address) } : {}),
    };
  };
}

function identityOf(email: string): EmailIdentity {
  const from = "the given address";
  if (email.trim() === "") return { kind: "missing", looked: [from] };
  const parsed = parseEmailAddress(email);
  return parsed.ok
    ? { kind: "email", address: parsed.address, from: [from] }
    : { kind: "invalid", from, fault: parsed.fault };
}
