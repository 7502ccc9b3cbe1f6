/** Names that the identity provider gave; they reach the host when a user is created, never later. */
export interface Profile {
  /** The whole name. */
  readonly displayName?: string;
  /** The given name. */
  readonly firstName?: string;
  /** The family name. */
  readonly lastName?: string;
}

/**
 * The exact names of the attributes that hold a new user's names. Where one is absent, the names
 * that identity providers commonly use are tried.
 */
export interface ProfileMapping {
  /** Of the whole name. */
  readonly displayName?: string;
  /** Of the given name. */
  readonly firstName?: string;
  /** Of the family name. */
  readonly lastName?: string;
}
