import { defined } from "./defined.ts";
import type { AssertedAttribute, Claims } from "./email-identity.ts";

/** How and when the identity provider authenticated the user (SAML core section 2.7.2). */
export interface Authentication {
  /** AuthnInstant, in milliseconds since the epoch. */
  readonly authnInstant: number;
  /** AuthnContextClassRef; absent if the identity provider sent none. */
  readonly authnContextClassRef?: string;
}

/**
 * What the identity provider says about a user, for the host to read. The signature proves that the
 * identity provider says it; the plugin does not guarantee that it is true. Frozen.
 */
export interface Assertion extends Claims, Authentication {}

/** The part of `verified` that the host receives, as a frozen copy. */
export function frozenAssertion({
  claims: { nameId, attributes },
  authnInstant,
  authnContextClassRef,
}: Authentication & { readonly claims: Claims }): Assertion {
  return Object.freeze({
    nameId: Object.freeze({ ...nameId }),
    attributes: Object.freeze(attributes.map(frozenAttribute)),
    authnInstant,
    ...defined({ authnContextClassRef }),
  });
}

function frozenAttribute({ name, values }: AssertedAttribute): AssertedAttribute {
  return Object.freeze({ name, values: Object.freeze([...values]) });
}

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
