import { defined } from "../../../../domain/defined.ts";
import { oneConnection, toOneConnection } from "../../../../domain/one-connection.ts";
import {
  type ConnectionId,
  connectionById,
  IDENTITY_PROVIDER_DEFAULTS,
  type IdentityProvider,
  NEW_CONNECTION,
  type Settings,
  WEAK_ALGORITHMS,
} from "../../../../domain/settings.ts";
import {
  type Choice,
  FIELDS,
  type Field,
  IDENTITY_PROVIDER_FLAGS,
  keysOf,
  mapped,
  type Values,
} from "./fields.ts";
import { rulesIn, rulesText } from "./rule-fields.ts";

/** What changes about a list of the host's: the rest of it stays as it is stored. */
export interface ListChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Settings as they stand in the form, working or not. */
export interface FormState {
  /** The connection that stands in the form. */
  readonly connection: ConnectionId;
  readonly values: Values;
  readonly changes: Readonly<Record<Choice, ListChanges>>;
  /** What the form was made from. */
  readonly base: { readonly version: number; readonly values: Values };
}

/** Nothing is added and nothing removed. */
export const UNCHANGED: ListChanges = { added: [], removed: [] };

/** A form of stored settings in which nobody has typed yet. */
export function formStateOf(
  stored: { readonly settings: Settings; readonly version: number },
  wanted?: ConnectionId,
): FormState {
  const { connections } = stored.settings;
  const shown = connections.find(({ id }) => id === wanted) ?? connections[0] ?? NEW_CONNECTION;
  const values = valuesOf(stored.settings, shown.id);
  return {
    connection: shown.id,
    values,
    changes: { groups: UNCHANGED, organizations: UNCHANGED },
    base: { version: stored.version, values },
  };
}

/** Whether something stands in the form that is not saved. */
export function isEdited({ values, changes, base }: FormState): boolean {
  const moved = Object.values(changes).some(
    ({ added, removed }) => added.length + removed.length > 0,
  );
  return moved || !sameValues(values, base.values);
}

/** Whether every field says the same. */
export function sameValues(one: Values, other: Values): boolean {
  return keysOf(FIELDS).every((field) => same(one[field], other[field]));
}

/** Whether two texts, flags or lists are the same. */
export function same(one: Values[Field], other: Values[Field]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What a form of `settings` says that shows one of their connections. */
export function valuesOf(settings: Settings, shown: ConnectionId): Values {
  const { connection, email, profile, autoProvisioning } = oneConnection(
    settings,
    connectionById(settings, shown) ?? NEW_CONNECTION,
  );
  const { whenLicensesRunOut: policy, organizations } = autoProvisioning;
  const { name, enabled, acceptsOtherDomains } = connectionById(settings, shown) ?? NEW_CONNECTION;
  // In the short form, the domains say whether others are accepted.
  const several = toOneConnection(settings) === undefined;
  return {
    connectionName: name,
    connectionEnabled: enabled,
    acceptsOtherDomains: several ? acceptsOtherDomains : true,
    metadataUrl: connection?.metadataUrl ?? "",
    entityId: connection?.entityId ?? "",
    ssoUrl: connection?.ssoUrl ?? "",
    sloUrl: connection?.sloUrl ?? "",
    sloResponseUrl: connection?.sloResponseUrl ?? "",
    sloByPost: connection?.sloBinding === "post",
    ssoByPost: connection?.ssoBinding === "post",
    forceAuthn: connection?.forceAuthn ?? false,
    omitAcsUrl: connection?.omitAcsUrl ?? false,
    nameIdFormat: connection?.nameIdFormat ?? "",
    requestedClasses: connection?.requestedAuthnContext?.classRefs ?? [],
    authnContextComparison: connection?.requestedAuthnContext?.comparison ?? "exact",
    acceptedClasses: connection?.acceptedAuthnContextClasses ?? [],
    certificates: (connection?.certificates ?? []).map(asTyped),
    ...mapped(IDENTITY_PROVIDER_FLAGS, (flag) => (connection ?? IDENTITY_PROVIDER_DEFAULTS)[flag]),
    weakAlgorithms: inOrderOf(WEAK_ALGORITHMS, connection?.weakAlgorithms ?? []),
    emailSource: email.source.kind,
    emailAttribute: email.source.kind === "attribute" ? email.source.name : "",
    allowedDomains: email.allowedDomains,
    sharedDomains: settings.sharedDomains,
    enforced: settings.enforcement.enabled,
    exempt: settings.enforcement.exempt,
    displayName: profile.displayName ?? "",
    firstName: profile.firstName ?? "",
    lastName: profile.lastName ?? "",
    autoProvisioning: autoProvisioning.enabled,
    role: autoProvisioning.role ?? "",
    privilegedRoleConfirmed: autoProvisioning.privilegedRoleConfirmed,
    organizations: organizations.kind,
    whenLicensesRunOut: policy.kind,
    liteRole: policy.kind === "lite" ? policy.role : "",
    rules: rulesText(autoProvisioning.rules),
    whenNoRuleMatches: autoProvisioning.whenNoRuleMatches,
    whenAddressChanged: autoProvisioning.whenAddressChanged ?? "create",
  };
}

/**
 * The settings document that a draft means, in the shape that `PUT /settings` takes.
 *
 * @param stored what the draft's changes of lists are relative to.
 */
export function documentOf(draft: FormState, stored: Settings, enabled: boolean): unknown {
  return toOneConnection(stored) === undefined
    ? listDocument(draft, stored, enabled)
    : shortDocument(draft, stored, enabled);
}

/** A document with a list of connections. */
export type ListDocument = Readonly<Record<string, unknown>> & {
  readonly connections: readonly { readonly id: ConnectionId }[];
};

/** The same with the connections as a list, whatever is stored. */
export function listDocument(draft: FormState, stored: Settings, enabled: boolean): ListDocument {
  const { values } = draft;
  const short = toOneConnection(stored) !== undefined;
  const { connection, email, profile, autoProvisioning, enforcement } = shortDocument(
    draft,
    stored,
    enabled,
  );
  const { source, allowedDomains: domains } = email;
  const edited = {
    id: draft.connection,
    name: values.connectionName,
    enabled: values.connectionEnabled,
    ...defined({ idp: connection }),
    email: { source },
    profile,
    domains,
    acceptsOtherDomains: short ? domains.length === 0 : values.acceptsOtherDomains,
  };
  const { connections } = stored;
  return {
    enabled,
    connections: connections.map((one) => (one.id === draft.connection ? edited : one)),
    sharedDomains: values.sharedDomains,
    autoProvisioning,
    enforcement,
  };
}

function shortDocument(draft: FormState, stored: Settings, enabled: boolean) {
  const { values } = draft;
  const idp = connectionById(stored, draft.connection)?.idp;
  return {
    enabled,
    ...(hasConnection(values) ? { connection: identityProviderOf(values, idp) } : {}),
    enforcement: { enabled: values.enforced, exempt: values.exempt },
    email: {
      source: {
        kind: values.emailSource,
        ...(values.emailSource === "attribute" ? { name: values.emailAttribute } : {}),
      },
      allowedDomains: values.allowedDomains,
    },
    profile: present({
      displayName: values.displayName,
      firstName: values.firstName,
      lastName: values.lastName,
    }),
    autoProvisioning: {
      enabled: values.autoProvisioning,
      ...(values.role === "" ? {} : { role: values.role }),
      privilegedRoleConfirmed: values.privilegedRoleConfirmed,
      groups: chosen(draft, stored, "groups"),
      organizations: {
        kind: values.organizations,
        ...(values.organizations === "selected"
          ? { ids: chosen(draft, stored, "organizations") }
          : {}),
      },
      whenLicensesRunOut: {
        kind: values.whenLicensesRunOut,
        ...(values.whenLicensesRunOut === "lite" ? { role: values.liteRole } : {}),
      },
      rules: rulesIn(values),
      whenNoRuleMatches: values.whenNoRuleMatches,
      ...(values.whenAddressChanged === "create"
        ? {}
        : { whenAddressChanged: values.whenAddressChanged }),
    },
  };
}

/** Whether anything of an identity provider stands in the form. */
export function hasConnection({ entityId, ssoUrl, sloUrl, certificates }: Values): boolean {
  return `${entityId}${ssoUrl}${sloUrl}${certificates.join("")}` !== "";
}

/** What a list of the host's is when the draft is saved. */
export function chosen(draft: FormState, stored: Settings, choice: Choice): readonly string[] {
  const { added, removed } = draft.changes[choice];
  const without = new Set(removed);
  return [...new Set([...storedIds(stored, choice), ...added])].filter((id) => !without.has(id));
}

/** What a list of the host's is as it is stored. */
export function storedIds({ autoProvisioning }: Settings, choice: Choice): readonly string[] {
  if (choice === "groups") return autoProvisioning.groups;
  const { organizations } = autoProvisioning;
  return organizations.kind === "selected" ? organizations.ids : [];
}

function identityProviderOf(values: Values, stored: IdentityProvider | undefined): object {
  // A stored certificate keeps its stored text: imported metadata contains the same one without PEM
  // armor.
  const known = new Map(stored?.certificates.map((text) => [withoutArmour(text), text]));
  return {
    // What has no field in the form stays as it is stored.
    ...Object.fromEntries(
      Object.entries(stored ?? {}).filter(([name]) => !OPTIONAL_FIELDS.has(name)),
    ),
    entityId: values.entityId,
    ...present({ metadataUrl: values.metadataUrl }),
    ssoUrl: values.ssoUrl,
    ...present({ sloUrl: values.sloUrl, sloResponseUrl: values.sloResponseUrl }),
    ...(values.sloByPost ? { sloBinding: "post" } : {}),
    certificates: values.certificates.map((text) => known.get(withoutArmour(text)) ?? text),
    ...mapped(IDENTITY_PROVIDER_FLAGS, (flag) => values[flag]),
    // Order is irrelevant and must not look like a change of the connection.
    weakAlgorithms: inOrderOf(stored?.weakAlgorithms ?? [], values.weakAlgorithms),
    ...loginRequestOf(values),
  };
}

/** Optional settings that have fields: an empty field takes the stored one away. */
const OPTIONAL_FIELDS: ReadonlySet<string> = new Set<keyof IdentityProvider>([
  "metadataUrl",
  "sloUrl",
  "sloResponseUrl",
  "sloBinding",
  "ssoBinding",
  "forceAuthn",
  "omitAcsUrl",
  "nameIdFormat",
  "requestedAuthnContext",
  "acceptedAuthnContextClasses",
]);

/** What login requests ask for; everything is optional. */
function loginRequestOf(values: Values): object {
  const { requestedClasses: classRefs, acceptedClasses, authnContextComparison } = values;
  return {
    ...(values.ssoByPost ? { ssoBinding: "post" } : {}),
    ...(values.forceAuthn ? { forceAuthn: true } : {}),
    ...(values.omitAcsUrl ? { omitAcsUrl: true } : {}),
    ...present({ nameIdFormat: values.nameIdFormat }),
    ...(classRefs.length === 0
      ? {}
      : { requestedAuthnContext: { classRefs, comparison: authnContextComparison } }),
    ...(acceptedClasses.length === 0 ? {} : { acceptedAuthnContextClasses: acceptedClasses }),
  };
}

/** `items` in the order of `order`; those that it does not have come last. */
function inOrderOf(order: readonly string[], items: readonly string[]): readonly string[] {
  const first = order.filter((item) => items.includes(item));
  return [...first, ...items.filter((item) => !first.includes(item))];
}

/** What is empty in a form is absent in a document. */
function present(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}

/** Every role that new users may get: the default and those of rules. */
export function rolesIn(values: Pick<Values, "role" | "rules">): ReadonlySet<string> {
  const roles = [values.role, ...rulesIn(values).map(({ role }) => role ?? "")];
  return new Set(roles.filter(Boolean));
}

/** A certificate from a form, which changes every line break to CR LF. */
export function asTyped(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** Equal for the same certificate as PEM and as Base64. */
export function withoutArmour(text: string): string {
  return text.replace(/-----[^-]*-----|\s/g, "");
}
