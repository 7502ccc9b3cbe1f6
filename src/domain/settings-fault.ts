/** Path in the settings document: member names and indexes, outermost first. */
export type SettingsPath = readonly (string | number)[];

/** A fault or warning of settings. */
export interface SettingsFault {
  /** Path of the fault. */
  readonly path: SettingsPath;
  /** Stable code. */
  readonly code: string;
  /** Message for administrators. */
  readonly message: string;
}

/** Maximum length of an attribute name in the settings, in UTF-16 code units. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 256;

export function fault(path: SettingsPath, code: string, message: string): SettingsFault {
  return { path, code, message };
}

/** Faults of the exact name of an attribute. */
export function attributeNameFaults(
  path: SettingsPath,
  name: string,
  whenEmpty: string,
): readonly SettingsFault[] {
  if (name.length > MAX_ATTRIBUTE_NAME_LENGTH) {
    return [fault(path, "too-long", `Enter at most ${MAX_ATTRIBUTE_NAME_LENGTH} characters.`)];
  }
  const trimmed = name.trim();
  if (trimmed === "") return [fault(path, "required", whenEmpty)];
  return trimmed === name
    ? []
    : [
        fault(
          path,
          "attribute-name-invalid",
          "Remove the white space before or after the attribute name.",
        ),
      ];
}

/** The fault of a domain that is not in its normal form. */
export function domainFault(path: SettingsPath): SettingsFault {
  return fault(path, "domain-invalid", "Enter a domain name such as example.com.");
}
