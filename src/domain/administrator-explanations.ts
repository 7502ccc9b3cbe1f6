import type { RejectionCode } from "./rejection.ts";
import type { DenyReason } from "./sign-in-decision.ts";

/** What an administrator is told of a refusal: what failed, and what to do about it. */
export interface Explanation {
  /** What failed, in words. */
  readonly sentence: string;
  /** What to do. */
  readonly fix: string;
}

/** For what no setting changes: a product that does it is broken, or somebody attacks. */
const REPORT_TO_VENDOR =
  "Try once more; if it comes again, show the reason to the maker of the identity provider.";
const READ_OUR_METADATA_AGAIN =
  "Let the identity provider read our metadata again, or copy the address from the settings page.";
const COPY_ENTITY_ID =
  "Copy the entity ID from the settings page into the identity provider, character for character.";
const SET_CLOCKS =
  "Let both machines take their time from NTP, and compare the clock difference of this entry.";
const START_AGAIN = "Let the person start again from the sign-in page.";

const REJECTIONS: Readonly<Record<RejectionCode, Explanation>> = {
  "message-missing": {
    sentence: "Somebody opened our address without a message of the identity provider.",
    fix: "Nothing, if somebody typed or bookmarked it; otherwise let the identity provider send to the ACS URL by HTTP POST.",
  },
  "message-ambiguous": {
    sentence: "The request holds more than one message.",
    fix: REPORT_TO_VENDOR,
  },
  "message-too-large": {
    sentence: "The message is larger than this platform takes.",
    fix: "Let the identity provider send fewer attributes, above all no lists of groups that nobody reads.",
  },
  "message-not-base64": {
    sentence: "The message is not encoded as SAML demands.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-deflate": {
    sentence: "The message is not compressed as SAML demands.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-utf8": {
    sentence: "The message is not written in UTF-8.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-malformed": {
    sentence: "The message is not well-formed XML.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-forbidden": {
    sentence: "The message uses XML that SAML messages never need and attacks do.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-too-complex": {
    sentence: "The message has more elements, or deeper ones, than this platform takes.",
    fix: "Let the identity provider send fewer attributes, above all no lists of groups that nobody reads.",
  },
  "structure-invalid": {
    sentence: "The message does not have the parts that SAML demands, where it demands them.",
    fix: "Check that the identity provider sends a SAML 2.0 response to this address; show the reason to its maker if it does.",
  },
  "id-invalid": {
    sentence: "An ID in the message is not a name, or is there twice.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-missing": {
    sentence: "Nothing in the message is signed.",
    fix: "Let the identity provider sign: for a sign-in the assertion or the response, and every logout message.",
  },
  "signature-structure-invalid": {
    sentence: "A signature is not built as SAML demands.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-reference-invalid": {
    sentence: "A signature covers something else than the element that it stands in.",
    fix: REPORT_TO_VENDOR,
  },
  "algorithm-not-allowed": {
    sentence: "The identity provider signs or encrypts with an algorithm that is not allowed.",
    fix: "Choose RSA-SHA256 at the identity provider; only where that cannot be done, allow the weak algorithm that the reason names in the settings.",
  },
  "signature-invalid": {
    sentence: "No certificate in the settings verifies the signature.",
    fix: "Import the identity provider's current metadata: most often it has changed its certificate.",
  },
  "certificate-expired": {
    sentence: "The signature fits a certificate that is outside its validity period.",
    fix: "Let the identity provider sign with a new certificate, and add that to the settings.",
  },
  "no-usable-certificate": {
    sentence: "No certificate in the settings can verify a signature.",
    fix: "Import the identity provider's current metadata.",
  },
  "encryption-structure-invalid": {
    sentence: "The encrypted part is not built as SAML demands.",
    fix: REPORT_TO_VENDOR,
  },
  "decryption-key-missing": {
    sentence: "The assertion is encrypted, and this platform has no key to decrypt it with.",
    fix: "Switch encryption off at the identity provider, or let the platform's operators configure a key.",
  },
  "decryption-failed": {
    sentence: "No key of this platform decrypts the assertion.",
    fix: "Let the identity provider read our metadata again: it encrypts to an old certificate.",
  },
  "version-unsupported": {
    sentence: "The message is of another version than SAML 2.0.",
    fix: "Choose SAML 2.0 at the identity provider.",
  },
  "status-not-success": {
    sentence: "The identity provider itself reports that it did not succeed.",
    fix: "For a sign-in, assign the person to this application at the identity provider, unless they cancelled; for a logout, look into its own log.",
  },
  "issuer-mismatch": {
    sentence: "The message was made by another identity provider than the settings name.",
    fix: "Import the identity provider's metadata instead of typing its entity ID.",
  },
  "destination-missing": {
    sentence: "A signed message does not say which address it is for.",
    fix: READ_OUR_METADATA_AGAIN,
  },
  "destination-mismatch": {
    sentence: "The message is for another address than ours.",
    fix: "Copy the address from the settings page into the identity provider; if all our addresses are wrong, the platform's base URL is.",
  },
  "unsolicited-refused": {
    sentence: "The sign-in began at the identity provider, and the settings take none that did.",
    fix: "Switch sign-in from the identity provider on in the settings, or let the tile lead to our login URL.",
  },
  "request-unknown": {
    sentence: "The message answers no request that this browser has under way.",
    fix: "Let the person start again from the sign-in page; if it happens to everybody, the platform's base URL has another host name or scheme than people use.",
  },
  "in-response-to-mismatch": {
    sentence: "The message does not say, or not everywhere the same, which request it answers.",
    fix: REPORT_TO_VENDOR,
  },
  "subject-invalid": {
    sentence: "The message does not say whom it is about as SAML demands.",
    fix: "Let the identity provider send exactly one NameID.",
  },
  "name-id-missing": {
    sentence: "The message does not say whom it is about.",
    fix: "Let the identity provider send a NameID, best in the format emailAddress.",
  },
  "name-id-encrypted": {
    sentence: "The NameID is encrypted by itself.",
    fix: "Switch that off at the identity provider, and encrypt the whole assertion instead.",
  },
  "subject-confirmation-invalid": {
    sentence: "The assertion is not confirmed for a browser that carries it.",
    fix: "Choose the Web Browser SSO profile with HTTP POST at the identity provider.",
  },
  "recipient-mismatch": {
    sentence: "The assertion is for another address than ours.",
    fix: "Copy the ACS URL from the settings page into the identity provider; if all our addresses are wrong, the platform's base URL is.",
  },
  "conditions-missing": {
    sentence: "The assertion does not say for whom and for how long it is valid.",
    fix: COPY_ENTITY_ID,
  },
  "condition-unknown": {
    sentence: "The assertion is valid under a condition that this platform does not know.",
    fix: "Take the condition that the reason names away at the identity provider.",
  },
  "audience-missing": {
    sentence: "The assertion does not say for which platform it is.",
    fix: COPY_ENTITY_ID,
  },
  "audience-mismatch": {
    sentence: "The assertion is for another platform than this one.",
    fix: COPY_ENTITY_ID,
  },
  "time-invalid": {
    sentence: "A time in the message is not a time in UTC, or ends before it begins.",
    fix: REPORT_TO_VENDOR,
  },
  "not-yet-valid": {
    sentence: "By our clock, the message comes from the future.",
    fix: SET_CLOCKS,
  },
  expired: {
    sentence: "By our clock, the message is not valid any more.",
    fix: "Let the person start again, without stopping at the identity provider's last page; if it happens to everybody, let both machines take their time from NTP.",
  },
  "too-old": {
    sentence: "By our clock, the message was issued too long ago.",
    fix: "Let the person start again, without stopping at the identity provider's last page; if it happens to everybody, let both machines take their time from NTP.",
  },
  "session-expired": {
    sentence: "By our clock, the person's session at the identity provider is over.",
    fix: "Let the person sign in at the identity provider again; if it happens to everybody, let both machines take their time from NTP.",
  },
  "authn-statement-missing": {
    sentence: "The assertion does not say that the person signed in.",
    fix: "Choose the Web Browser SSO profile at the identity provider.",
  },
  "authn-statement-invalid": {
    sentence: "The assertion says in more than one way how the person signed in.",
    fix: REPORT_TO_VENDOR,
  },
  "attribute-invalid": {
    sentence: "An attribute cannot be read.",
    fix: "Send the attribute that the reason names as plain text, not encrypted, or not at all.",
  },
  "second-reading-failed": {
    sentence: "The second reading of the message refused what the first had accepted.",
    fix: "Tell the platform's operators: this should not happen, and may be an attack.",
  },
  "readings-disagree": {
    sentence: "Two independent readings of the message came to different results.",
    fix: "Tell the platform's operators: this should not happen, and may be an attack.",
  },
  "no-connection": {
    sentence: "No identity provider is connected.",
    fix: "Connect one in the settings, or remove this platform from the identity provider.",
  },
  "connection-changed": {
    sentence: "The settings of the identity provider were changed during this sign-in.",
    fix: START_AGAIN,
  },
  "request-consumed": {
    sentence: "This login request was answered before.",
    fix: START_AGAIN,
  },
  replayed: {
    sentence: "This message was used before.",
    fix: "Nothing, if the person went back or reloaded the page; they start again from the sign-in page.",
  },
};

const DENIALS: Readonly<Record<DenyReason, Explanation>> = {
  "sso-disabled": {
    sentence: "Single sign-on is switched off in the settings.",
    fix: "Switch it on when the identity provider is connected.",
  },
  "email-missing": {
    sentence: "The identity provider sent no email address where the settings look for it.",
    fix: "Send the address under one of the names in the reason, or choose the attribute that is sent as the email source; it may be that just this person has none.",
  },
  "email-invalid": {
    sentence: "What the identity provider sent as the email address is none that can be used.",
    fix: "Send the NameID in the format emailAddress, or choose an attribute with the address as the email source.",
  },
  "email-ambiguous": {
    sentence: "The identity provider sent different email addresses for one person.",
    fix: "Name the one attribute to take the address from as the email source.",
  },
  "domain-not-allowed": {
    sentence: "The domain of the email address is not among those that may sign in.",
    fix: "Add the domain to the allowed domains if its people should get in; sub-domains count only if they are listed themselves.",
  },
  "user-suspended": {
    sentence: "The user is suspended in this platform.",
    fix: "Reactivate the user in the platform if they should get in; signing in never does.",
  },
  "user-deleted": {
    sentence: "The user was deleted in this platform.",
    fix: "Restore or create the user in the platform if they should get in; signing in never does.",
  },
  "jit-disabled": {
    sentence: "There is no user with this email address, and new users are not created.",
    fix: "Switch auto-provisioning on, or invite the person.",
  },
  "defaults-invalid": {
    sentence:
      "What new users should get does not exist any more, or breaks a rule of the platform.",
    fix: "Open the settings of auto-provisioning, and choose anew what is marked there.",
  },
  "license-exhausted": {
    sentence: "All licenses are in use, so the user was not created.",
    fix: "Buy licenses or free some, or choose in the settings what happens when they run out.",
  },
};

const EXPLANATIONS: Readonly<Record<DenyReason | RejectionCode, Explanation>> = {
  ...REJECTIONS,
  ...DENIALS,
};

/**
 * What failed, and what to do about it, by the code of a refusal; `undefined` for a code that another
 * version of this package stored.
 */
export function explanationOf(code: DenyReason | RejectionCode): Explanation | undefined {
  return Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
}
