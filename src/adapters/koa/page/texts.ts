import type { AuditOutcome } from "../../../domain/audit.ts";
import type { Field } from "./fields.ts";

/** Every text of the settings page, in plain English. A host may replace any of them. */
export const PAGE_TEXTS = {
  /** BCP 47 tag of the language, for `lang`, dates and numbers. */
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",
  title: "Single sign-on settings",
  contents: "On this page",
  optional: "(optional)",
  none: "None",
  copy: "Copy",
  copied: "Copied",
  leaveWarning: "What you have typed is not saved.",
  working: "One moment…",
  workingFailed: "The page could not be reached. Nothing was changed.",

  status: {
    title: "Single sign-on",
    on: "On",
    off: "Off",
    onMeans: "People can sign in through the identity provider.",
    offMeans: "Nobody can sign in through the identity provider.",
    neverSaved: "Nothing has been saved yet.",
    savedBy: (who: string): string => `Saved by ${who}`,
    version: (version: number): string => `version ${version}`,
    switchOff: "Switch off now",
    switchOffHint:
      "Takes effect at once, whatever else stands in the form. Users keep their access.",
    warnings: "Needs attention",
  },
  notices: {
    saved: "Saved.",
    switchedOff: "Single sign-on is off.",
    switchedOffTyped: "Single sign-on is off. What you typed is still here, and not saved.",
    metadataRead: "The metadata was read into the form. Check it, then save.",
    metadataInvalid: "This is not the metadata of an identity provider.",
    metadataMissing: "Paste the metadata first.",
    chooseProvider: "The metadata describes several identity providers. Choose one.",
    presetApplied: (name: string): string =>
      `The names that ${name} uses are filled in. Check them, then save.`,
    presetMissing: "Choose a product first.",
    missingDropped: (count: number): string =>
      count === 1
        ? "One entry that no longer exists was taken out."
        : `${count} entries that no longer exist were taken out.`,
  },
  problems: {
    title: (count: number): string =>
      count === 1 ? "Nothing was saved: 1 problem" : `Nothing was saved: ${count} problems`,
    more: (count: number): string => `and ${count} more`,
    problem: "Problem:",
    warning: "Warning:",
    choiceNeeded: "Two of you changed this. Choose which one to keep.",
    untested:
      "No test sign-in has worked with these settings yet. Test them, or confirm that you switch on untested.",
  },
  conflict: {
    title: "Somebody else saved meanwhile",
    who: (who: string): string =>
      `${who} saved these settings while you were editing. Nothing of yours is lost.`,
    taken: "Only they changed these. Their change is in the form now:",
    disputed: "You both changed these. Choose which one to keep:",
    lists: "Groups and organizations: their changes and yours are both in.",
    mine: "Yours",
    theirs: "Theirs",
    before: "before",
    now: "now",
    saveAgain: "Check the form, then save again.",
  },
  serviceProvider: {
    title: "This service",
    intro: "Your identity provider asks for these. Copy them there, or give it the metadata.",
    entityId: "Entity ID",
    entityIdHint: "Also called audience or issuer of the service provider",
    acsUrl: "Assertion consumer service (ACS) URL",
    acsUrlHint: "Also called reply URL or single sign-on URL",
    sloUrl: "Single logout URL",
    metadata: "Metadata",
    viewMetadata: "View metadata",
    downloadMetadata: "Download metadata",
    certificate: "Certificate",
    signs: "Signs our requests, and the identity provider encrypts for it",
    older: "An older one, with which we still decrypt",
    downloadCertificate: "Download certificate",
  },
  identityProvider: {
    title: "Identity provider",
    metadata: "Read its metadata",
    metadataHint:
      "Paste the XML, or choose the file. It fills in the fields below; nothing is saved yet.",
    metadataText: "Metadata (XML)",
    metadataFile: "Metadata file",
    read: "Read metadata",
    provider: "Which identity provider",
    choose: (entityId: string): string => `Use ${entityId}`,
    wantsSigned: "wants signed requests",
    entityId: "Issuer (entity ID)",
    ssoUrl: "Single sign-on URL",
    sloUrl: "Single logout URL",
    certificates: "Signing certificates",
    certificatesHint: "Two during a change of certificates: the current one and the next.",
    certificate: (number: number): string => `Certificate ${number}`,
    certificateText: "Certificate text (PEM or base64)",
    showText: "Certificate text",
    add: "Add a certificate",
    remove: (number: number): string => `Remove certificate ${number}`,
    check: "Check certificates",
    signRequests: "Sign our requests",
    noKey: "This platform has no key to sign with.",
    idpInitiated: "Accept sign-ins that begin at the identity provider",
    idpInitiatedHint:
      "Needed for its app tiles. Weaker: another person's sign-in could be slipped to somebody.",
    exceptions: "Exceptions for old identity providers",
    weakAlgorithms: "Accept weak algorithms",
    weakAlgorithmsHint: "Only while the identity provider can do nothing better.",
    acceptExpired: "Accept certificates that have expired",
    acceptExpiredHint: "An expired certificate may have been given up because its key leaked.",
  },
  certificate: {
    subject: "Subject",
    fingerprint: "SHA-256 fingerprint",
    expires: "Valid until",
    key: "Key",
    unreadable: "This is not an X.509 certificate.",
    expired: (days: number): string =>
      days === 0 ? "Expired today" : `Expired ${days} ${days === 1 ? "day" : "days"} ago`,
    expiring: (days: number): string =>
      days === 0 ? "Expires today" : `Expires in ${days} ${days === 1 ? "day" : "days"}`,
    notYet: "Not valid yet",
    good: "Valid",
  },
  attributes: {
    title: "What the identity provider sends",
    preset: "Product",
    presetHint: "Fills in the names that this product uses when it is set up as its page says.",
    choosePreset: "Choose…",
    apply: "Fill in",
    email: "Where the email address is",
    automatic: "Find it: the NameID if it is an address, or a usual attribute",
    attribute: "In one attribute",
    attributeName: "Exact name of the attribute",
    nameId: "In the NameID only",
    allowedDomains: "Allowed email domains",
    allowedDomainsHint: "One a line. Empty: all. Sub-domains count only if they are listed.",
    names: "Names of new users",
    namesHint: "Exact names of attributes. Empty: the usual ones are tried.",
    displayName: "Attribute with the whole name",
    firstName: "Attribute with the first name",
    lastName: "Attribute with the last name",
  },
  newUsers: {
    title: "New users",
    autoProvisioning: "Create users at their first sign-in",
    autoProvisioningHint:
      "Only new users get what is chosen here. Nobody who has a user is changed.",
    role: "Role",
    chooseRole: "Choose…",
    lite: "does not count towards the license",
    privileged: "privileged",
    atMost: (count: number): string => `at most ${count} organizations`,
    roleGone: (id: string): string => `${id} (no longer exists)`,
    confirm: "Every new user may get a privileged role",
    confirmHint: "Needed where the role above is privileged.",
    groups: "Security groups",
    organizations: "Organizations",
    all: "All organizations, also future ones",
    selected: "Only those chosen here",
    runOut: "When all licenses are in use",
    runOutDeny: "Refuse the sign-in",
    runOutAllow: "Create the user all the same, above the limit",
    runOutLite: "Create the user with another role",
    liteRole: "Role that takes no license",
  },
  list: {
    search: (list: string): string => `Search ${list.toLowerCase()}`,
    find: "Search",
    chosen: (count: string): string => `${count} chosen`,
    results: "Search results",
    nothing: "Nothing was found.",
    empty: "There are none.",
    searchForMore: "There are more. Search to find them.",
    more: "More results",
    page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
    previous: "Previous",
    next: "Next",
    showChosen: "Clear the search",
    gone: "no longer exists",
    dropMissing: "Take out those that no longer exist",
    changes: (added: number, removed: number): string =>
      `Not saved yet: ${added} added, ${removed} removed`,
  },
  licenses: {
    title: "Licenses",
    used: (used: string, limit: string): string => `${used} of ${limit} in use`,
    usedUnlimited: (used: string): string => `${used} in use, without a limit`,
    byJit: (count: string): string => `${count} of them by auto-provisioning`,
    next: (role: string): string => `The next new user (${role}):`,
    nextTakes: (after: string): string => `takes a license, ${after} would be in use`,
    nextFree: "takes no license",
    nextOver: {
      deny: "would be refused: all licenses are in use",
      allow: "would be created above the limit",
      lite: "would get the other role instead: all licenses are in use",
    },
    nobody: "No role is chosen for new users.",
  },
  test: {
    title: "Try it out",
    preview: "What would happen to an address",
    previewHint: "Decides with what stands in the form, saved or not. Nothing is changed.",
    email: "Email address",
    run: "Show",
    signsIn: (email: string): string =>
      `${email} would sign in. Their role and access stay as they are.`,
    acceptsInvitation: (email: string): string =>
      `${email} would accept their invitation and get what it says.`,
    provisions: (email: string): string => `${email} would get a new user:`,
    denies: "Would be refused:",
    role: "Role",
    groups: "Groups",
    organizations: "Organizations",
    allOrganizations: "All, also future ones",
    andMore: (count: string): string => `and ${count} more`,
    licenses: "Licenses in use",
    before: (before: string, after: string): string => `${before} → ${after}`,
    personSees: "The person would see:",
    faulty: "The form has problems, so nothing can be decided yet.",
  },
  switch: {
    title: "Save and switch on",
    save: "Save",
    saveAndSwitchOn: "Save and switch on",
    untested: "Switch on although no test sign-in has worked with these settings",
    untestedHint: "People may be unable to sign in. You can switch off again at any time.",
    tested: "A test sign-in has worked with these settings.",
  },
  activity: {
    title: "Activity",
    newest: "The newest entries",
    empty: "Nothing has happened yet.",
    all: "All activity",
    time: "Time",
    what: "What happened",
    person: "Who",
    reference: "Reference",
    outcomes: {
      "signed-in": "Signed in",
      provisioned: "New user created",
      "invitation-accepted": "Invitation accepted",
      denied: "Refused",
      rejected: "Could not be verified",
      "settings-saved": "Settings saved",
      "logged-out": "Signed out",
      "logout-rejected": "Sign-out could not be verified",
    } satisfies Record<AuditOutcome, string> as Readonly<Record<AuditOutcome, string>>,
  },
  unavailable: "This could not be read just now. The rest of the page works.",
  /** How fields are called where they are listed. */
  fields: {
    entityId: "Issuer (entity ID)",
    ssoUrl: "Single sign-on URL",
    sloUrl: "Single logout URL",
    certificates: "Signing certificates",
    idpInitiated: "Sign-ins that begin at the identity provider",
    signRequests: "Sign our requests",
    weakAlgorithms: "Weak algorithms",
    acceptExpiredCertificates: "Certificates that have expired",
    emailSource: "Where the email address is",
    emailAttribute: "Attribute with the email address",
    allowedDomains: "Allowed email domains",
    displayName: "Attribute with the whole name",
    firstName: "Attribute with the first name",
    lastName: "Attribute with the last name",
    autoProvisioning: "Create users at their first sign-in",
    role: "Role",
    privilegedRoleConfirmed: "Privileged role confirmed",
    organizations: "Organizations",
    whenLicensesRunOut: "When all licenses are in use",
    liteRole: "Role that takes no license",
  } satisfies Record<Field, string> as Readonly<Record<Field, string>>,
  yes: "yes",
  no: "no",
  /** Other words for faults and warnings, by their code; the words of the API unless given. */
  faults: {} as Readonly<Record<string, string>>,
};

/** `T`, all of it read-only. */
export type DeepReadonly<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** `T`, any of it left out. */
export type DeepPartial<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** The texts of the settings page. */
export type PageTexts = DeepReadonly<typeof PAGE_TEXTS>;

/** Texts of a host's own, in the place of some or all of ours. */
export type PageTextsGiven = DeepPartial<PageTexts>;
