import type { RejectionCauses, RejectionCode } from "../rejection.ts";
import type { DenialCause, DenialCauses, DenyReason } from "../sign-in-decision.ts";

/** How a refusal is explained to an administrator. */
export interface Explanation {
  /** What failed: one sentence. */
  readonly sentence: string;
  /** What to do about it: one or two sentences. Quoted words are labels of the settings page. */
  readonly fix: string;
}

/** For faults that no setting can cause: the product is broken, or the message is an attack. */
const REPORT_TO_VENDOR =
  "Try again. If the error persists, report the reason to your identity provider's vendor.";
const REPORT_TO_OPERATORS =
  "Report this to the operators of this service immediately. It should never happen and may be an attack.";
const SEND_FEWER_ATTRIBUTES =
  "Send fewer attributes from the identity provider. Long lists of groups are the usual cause.";
const COPY_ENTITY_ID =
  "Copy the entity ID from the settings page to the identity provider, character for character.";
const START_AGAIN = "Ask the user to start again from the sign-in page.";
const START_AGAIN_OR_SET_CLOCKS =
  "Ask the user to start again and not to wait on the identity provider's last page. If everyone is affected, synchronize the clocks of both servers with NTP.";

const REJECTIONS: Readonly<Record<RejectionCode, Explanation>> = {
  "message-missing": {
    sentence: "The request contained no SAML message.",
    fix: "No action is needed if someone bookmarked or typed the address. Otherwise configure the identity provider to send its response to the ACS URL with HTTP POST.",
  },
  "message-ambiguous": {
    sentence: "The request contained more than one SAML message.",
    fix: REPORT_TO_VENDOR,
  },
  "message-too-large": {
    sentence: "The message exceeds the size limit of this service.",
    fix: SEND_FEWER_ATTRIBUTES,
  },
  "message-not-base64": {
    sentence: "The message is not valid Base64.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-deflate": {
    sentence: "The message is not valid DEFLATE data.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-utf8": {
    sentence: "The message is not plain UTF-8, or begins with a byte order mark.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-malformed": {
    sentence: "The message is not well-formed XML.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-forbidden": {
    sentence: "The message uses an XML feature that is not allowed in SAML messages.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-too-complex": {
    sentence: "The message has too many elements or attributes, or is nested too deeply.",
    fix: SEND_FEWER_ATTRIBUTES,
  },
  "structure-invalid": {
    sentence:
      "The message lacks an element that is required here, or has one that is not supported here.",
    fix: "Check that the identity provider sends a SAML 2.0 response to this URL. If it does, report the reason to its vendor.",
  },
  "id-invalid": {
    sentence:
      "An ID in the message has unusual characters, is used more than once, or stands where none is supported.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-missing": {
    sentence: "The message is not signed.",
    fix: "Turn on signing at the identity provider. A sign-in needs a signed assertion or response; every logout message must be signed.",
  },
  "signature-structure-invalid": {
    sentence: "A signature in the message is malformed.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-reference-invalid": {
    sentence: "A signature does not cover the element that contains it.",
    fix: REPORT_TO_VENDOR,
  },
  "algorithm-not-allowed": {
    sentence: "The message is signed or encrypted with an algorithm that is not allowed.",
    fix: 'Select the current algorithms at the identity provider: RSA with SHA-256 for signatures, AES and RSA-OAEP for encryption. If it supports nothing stronger, select the algorithm named in the reason under "Allow weak algorithms".',
  },
  "signature-invalid": {
    sentence: "No certificate in the settings verifies the signature.",
    fix: "Import the identity provider's current metadata. The usual cause is that the identity provider changed its signing certificate.",
  },
  "certificate-expired": {
    sentence: "The message was signed with a certificate outside its validity period.",
    fix: 'Renew the signing certificate at the identity provider, then add the new one under "Signing certificates".',
  },
  "no-usable-certificate": {
    sentence: "No certificate in the settings can verify a signature.",
    fix: "Import the identity provider's current metadata.",
  },
  "encryption-structure-invalid": {
    sentence: "An encrypted part of the message is malformed.",
    fix: REPORT_TO_VENDOR,
  },
  "decryption-key-missing": {
    sentence: "The assertion is encrypted, but this service has no key to decrypt it.",
    fix: "Turn off assertion encryption at the identity provider, or ask the operators of this service to configure a key.",
  },
  "decryption-failed": {
    sentence: "The encrypted assertion cannot be used.",
    fix: "Import our metadata at the identity provider again, and its metadata here: one of the two probably has an old certificate.",
  },
  "version-unsupported": {
    sentence: "The message is not SAML 2.0.",
    fix: "Select SAML 2.0 at the identity provider.",
  },
  "status-not-success": {
    sentence: "The identity provider did not report success.",
    fix: "For a sign-in, assign the user to this application at the identity provider, unless the user cancelled. For a logout, check the log of the identity provider.",
  },
  "issuer-mismatch": {
    sentence: "The issuer of the message is not the expected one.",
    fix: 'Import the identity provider\'s metadata, or correct "Issuer (entity ID)" in the settings.',
  },
  "destination-missing": {
    sentence: "The signed message has no Destination.",
    fix: "Re-import our metadata at the identity provider, or copy the URL from the settings page.",
  },
  "destination-mismatch": {
    sentence: "The Destination of the message is not our URL.",
    fix: "Copy the URL from the settings page to the identity provider. If all URLs on that page are wrong, ask the operators of this service to correct its base URL.",
  },
  "unsolicited-refused": {
    sentence: "The sign-in started at the identity provider, which the settings do not allow.",
    fix: 'Turn on "Allow sign-ins that start at the identity provider", or link the tile at the identity provider to our login URL.',
  },
  "request-unknown": {
    sentence: "The message does not answer a pending request of this browser.",
    fix: "Ask the user to start again from the sign-in page. If everyone is affected, the base URL of this service probably differs in scheme or host name from the address that people use.",
  },
  "in-response-to-mismatch": {
    sentence: "InResponseTo is missing or differs between parts of the message.",
    fix: REPORT_TO_VENDOR,
  },
  "subject-invalid": {
    sentence: "The Subject of the assertion is malformed.",
    fix: "Configure the identity provider to send exactly one NameID.",
  },
  "name-id-missing": {
    sentence: "The message has no NameID.",
    fix: "Configure the identity provider to send a NameID, preferably in the format emailAddress.",
  },
  "name-id-encrypted": {
    sentence: "The NameID is encrypted separately, which is not supported.",
    fix: "Turn off NameID encryption at the identity provider and encrypt the whole assertion instead.",
  },
  "subject-confirmation-invalid": {
    sentence: "The assertion has no valid bearer confirmation.",
    fix: "Select the Web Browser SSO profile with HTTP POST at the identity provider.",
  },
  "recipient-mismatch": {
    sentence: "The Recipient of the assertion is not our ACS URL.",
    fix: "Copy the ACS URL from the settings page to the identity provider. If all URLs on that page are wrong, ask the operators of this service to correct its base URL.",
  },
  "conditions-missing": {
    sentence: "The assertion has no Conditions, which limit its audience and lifetime.",
    fix: COPY_ENTITY_ID,
  },
  "condition-unknown": {
    sentence: "The assertion has a condition that this service does not support.",
    fix: "Remove the condition named in the reason at the identity provider.",
  },
  "audience-missing": {
    sentence: "The assertion does not name an audience.",
    fix: COPY_ENTITY_ID,
  },
  "audience-mismatch": {
    sentence: "The audience of the assertion is not our entity ID.",
    fix: COPY_ENTITY_ID,
  },
  "time-invalid": {
    sentence: "A timestamp is not in UTC, or a validity period ends before it starts.",
    fix: REPORT_TO_VENDOR,
  },
  "not-yet-valid": {
    sentence: "The message is not valid yet, according to our clock.",
    fix: "Synchronize the clocks of both servers with NTP. This entry shows the clock difference.",
  },
  expired: {
    sentence: "The message has expired, according to our clock.",
    fix: START_AGAIN_OR_SET_CLOCKS,
  },
  "too-old": {
    sentence: "The message was issued too long ago, according to our clock.",
    fix: START_AGAIN_OR_SET_CLOCKS,
  },
  "session-expired": {
    sentence: "The user's session at the identity provider has ended, according to our clock.",
    fix: "Ask the user to sign in at the identity provider again. If everyone is affected, synchronize the clocks of both servers with NTP.",
  },
  "authn-statement-missing": {
    sentence: "The assertion does not state that the user signed in.",
    fix: "Select the Web Browser SSO profile at the identity provider.",
  },
  "authn-statement-invalid": {
    sentence: "The assertion has more than one authentication statement.",
    fix: REPORT_TO_VENDOR,
  },
  "authn-too-old": {
    sentence:
      "The connection asks for a new authentication at every sign-in, but the identity provider used an earlier one.",
    fix: 'Allow forced authentication (ForceAuthn) for this application at the identity provider, or turn "Ask for the password at every sign-in" off. If everyone is affected, synchronize the clocks of both servers with NTP.',
  },
  "authn-context-mismatch": {
    sentence: "The user was not authenticated in one of the ways that the connection accepts.",
    fix: 'Compare the two values that this entry shows. Require that way of authentication, such as multi-factor authentication, for this application at the identity provider, or add what it sent to "Accepted authentication classes".',
  },
  "attribute-invalid": {
    sentence: "An attribute of the assertion cannot be read.",
    fix: "Send the attribute named in the reason as plain text without encryption, or do not send it.",
  },
  "second-reading-failed": {
    sentence: "The second SAML check refused a message that the first check had accepted.",
    fix: REPORT_TO_OPERATORS,
  },
  "readings-disagree": {
    sentence: "The two independent SAML checks read the message differently.",
    fix: REPORT_TO_OPERATORS,
  },
  "no-connection": {
    sentence: "No identity provider is connected.",
    fix: "Connect one in the settings, or remove this service from the identity provider.",
  },
  "connection-changed": {
    sentence: "The identity provider settings changed during this sign-in.",
    fix: START_AGAIN,
  },
  "logout-failed": {
    sentence: "The platform failed to end the sessions that a logout request is about.",
    fix: "Ask the operators of this service: their log has the cause under the reference.",
  },
  "request-consumed": {
    sentence: "This sign-in request has already been answered.",
    fix: START_AGAIN,
  },
  replayed: {
    sentence: "This message has already been used.",
    fix: "No action is needed if the user went back or reloaded the page. Ask them to start again from the sign-in page.",
  },
};

const DENIALS: Readonly<Record<DenyReason, Explanation>> = {
  "sso-disabled": {
    sentence: "Single sign-on is turned off in the settings.",
    fix: "Turn it on once the identity provider is connected.",
  },
  "email-missing": {
    sentence: "The identity provider sent no email address where the settings look for it.",
    fix: 'Send the address under one of the names in the reason, or select the attribute that holds it under "Email address source". If only one user is affected, their directory entry may have no address.',
  },
  "email-invalid": {
    sentence: "The value that the identity provider sent as the email address is not usable.",
    fix: 'Send the NameID in the format emailAddress, or select the attribute that holds the address under "Email address source".',
  },
  "email-ambiguous": {
    sentence: "The identity provider sent more than one email address for the user.",
    fix: 'Select the one attribute that holds the address under "Email address source".',
  },
  "domain-not-allowed": {
    sentence: "The domain of the email address is not allowed.",
    fix: 'Add the domain under "Allowed email domains" if its users may sign in. Subdomains must be listed separately.',
  },
  "domain-not-verified": {
    sentence: "The domain of the email address is not proven to be yours.",
    fix: "Prove to the platform that the domain is yours, then try again. Until then, none of its users can sign in.",
  },
  "domain-of-other-connection": {
    sentence: "The domain of the email address belongs to another connection.",
    fix: "Users of this domain sign in through the connection that lists it. If they have moved, move the domain to this connection; while they move, let both list it.",
  },
  "user-suspended": {
    sentence: "The user is suspended.",
    fix: "Reactivate the user if they should have access. Signing in never reactivates a user.",
  },
  "user-deleted": {
    sentence: "The user was deleted.",
    fix: "Restore or recreate the user if they should have access. Signing in never restores a user.",
  },
  "jit-disabled": {
    sentence: "No user has this email address, and auto-provisioning is turned off.",
    fix: 'Turn on "Create users at their first sign-in", or invite the user.',
  },
  "refused-by-rule": {
    sentence: "A rule for new users refuses this user, so the user was not created.",
    fix: 'If the user should have access, change the rule named in the reason under "Rules", or invite the user.',
  },
  "no-rule-matched": {
    sentence: "No rule for new users matches this user, so the user was not created.",
    fix: 'Add a rule that matches the user, or change "When no rule matches". A test sign-in shows which attributes the identity provider sends.',
  },
  "address-changed": {
    sentence:
      "Another user has the same persistent NameID, and another address: the user's address has changed at the identity provider.",
    fix: "Change the address of that user in the platform to the new one; the reason names the user. If it is another person, allow new users whose address has changed.",
  },
  "defaults-invalid": {
    sentence: "The settings for new users are incomplete, out of date or break a rule.",
    fix: 'Open "New users" in the settings and correct the marked fields.',
  },
  "license-exhausted": {
    sentence: "All licenses are in use, so the user was not created.",
    fix: 'Add or free licenses, or change "When all licenses are in use" in the settings.',
  },
};

const WEAK_IF_NEEDED =
  'If it supports nothing stronger, select the algorithm named in the reason under "Allow weak algorithms".';

/** The explanations of every code, and of every cause of the codes that have several, in a language. */
export interface Explanations {
  /** By code. */
  readonly codes: Readonly<Record<DenyReason | RejectionCode, Explanation>>;
  /** Codes that mean different things to do: what failed and what to do, for each cause. */
  readonly causes: {
    readonly [Code in keyof (RejectionCauses & DenialCauses)]: Readonly<
      Record<(RejectionCauses & DenialCauses)[Code], Explanation>
    >;
  };
}

const CAUSES: Explanations["causes"] = {
  "message-not-utf8": {
    "byte-order-mark": {
      sentence: "The message begins with a byte order mark.",
      fix: "Configure the identity provider to write its messages as UTF-8 without a byte order mark, or report the reason to its vendor.",
    },
    encoding: {
      sentence: "The message is not valid UTF-8.",
      fix: REPORT_TO_VENDOR,
    },
  },
  "structure-invalid": {
    "other-message": {
      sentence: "The message is of another kind than this URL accepts.",
      fix: "Check the URLs at the identity provider. Responses to sign-ins belong to the ACS URL, logout messages to the single logout URL.",
    },
    "assertion-missing": {
      sentence: "The response reports success but contains no assertion.",
      fix: "Select the Web Browser SSO profile with HTTP POST at the identity provider. If it is selected, report the reason to its vendor.",
    },
    several: {
      sentence:
        "The message has several of an element of which SAML allows several but this service reads one.",
      fix: "Configure the identity provider to send one: a single assertion, with all attributes in a single attribute statement.",
    },
    misplaced: {
      sentence: "The message has content in a place where this service does not support any.",
      fix: "Turn off the extension or plugin at the identity provider that adds what the reason names. SAML may allow it, but this service reads a fixed form, so that no second identity can be hidden in a message.",
    },
    malformed: {
      sentence: "The message does not have the form that SAML prescribes.",
      fix: REPORT_TO_VENDOR,
    },
  },
  "id-invalid": {
    characters: {
      sentence: "An ID in the message has unsupported characters or is too long.",
      fix: "Configure the identity provider to create IDs of at most 256 letters, digits and the characters _ . - + : or report the reason to its vendor.",
    },
    duplicate: {
      sentence: "Two elements of the message have the same ID.",
      fix: "Report the reason to your identity provider's vendor if this happens at every sign-in. A message that someone has tampered with looks like this, too.",
    },
    place: {
      sentence: "An attribute of the XML is called ID in a place where this service accepts none.",
      fix: "Do not send the attribute value that contains it, or turn off the extension that adds it. It could be mistaken for the ID of something that is signed.",
    },
  },
  "signature-invalid": {
    "other-certificate": {
      sentence: "The message names a signing certificate that is not in the settings.",
      fix: "Import the identity provider's current metadata. If you have just done so, import the metadata of this very application: many products sign with a certificate for each. Never copy a certificate from a message.",
    },
    "no-certificate": {
      sentence: "No certificate in the settings verifies the signature of the message.",
      fix: 'Import the identity provider\'s current metadata. If you have just done so, compare the fingerprint that the identity provider shows for this application with those under "Signing certificates": its metadata may list an old one or that of another application.',
    },
    altered: {
      sentence:
        "The signing certificate is in the settings, but the message was changed after signing.",
      fix: "Look for what changes the message on its way, such as a proxy or plugin. Some products encrypt the assertion after signing the response: sign the assertion instead.",
    },
  },
  "algorithm-not-allowed": {
    signature: {
      sentence: "The message is signed with a signature algorithm that is not allowed.",
      fix: `Select RSA with SHA-256 as the signature algorithm at the identity provider. ${WEAK_IF_NEEDED}`,
    },
    digest: {
      sentence: "The message is signed with a digest algorithm that is not allowed.",
      fix: `Select SHA-256 as the digest algorithm at the identity provider, which often has a setting apart from the signature algorithm. ${WEAK_IF_NEEDED}`,
    },
    canonicalization: {
      sentence: "The signature uses a canonicalization or a transform that is not supported.",
      fix: "Select exclusive canonicalization (xml-exc-c14n) for signatures at the identity provider, and no transform besides the enveloped signature.",
    },
    "data-encryption": {
      sentence: "The assertion is encrypted with a data encryption algorithm that is not allowed.",
      fix: `Select AES-256-GCM as the encryption algorithm at the identity provider; AES-128 and CBC work, too. ${WEAK_IF_NEEDED}`,
    },
    "key-transport": {
      sentence: "The key of the encrypted assertion is encrypted in a way that is not allowed.",
      fix: 'Select RSA-OAEP for key transport at the identity provider, with SHA-1, SHA-256, SHA-384 or SHA-512 and without a label. RSA 1.5 works only in signed responses, where "Allow weak algorithms" includes it and the runtime supports it.',
    },
  },
  "decryption-failed": {
    "other-key": {
      sentence: "The message is authentic, but no key of this service decrypts what it encrypts.",
      fix: "Import our metadata at the identity provider again. It probably still encrypts with an old certificate of ours.",
    },
    "other-certificate": {
      sentence: "The assertion is encrypted for a certificate that is not ours.",
      fix: "Import our metadata at the identity provider again. It encrypts for the certificate that this entry shows as received.",
    },
    unsigned: {
      sentence:
        "The encrypted assertion cannot be used, and nothing outside the encryption is signed that would say why.",
      fix: "These look alike on purpose: an old certificate of ours at the identity provider; its own signing certificate changed or expired; SHA-1, or no signature, inside. To tell them apart, let it sign the response as well, or turn off encryption, and run a test sign-in: the entry then names the one.",
    },
  },
  "status-not-success": {
    "user-refused": {
      sentence: "The identity provider did not authenticate the user or refused access.",
      fix: "Assign the user to this application at the identity provider, unless the user cancelled. The log of the identity provider says which.",
    },
    "request-refused": {
      sentence: "The identity provider did not accept our request.",
      fix: 'Check at the identity provider that our entity ID and ACS URL are registered as the settings page shows them. If it requires signed requests, turn on "Sign requests" and import our metadata there.',
    },
    "context-unavailable": {
      sentence:
        "The identity provider could not authenticate the user in any way that the connection requests.",
      fix: 'Empty "Requested authentication classes" in the settings, or enter the classes that the identity provider documents. If they are right, check its sign-in policy for this application, and whether the user can sign in that way. With none requested, the identity provider chooses.',
    },
    "not-passively": {
      sentence:
        "The identity provider would have had to ask the user to sign in, but was told not to ask.",
      fix: "This service never tells it that. Check what starts the sign-in, such as a link or a proxy of the identity provider, and its policy for this application. It works for users who sign in at the identity provider first.",
    },
    "name-id-unavailable": {
      sentence: "The identity provider cannot send the NameID or attribute that was asked for.",
      fix: "Select a NameID format at the identity provider that it can fill for this user, preferably emailAddress.",
    },
    "logout-incomplete": {
      sentence: "The identity provider could not end all of its sessions.",
      fix: "No action is needed here: the user is signed out of this service. The log of the identity provider says which sessions remain.",
    },
    other: {
      sentence: "The identity provider reported an error of its own.",
      fix: "Check the log of the identity provider at the time of this entry. The reason shows the status that it sent.",
    },
  },
  "issuer-mismatch": {
    "entity-id": {
      sentence: "The issuer of the message differs from the one in the settings.",
      fix: 'Compare the two values that this entry shows. Import the identity provider\'s metadata, or correct "Issuer (entity ID)" in the settings.',
    },
    format: {
      sentence: "The issuer of the message is not written as an entity ID.",
      fix: "Configure the identity provider to send its Issuer without a Format, or with the one that this entry shows as expected.",
    },
  },
  "request-unknown": {
    "no-cookie": {
      sentence:
        "The browser sent none of the cookies that this service sets when a sign-in or sign-out starts.",
      fix: "Ask the user to allow cookies for this site and to start again in the same browser. If everyone is affected, the address that people use probably differs from the base URL of this service in scheme or host name, or a proxy removes cookies.",
    },
    waited: {
      sentence: "The user took longer than ten minutes at the identity provider.",
      fix: "Ask the user to start again from the sign-in page. No action is needed if it happens now and then.",
    },
    "other-request": {
      sentence: "The message answers another request than the ones that this browser has pending.",
      fix: "Ask the user to start again from the sign-in page. Usual causes are the Back button, a bookmark of the identity provider's page, and many tabs.",
    },
  },
  "email-missing": {
    "in-name-id": {
      sentence: "The NameID holds an email address, but the settings do not look for it there.",
      fix: 'Select "NameID only" under "Email address source". Where the source is automatic, the NameID counts if the identity provider sends it in the format emailAddress.',
    },
    "in-attribute": {
      sentence:
        "An attribute holds an email address, but the settings do not look for it under that name.",
      fix: 'Select "One attribute" under "Email address source" and enter the name that the reason gives, if this is the address that identifies the user.',
    },
    "nothing-sent": {
      sentence: "The identity provider sent no attributes and no email address.",
      fix: "Configure the identity provider to release the email address of its users to this application, as an attribute or as a NameID in the format emailAddress.",
    },
    "not-sent": {
      sentence: "The identity provider sent attributes, but none of them holds an email address.",
      fix: "Add the email address to what the identity provider sends to this application. If only one user is affected, their directory entry may have no address.",
    },
  },
};

/** The explanations in English. */
export const EXPLANATIONS: Explanations = {
  codes: { ...REJECTIONS, ...DENIALS },
  causes: CAUSES,
};

/**
 * The explanation of a refusal: of its cause, where its code has several; otherwise of its code.
 *
 * @returns `undefined` for a code that another version of this package stored.
 */
export function explanationOf(
  code: DenyReason | RejectionCode,
  cause?: string,
  explanations: Explanations = EXPLANATIONS,
): Explanation | undefined {
  const byCause = cause === undefined ? undefined : own(causesOf(code, explanations), cause);
  return byCause ?? own(explanations.codes, code);
}

/** The explanation of a denial. */
export function denialExplanation(reason: DenyReason, cause?: DenialCause): Explanation {
  return explanationOf(reason, cause) ?? DENIALS[reason];
}

/** The explanations of a code's causes, by cause; empty for most codes. */
export function causesOf(
  code: DenyReason | RejectionCode,
  { causes }: Explanations = EXPLANATIONS,
): Readonly<Record<string, Explanation>> {
  const all: Readonly<Record<string, Readonly<Record<string, Explanation>>>> = causes;
  return own(all, code) ?? {};
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
