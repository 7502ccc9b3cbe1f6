/**
 * What is wrong with settings, messages or metadata, or should be looked at. The part before the colon is the stable code;
 * the rest tells texts of one code apart. `{names}` stand for values.
 */
export const FAULT_TEXTS = {
  "required:role": "Choose a role for new users before you turn this on.",
  "required:organization": "Choose at least one organization.",
  "required:value": "Enter a value.",
  "required:values": "Enter at least one value.",
  "required:attribute": "Enter the name of an attribute.",
  "required:email-attribute": "Enter the name of the attribute that holds the email address.",
  "required:profile-attribute": "Enter the name of an attribute, or leave this out.",
  "required:connection": "Connect an identity provider before you turn on single sign-on.",
  "required:certificate": "Add at least one signing certificate of the identity provider.",
  "required:exempt":
    "Exempt at least one active user, who can repair the connection with a password.",
  "required:member": "This is missing.",
  "unknown:role": "The role {id} does not exist.",
  "unknown:group": "The group {id} does not exist.",
  "unknown:organization": "The organization {id} does not exist.",
  "unknown:connection": "The connection {id} does not exist.",
  "too-many-organizations": "Users with the role {role} can access at most {most} organizations.",
  "too-many:rules": "Enter at most {most} rules.",
  "too-many:values": "Enter at most {most} values in all rules together.",
  "too-many:groups": "Enter at most {most} groups in all rules together.",
  "too-many:organizations": "Enter at most {most} organizations in all rules together.",
  "too-many:certificates": "Add at most {most} certificates.",
  "too-many:entries": "This must have at most {most} entries.",
  "too-long:text": "Enter at most {most} characters.",
  "too-long:member": "This must have at most {most} characters.",
  "too-short": "This must not be empty.",
  "type-invalid": "This must be of the type {type}.",
  "characters-invalid": "This must not contain control characters.",
  "not-allowed:values": "This must be one of {values}.",
  "not-allowed:value": "This value is not allowed.",
  "unknown-member": "Unknown setting.",
  "duplicate:rule": "This rule is there twice. Remove one.",
  "duplicate:value": "This value is there twice. Remove one.",
  "attribute-name-invalid": "Remove the white space before or after the attribute name.",
  "value-invalid": "Remove the white space before or after the value.",
  "refuse-alone": "A rule that refuses gives nothing. Remove its role, groups and organizations.",
  "no-rules": "No user is created: there are no rules, and users whom no rule matches are refused.",
  "role-takes-a-license": "Choose a role that does not use a license.",
  "confirmation-required:one": "Confirm that new users get the privileged role {roles}.",
  "confirmation-required:several": "Confirm that new users get the privileged roles {roles}.",
  "not-unique:id": "Another connection has this ID.",
  "not-unique:name": "Another connection has this name.",
  "not-unique:issuer": "Another connection has this issuer.",
  "not-unique:other-domains": "Only one enabled connection can accept the domains that none lists.",
  "domain-invalid": "Enter a domain name such as example.com.",
  "domain-shared":
    "Two identity providers sign in users of {domain}. End this when the move is over.",
  "domain-proof-lost":
    "The DNS record that proves {domain} is missing. Its users still sign in: publish the record again, or remove the domain.",
  "domain-of-other-connection":
    "Another connection lists {domain}. Take it from that one, or share it while users move.",
  "domain-not-verified": "Nobody has proven yet that {domain} is yours.",
  "email-invalid": "Enter an email address.",
  "id-invalid": "Use 1 to 40 lower-case letters, digits and single hyphens between them.",
  "name-invalid":
    "The name must be 1 to {most} characters long, without leading or trailing white space.",
  "entity-id-invalid":
    "The issuer must be 1 to 1,024 characters long, without leading or trailing white space.",
  "metadata-url-invalid": "Enter a complete https URL in ASCII, without credentials or a fragment.",
  "url-invalid":
    "Enter a complete http or https URL in ASCII, without credentials, a fragment or SAML parameters.",
  "metadata-not-fetched": "This service fetches no metadata: update certificates by hand.",
  "no-key": "This service has no key to sign requests with.",
  "weak-algorithm":
    "{algorithm} is weak. Allow it only while the identity provider supports nothing stronger.",
  "certificate-invalid": "This is not an X.509 certificate. Paste it as PEM or Base64.",
  "several-certificates":
    "This contains {count} certificates. Enter each one by itself, without those of their issuers.",
  "key-unsupported": "Only RSA and EC keys are supported.",
  "key-too-short": "RSA keys must have at least {least} bits.",
  "key-exponent-weak": "The public exponent of RSA keys must be odd, and 65,537 or greater.",
  "curve-unsupported": "EC keys must be on {curves}.",
  "certificate-of-issuer:list":
    "This certificate issued another one of the list. Its key signs no messages: remove it.",
  "certificate-of-issuer:key":
    "Another certificate of the same X509Data is the key's own. Issuers sign no messages.",
  "certificate-of-authority":
    "This is the certificate of a certificate authority, whose key rarely signs messages. If sign-ins are refused, replace it with the identity provider's own certificate.",
  "certificate-not-yet-valid": "This certificate is not valid before {time}.",
  "certificate-expired": "This certificate expired at {time}.",
  "certificate-expiring": "This certificate expires at {time}.",
  "untested:on":
    "Test these settings first: no test sign-in has succeeded with them in the last 24 hours.",
  "untested:enforced":
    "Test these settings first: enforcing single sign-on requires a test sign-in that has succeeded in the last 24 hours.",
  "not-connected": "The connection to test does not exist, or has no identity provider.",
  "weak-algorithm-used": "The message uses the weak algorithm {algorithm}.",
  "old-certificate-used":
    "The message is encrypted for an old certificate of this service, which is about to be removed: import its metadata at the identity provider again.",
  "logout-not-usable":
    "The identity provider offers single logout, but not by HTTP-Redirect or HTTP-POST: signing out here ends only the session here.",
} as const;

/** The name of a text of {@link FAULT_TEXTS}. */
export type FaultText = keyof typeof FAULT_TEXTS;

/** What stands for a name in a text. A `Date` is written as the language writes it. */
export type TextValue = string | number | Date;

/** Values by the names in a text. */
export type TextValues = Readonly<Record<string, TextValue>>;

/** A message, and which text with which values it is, for other languages. */
export interface Worded {
  /** Stable code. */
  readonly code: string;
  /** Message for administrators, in English. */
  readonly message: string;
  /** Absent where the message is in the reader's language, or the host's. */
  readonly text?: FaultText;
  /** Absent if the text names no values. */
  readonly values?: TextValues;
}

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The values that a text needs: none, or one for each name in it. */
export type ValuesOf<Text extends FaultText> = [NamesIn<(typeof FAULT_TEXTS)[Text]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<NamesIn<(typeof FAULT_TEXTS)[Text]>, TextValue>>];

/** The message of a text with its values. A value too few does not compile. */
export function worded<Text extends FaultText>(text: Text, ...given: ValuesOf<Text>): Worded {
  const [code = text] = text.split(":");
  const values: TextValues | undefined = given[0];
  const message = fillIn(FAULT_TEXTS[text], values);
  return values === undefined ? { code, message, text } : { code, message, text, values };
}

/** A text with its values; `write` says how they are written. Default: as programs read them. */
export function fillIn(
  text: string,
  values: TextValues = {},
  write: (value: TextValue) => string = plain,
): string {
  return text.replace(/\{([\w-]+)\}/g, (name, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined ? name : write(value);
  });
}

function plain(value: TextValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Path in the settings document: member names and indexes, outermost first. */
export type SettingsPath = readonly (string | number)[];

/** A fault or warning of settings. */
export interface SettingsFault extends Worded {
  /** Path of the fault. */
  readonly path: SettingsPath;
}

/** Maximum length of an attribute name in the settings, in UTF-16 code units. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 256;

/** The fault with this text at `path`. */
export function fault<Text extends FaultText>(
  path: SettingsPath,
  text: Text,
  ...values: ValuesOf<Text>
): SettingsFault {
  return { path, ...worded(text, ...values) };
}

/** Faults of the exact name of an attribute. */
export function attributeNameFaults(
  path: SettingsPath,
  name: string,
  whenEmpty: "required:attribute" | "required:email-attribute" | "required:profile-attribute",
): readonly SettingsFault[] {
  if (name.length > MAX_ATTRIBUTE_NAME_LENGTH) {
    return [fault(path, "too-long:text", { most: MAX_ATTRIBUTE_NAME_LENGTH })];
  }
  const trimmed = name.trim();
  if (trimmed === "") return [fault(path, whenEmpty)];
  return trimmed === name ? [] : [fault(path, "attribute-name-invalid")];
}

/** The fault of a domain that is not in its normal form. */
export function domainFault(path: SettingsPath): SettingsFault {
  return fault(path, "domain-invalid");
}
