/** Names sent by the identity provider. The host receives them only when a user is created. */
export interface Profile {
  /** Full name. */
  readonly displayName?: string;
  /** First name. */
  readonly firstName?: string;
  /** Last name. */
  readonly lastName?: string;
}

/**
 * Exact names of the attributes with a new user's names. Default: well-known names are tried.
 */
export interface ProfileMapping {
  /** Attribute with the full name. */
  readonly displayName?: string;
  /** Attribute with the first name. */
  readonly firstName?: string;
  /** Attribute with the last name. */
  readonly lastName?: string;
}
