/**
 * The names of the settings form's fields. Each is the JSON pointer of a setting with hyphens for
 * slashes, and the ID of its element too. The rest of the form:
 *
 * - `action`, the value of the button that was pressed: `save`, `enable` (save and switch on),
 * `disable`, `read-metadata`, `choose-provider:N`, `add-certificate`, `remove-certificate:N`,
 * `apply-preset`, `preview`, `test`, `count-seats`, `count-figures`, `accept-change:TAG`, `dismiss-change:TAG`,
 * `try-change:TAG`, `license-report`, `add-domain`, `check-domain:DOMAIN`, `remove-domain:DOMAIN`; `groups-…` and `organizations-…` with `search`, `more:CURSOR`,
 * `page:N` and `drop-missing`; `rule-…` with `add`, `edit:N`, `close`, `up:N`, `down:N`, `remove:N`,
 * `use:["ATTRIBUTE","VALUE"]` and `search`; `refresh` (Enter in a field) and `open`
 * (another screen), which save nothing.
 * - `autoProvisioning-rules`: the rules as JSON, of which `rule-open` is typed in fields of its own.
 * - `confirmed-roles`: the roles for which the confirmation was ticked already, as JSON.
 * - `new-connection`, `new-domain`: what to add.
 * - `metadata` (the pasted XML), `preset` (a vendor), `preview-email`, `preview-attributes`, `untested` (switch on
 * although no test sign-in has worked).
 * - `groups-search`, `groups-ticked` (repeated), `groups-shown`, `groups-changes`; so too
 * `organizations-…`: what is listed, what of it is ticked, and what has changed on other pages.
 * - `resolve-FIELD` (`mine` or `theirs`) where two administrators changed the same field.
 * - `live`: the one element that a script asks for.
 * - What the shown sections have no controls for is in hidden fields: every form holds all settings.
 * - `base`: the settings that the form was made from, as JSON.
 */
export const TEXTS = {
  connectionName: "name",
  metadataUrl: "connection-metadataUrl",
  entityId: "connection-entityId",
  ssoUrl: "connection-ssoUrl",
  sloUrl: "connection-sloUrl",
  sloResponseUrl: "connection-sloResponseUrl",
  nameIdFormat: "connection-nameIdFormat",
  authnContextComparison: "connection-requestedAuthnContext-comparison",
  emailSource: "email-source",
  emailAttribute: "email-source-name",
  displayName: "profile-displayName",
  firstName: "profile-firstName",
  lastName: "profile-lastName",
  role: "autoProvisioning-role",
  organizations: "autoProvisioning-organizations",
  whenLicensesRunOut: "autoProvisioning-whenLicensesRunOut",
  liteRole: "autoProvisioning-whenLicensesRunOut-role",
  rules: "autoProvisioning-rules",
  whenNoRuleMatches: "autoProvisioning-whenNoRuleMatches",
  whenAddressChanged: "autoProvisioning-whenAddressChanged",
} as const;

/** Flags of an identity provider, by the names that its settings have for them. */
export const IDENTITY_PROVIDER_FLAGS = {
  idpInitiated: "connection-idpInitiated",
  signRequests: "connection-signRequests",
  acceptExpiredCertificates: "connection-acceptExpiredCertificates",
} as const;

const OTHER_FLAGS = {
  connectionEnabled: "connectionEnabled",
  acceptsOtherDomains: "acceptsOtherDomains",
  sloByPost: "connection-sloBinding",
  ssoByPost: "connection-ssoBinding",
  forceAuthn: "connection-forceAuthn",
  omitAcsUrl: "connection-omitAcsUrl",
  enforced: "enforcement-enabled",
  autoProvisioning: "autoProvisioning-enabled",
  privilegedRoleConfirmed: "autoProvisioning-privilegedRoleConfirmed",
} as const;

/** Ticked or not. */
export const FLAGS: typeof IDENTITY_PROVIDER_FLAGS & typeof OTHER_FLAGS = {
  ...IDENTITY_PROVIDER_FLAGS,
  ...OTHER_FLAGS,
};

/**
 * Sets of texts; certificates are one field each, domains, addresses and classes one line each, algorithms one
 * box each.
 */
export const LISTS = {
  certificates: "connection-certificates",
  weakAlgorithms: "connection-weakAlgorithms",
  requestedClasses: "connection-requestedAuthnContext-classRefs",
  acceptedClasses: "connection-acceptedAuthnContextClasses",
  allowedDomains: "email-allowedDomains",
  sharedDomains: "sharedDomains",
  exempt: "enforcement-exempt",
} as const;

/** Every field whose value stands in the form as a whole. */
export const FIELDS: typeof TEXTS & typeof FLAGS & typeof LISTS = { ...TEXTS, ...FLAGS, ...LISTS };

/** A field, by the name that the code has for it. */
export type Field = keyof typeof FIELDS;
export type TextField = keyof typeof TEXTS;
export type FlagField = keyof typeof FLAGS;
export type ListField = keyof typeof LISTS;

/** What the form says, as it was typed; white space around texts and blank entries are left out. */
export type Values = Readonly<Record<TextField, string>> &
  Readonly<Record<FlagField, boolean>> &
  Readonly<Record<ListField, readonly string[]>>;

/**
 * Which button was pressed: `remove-certificate:2` is `remove-certificate` with the argument `2`.
 */
export interface FormAction {
  readonly name: string;
  readonly argument: string;
}

/** Lists of IDs of the host's, too long to stand in a form. */
export const CHOICES = {
  groups: "autoProvisioning-groups",
  organizations: "autoProvisioning-organizations-ids",
} as const;

/** A list of the host's that an administrator chooses from. */
export type Choice = keyof typeof CHOICES;

/** The keys of an object whose keys are known. */
export function keysOf<K extends string>(object: Readonly<Record<K, unknown>>): readonly K[] {
  const isKey = (key: string): key is K => Object.hasOwn(object, key);
  return Object.keys(object).filter(isKey);
}

/** An object with the same keys, made key by key. */
export function mapped<K extends string, T>(
  fields: Readonly<Record<K, unknown>>,
  value: (field: K) => T,
): Record<K, T> {
  const entries = keysOf(fields).map((field) => [field, value(field)] as const);
  return Object.fromEntries(entries) as Record<K, T>;
}
