import type { VendorId } from "../../../../domain/attribute-presets.ts";
import type { AuditOutcome } from "../../../../domain/audit.ts";
import type { MetadataFailureCode } from "../../../../domain/metadata-refresh.ts";
import type { AuthnContextComparison } from "../../../../domain/settings.ts";
import type { ProvisionWarning } from "../../../../domain/sign-in-decision.ts";
import {
  EXPLANATIONS,
  type Explanations,
} from "../../../../domain/texts/administrator-explanations.ts";
import { FAULT_TEXTS, type FaultText } from "../../../../domain/texts/faults.ts";
import {
  type CopiedValue,
  IDENTITY_PROVIDER_GUIDES,
  type IdentityProviderGuide,
} from "../../../../domain/texts/identity-provider-guides.ts";
import {
  USER_ADVICE,
  USER_SENTENCES,
  type UserAdvice,
  type UserSentence,
} from "../../../../domain/texts/user-explanations.ts";
import type { ProblemCode } from "../../problems.ts";
import type { Field } from "../form/fields.ts";
import type { ScreenId } from "../screens.ts";

/** What a user was created with, in words. */
export interface ReceiptWords {
  /** Name of the connection. */
  readonly connection: string;
  /** The rules that matched; empty if none did. */
  readonly rules: readonly string[];
  /** Name of the role. */
  readonly role: string;
  /** Names of the groups. */
  readonly groups: string;
  /** Names of the organizations, or their number. */
  readonly organizations: string;
}

/** Problems that users can meet in a browser. */
type PageProblem = Extract<
  ProblemCode,
  | "forbidden"
  | "not-a-navigation"
  | "cross-site"
  | "tenant-unknown"
  | "test-unknown"
  | "test-over"
  | "body-too-large"
  | "bad-request"
  | "type-unsupported"
  | "not-found"
  | "method-not-allowed"
  | "internal"
  | "storage-unavailable"
>;

/** Problems that pass only when the user does something; `others` pass by themselves. */
type ProblemAdvice =
  | Exclude<
      PageProblem,
      "type-unsupported" | "not-found" | "method-not-allowed" | "internal" | "storage-unavailable"
    >
  | "others";

/** `T`, deeply read-only. */
export type DeepReadonly<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Every text of the pages, in English. A host can replace any of them. */
export const PAGE_TEXTS = {
  /** BCP 47 tag of the language, for `lang`, dates and numbers. */
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",
  title: "Single sign-on settings",
  contents: "Settings",
  screens: {
    overview: "Overview",
    setup: "Set up",
    connections: "Connections",
    attributes: "User attributes",
    "new-users": "New users",
    domains: "Domains",
    licenses: "Licenses",
    service: "This service",
    all: "All settings",
  } satisfies Record<ScreenId, string> as Readonly<Record<ScreenId, string>>,
  optional: "(optional)",
  none: "None",
  copy: "Copy",
  copied: "Copied",
  sessionEnded:
    "You are not signed in as an administrator any more. Nothing was changed. Sign in in another tab, then try again here.",
  workingFailed: "The server could not be reached. Nothing was changed.",

  status: {
    title: "Single sign-on",
    on: "On",
    off: "Off",
    onMeans: "Users can sign in through the identity provider.",
    offMeans: "No one can sign in through the identity provider.",
    neverSaved: "Nothing has been saved yet.",
    savedBy: (who: string): string => `Saved by ${who}`,
    version: (version: number): string => `version ${version}`,
    switchOff: "Turn off now",
    switchOffHint:
      "Takes effect immediately, regardless of unsaved changes in the form. Users keep their access.",
    warnings: "Needs attention",
  },
  overview: {
    lastSignIn: "Last sign-in",
    never: "None yet",
    usersCreated: "Users created",
    refusalsOfWeek: "Refusals in the last 7 days",
    atLeast: (count: string): string => `${count} or more`,
    connection: "Connection",
    certificate: "Certificate",
    figures: "The last 30 days",
    signIns: "Sign-ins",
    newUsers: "New users",
    refusals: "Refusals",
    most: (count: string, day: string): string => `Most on one day: ${count} (${day})`,
    incomplete: "There may have been more refusals: only the latest are kept.",
    table: "The figures as a table",
    day: "Day (UTC)",
    late: "Counting this many sign-ins takes a moment.",
    count: "Show the figures",
  },
  ended: {
    title: "You are not signed in as an administrator",
    kept: "Nothing was saved, but this page still holds what you have typed. Sign in as an administrator in another tab, then continue here.",
    signIn: "Sign in (new tab)",
    resume: "Continue with what I have typed",
  },
  notices: {
    saved: "Saved.",
    switchedOff: "Single sign-on is off.",
    switchedOffTyped: "Single sign-on is off. Your changes are still in the form but not saved.",
    broken: (reference: string): string =>
      `Something went wrong and nothing was saved. Your changes are still in the form: try again. Operators can find the cause in the log under ${reference}.`,
    metadataRead: "The form is filled in from the metadata. Check the values, then save.",
    certificateLeftOut: (number: number, subject: string | undefined, reason: string): string =>
      `Certificate ${number} of the metadata${subject === undefined ? "" : ` (${subject.replaceAll("\n", ", ")})`} is left out: ${reason}`,
    metadataInvalid: "This is not the metadata of a SAML identity provider.",
    metadataMissing: "Paste the metadata first.",
    addressPasted:
      "This is an address. It is in the field of the metadata URL now: import from there, or open it and paste what it shows.",
    addressOnly: "This is an address. Open it in your browser, and paste what it shows.",
    metadataNotFetched: "The metadata could not be fetched.",
    chooseProvider: "The metadata describes several identity providers. Select one.",
    presetApplied: (name: string): string =>
      `The attribute names of ${name} are filled in. Check them, then save.`,
    testBegun: "The test is ready. Continue at the identity provider.",
    presetMissing: "Select a product first.",
    missingDropped: (count: number): string =>
      count === 1
        ? "One entry that no longer exists was removed."
        : `${count} entries that no longer exist were removed.`,
  },
  problems: {
    title: (count: number): string =>
      count === 1 ? "Nothing was saved: 1 problem" : `Nothing was saved: ${count} problems`,
    more: (count: number): string => `and ${count} more`,
    problem: "Problem:",
    warning: "Warning:",
    choiceNeeded: "You and another administrator both changed this. Choose which value to keep.",
    untested:
      "No test sign-in has succeeded with these settings yet. Run one, or confirm that you want to turn on single sign-on without a test.",
  },
  conflict: {
    title: "Another administrator saved changes",
    who: (who: string): string =>
      `${who} saved these settings while you were editing. None of your changes are lost.`,
    taken: "Only they changed these fields. The form now shows their values:",
    disputed: "You both changed these fields. Choose which value to keep:",
    others: "They also changed these. Lists contain both their changes and yours:",
    otherFields: {
      enabled: "Single sign-on turned on",
      groups: "Security groups",
      organizations: "Organizations",
    },
    mine: "Yours",
    theirs: "Theirs",
    before: "before",
    now: "now",
    saveAgain: "Check the form, then save again.",
  },
  guide: {
    title: "Your progress",
    done: "done",
    open: "to do",
    steps: {
      provider: "Choose your identity provider",
      connection: "Import its metadata",
      newUsers: "Decide what new users get",
      test: "Run a test sign-in",
      on: "Turn single sign-on on",
      link: "Give your users the sign-in link",
    },
    choose: "Choose your identity provider",
    chooseHint: "Shows its steps here, with your values in them, and fills in its attribute names.",
    other: "Another one",
    atProvider: (name: string): string => `Steps at ${name}`,
    otherSteps:
      "Create a SAML 2.0 application at the identity provider with these values. Let it send the email address.",
    signInLink: "Sign-in link",
    signInLinkHint: "Link to it from your website, or send it to your users.",
    notOffered: "not offered here",
    metadata: "our metadata",
    /** What the buttons beside our values copy. */
    values: {
      entityId: "Entity ID",
      acsUrl: "ACS URL",
      acsUrlPattern: "ACS URL as a regular expression",
      metadataUrl: "URL of our metadata",
      loginUrl: "Login URL",
      sloUrl: "Logout URL",
    } satisfies Record<CopiedValue, string> as Readonly<Record<CopiedValue, string>>,
    signOnEmpty: "leave empty, so that the tile signs users in directly",
  },
  serviceProvider: {
    title: "This service",
    intro: "Enter these values at your identity provider, or upload the metadata there.",
    entityId: "Entity ID",
    entityIdHint: "Also called audience, identifier or service provider issuer",
    acsUrl: "Assertion consumer service (ACS) URL",
    acsUrlHint: "Also called reply URL or single sign-on URL",
    additionalAcsUrl: "Earlier ACS URL, still accepted",
    sloUrl: "Single logout URL",
    metadata: "Metadata",
    downloadMetadata: "Download metadata",
    certificate: "Certificate",
    signs: "Signs our requests; the identity provider encrypts assertions with it",
    stillSigns: "Signs our requests until the next certificate takes over",
    next: "Next certificate",
    nextHint:
      "Add it at the identity provider now: next to the current one for signatures, in its place for encryption.",
    retiring: "Old certificate",
    retiringHint: "Only decrypts what is still encrypted with it",
  },
  identityProvider: {
    title: "Identity provider",
    byHand: "Enter the values by hand",
    asRead: (entityId: string): string => `Values and options of ${entityId}`,
    metadata: "Import metadata",
    metadataHint:
      "Paste the XML or choose a file. This fills in the fields below without saving them.",
    metadataText: "Metadata (XML)",
    metadataFile: "Metadata file",
    read: "Import metadata",
    provider: "Select the identity provider",
    choose: (entityId: string): string => `Use ${entityId}`,
    wantsSigned: "requires signed requests",
    fetch: "Import from this URL",
    certificate: (number: number): string => `Certificate ${number}`,
    certificateText: "Certificate (PEM or Base64)",
    showText: "Certificate text",
    add: "Add a certificate",
    remove: (number: number): string => `Remove certificate ${number}`,
    check: "Check certificates",
    noKey: "This service has no key to sign with.",
    logout: "Single logout",
    loginRequests: "Advanced: login requests",
    exceptions: "Exceptions for older identity providers",
  },
  certificate: {
    subject: "Subject",
    fingerprint: "SHA-256 fingerprint",
    expires: "Valid until",
    key: "Key",
    expired: (days: number): string =>
      days === 0 ? "Expired today" : `Expired ${days} ${days === 1 ? "day" : "days"} ago`,
    expiring: (days: number): string =>
      days === 0 ? "Expires today" : `Expires in ${days} ${days === 1 ? "day" : "days"}`,
    notYet: "Not yet valid",
    good: "Valid",
  },
  attributes: {
    title: "User attributes",
    preset: "Product",
    presetHint:
      "Fills in the attribute names that this product sends when it is set up according to our guide.",
    choosePreset: "Select…",
    apply: "Fill in",
    names: "Names of new users",
    namesHint: "Exact attribute names. Leave empty to try well-known names.",
  },
  domains: {
    title: "Domains",
    all: "Addresses of all domains may sign in",
  },
  enforcement: {
    title: "Who must use single sign-on",
    hint: "The platform asks this when somebody signs in with a password. Sessions that have begun go on.",
  },
  provenDomains: {
    title: "Proven domains",
    hint: "Users sign in only with addresses of proven domains. To prove a domain, publish its TXT record in DNS, then check it. It can take an hour until DNS knows a new record.",
    none: "No domain has been added yet: nobody can sign in.",
    domain: "Domain",
    record: "TXT record",
    name: "Name",
    value: "Text",
    state: "State",
    states: { unproven: "Not proven", proven: "Proven", lost: "Record missing" },
    checkedAt: "last checked",
    lostHint:
      "Users of this domain still sign in. Publish the record again, or remove the domain to refuse them.",
    add: "Add a domain",
    newDomain: "Domain to prove",
    check: "Check now",
    checkOf: (domain: string): string => `Check ${domain} now`,
    remove: "Remove",
    removeOf: (domain: string): string => `Remove ${domain}: its users no longer sign in`,
    added: (domain: string): string => `Publish the TXT record of ${domain}, then check it.`,
    found: (domain: string): string => `${domain} is proven.`,
    missing: (domain: string): string =>
      `DNS does not have the record of ${domain}. Compare name and text, and wait if the record is new.`,
    unreachable: (domain: string): string =>
      `DNS did not answer for ${domain}. Nothing has changed. Try again.`,
    removed: (domain: string): string => `${domain} was removed.`,
    gone: "Another administrator has removed this domain.",
    invalid: "This is not a domain name.",
    tooMany: "There are too many domains. Remove one first.",
  },
  newUsers: {
    title: "New users",
    chooseRole: "Select…",
    lite: "does not use a license",
    privileged: "privileged",
    atMost: (count: number): string => `at most ${count} organizations`,
    roleGone: (id: string): string => `${id} (no longer exists)`,
    groups: "Security groups",
    organizations: "Organizations",
    further: "Groups, organizations and licenses",
  },
  rules: {
    title: "Rules",
    hint: "Rules change for some new users what they get. They are applied when a user is created; existing users are not changed. The first matching rule with a role decides the role; groups and organizations of all matching rules are added.",
    none: "No rules: every new user gets the values above.",
    rule: (number: number): string => `Rule ${number}`,
    add: "Add a rule",
    edit: "Edit",
    close: "Done",
    remove: "Remove",
    up: "Move up",
    down: "Move down",
    when: "Users whom it matches",
    ofAttribute: "Users with a value of an attribute",
    ofDomain: "Users with an email address of a domain",
    ofConnection: "Users of a connection",
    attribute: "Attribute name",
    attributeHint: "The exact name, as a test sign-in shows it.",
    values: "Values, one per line",
    valuesHint: "One of them is enough. They are compared exactly.",
    domains: "Email domains, one per line",
    effect: "What it does",
    give: "Gives users something else or more",
    refuse: "Refuses to create the user, whatever other rules say",
    role: "Role",
    sameRole: "No role: the default, or that of another rule",
    groups: "Security groups in addition",
    organizations: "Organizations in addition",
    noOrganizations: "None",
    allOrganizations: "All organizations, including future ones",
    selectedOrganizations: "Selected organizations",
    tooLong: (count: string): string =>
      `${count} entries: too many for this form. Change them through the API.`,
    search: "Search",
    offered: "Values that test sign-ins have received in the last hour",
    use: (attribute: string, value: string): string => `Use ${attribute} = ${value}`,
    matched: "Rules that match",
    decides: "decides the role",
    refusedBy: "Refused by",
    is: (what: string, values: string): string => `${what} is ${values}`,
    contains: (what: string, value: string): string => `${what} contains ${value}`,
    or: " or ",
    emailDomain: "email domain",
    connection: "connection",
    gives: {
      role: (role: string): string => `role ${role}`,
      groups: (groups: string): string => `groups ${groups}`,
      organizations: (organizations: string): string => `organizations ${organizations}`,
      all: "all organizations",
      refusal: "refused",
      nothing: "the values above",
    },
  },
  list: {
    search: (list: string): string => `Search ${list.toLowerCase()}`,
    find: "Search",
    chosen: (count: string): string => `${count} selected`,
    results: "Search results",
    nothing: "No results.",
    empty: "None available.",
    searchForMore: "Not all are shown. Search to find more.",
    more: "More results",
    page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
    previous: "Previous",
    next: "Next",
    showChosen: "Clear the search",
    gone: "no longer exists",
    dropMissing: "Remove entries that no longer exist",
    changes: (added: number, removed: number): string =>
      `Unsaved: ${added} added, ${removed} removed`,
  },
  users: {
    title: "Created users",
    hint: "Users whom single sign-on has created, newest first: with which access, and why. What has been changed in the platform since is not listed.",
    nothing: "No users.",
    nothingYet: "None among the newest users. Older ones may be in this state.",
    state: "State now",
    anyState: "Any",
    newest: "Newest users",
    export: "Export these users:",
    role: "Role",
    connection: "Connection",
    id: "User ID",
    settingsVersion: "Version of the settings",
    formerUser: "Earlier user with the same persistent NameID",
    created: "Created",
    /** Behind when the user was created. */
    receipt: ({ connection, rules }: ReceiptWords): string =>
      `through ${connection}, by ${rules.length === 0 ? "the defaults for new users" : rules.join(" and ")}.`,
    access: ({ role, groups, organizations }: ReceiptWords): string =>
      `Role ${role} · Groups: ${groups} · Organizations: ${organizations}`,
    ofAttribute: (number: number, attribute: string, value: string): string =>
      `rule ${number}, because ${attribute} contained ${value}`,
    ofDomain: (number: number, domain: string): string =>
      `rule ${number}, because the email domain is ${domain}`,
    ofConnection: (number: number, connection: string): string =>
      `rule ${number}, because the connection is ${connection}`,
    states: {
      active: "Active",
      invited: "Invited",
      suspended: "Suspended",
      deleted: "Deleted",
      gone: "No longer there",
      unknown: "State unknown",
    },
  },
  licenses: {
    title: "Licenses",
    used: (used: string, limit: string): string => `${used} of ${limit} in use`,
    usedUnlimited: (used: string): string => `${used} in use, no limit`,
    late: "Counting this many users takes a moment.",
    count: "Show the license usage",
    byJit: (count: string): string => `${count} of them by auto-provisioning`,
    next: (role: string): string => `The next new user (${role}):`,
    nextTakes: (after: string): string => `uses a license, ${after} would be in use`,
    nextFree: "does not use a license",
    nextOver: {
      deny: "would be refused: all licenses are in use",
      allow: "would be created above the limit",
      lite: "would get the other role: all licenses are in use",
    },
    nobody: "No role is selected for new users.",
    report: "Show the report",
    reportHint:
      "Seats by role, users whom single sign-on has created, and what would happen with the next newcomers.",
    export: "Export the report:",
    byRole: "By role",
    role: "Role",
    users: "Users now",
    usersByJit: "By auto-provisioning",
    usesLicense: "License",
    yes: "Yes",
    no: "No",
    createdHint:
      "Users now are active or invited. Created users are all of them, whatever has become of them since: filter the list of created users by state.",
    byConnection: "Created users by connection",
    connection: "Connection",
    unknownConnection: "Not recorded",
    byMonth: "Created users by month",
    month: "Month",
    created: "Created",
    seats: "With a role that uses a license",
    noneCreated: "No users have been created yet.",
    nextTitle: (count: string): string => `The next ${count} newcomers, by the saved settings`,
    newUsers: "New users",
    unmatched: "New users whom no rule matches",
    nothingSaid: "New users of whom the identity provider says nothing",
    ofRule: (rule: string): string => `New users whom ${rule} is for`,
    through: (who: string, connection: string): string => `${who}, through ${connection}`,
    matching: (rules: string): string => `matched by rules ${rules}`,
    isCreated: (count: string, role: string): string => `${count} would be created as ${role}`,
    seatsAfter: (used: string): string => `then ${used} licenses are in use`,
    isRefused: (count: string): string => `${count} would be refused:`,
    why: {
      "license-overage": "above the limit",
      "license-fallback": "because all licenses are in use",
    },
    moreRules: (count: string): string => `${count} more rules are not shown.`,
  },
  test: {
    title: "Test",
    signIn: "Test sign-in",
    signInHint:
      "Signs in at the identity provider with the values in this form, saved or not. No user is created and no one is signed in here.",
    begin: "Start a test sign-in",
    beginAgain: "Start another test sign-in",
    start: "Go to the identity provider (new tab)",
    pending: "Sign in there in the new tab within ten minutes.",
    expired: "The identity provider did not respond in time. Start another test sign-in.",
    succeeded: "The test sign-in succeeded.",
    failed: "The test sign-in failed.",
    forgotten: "The received data is deleted after one hour.",
    wouldHappen: "What a real sign-in would do",
    received: "What the identity provider sent",
    nameId: "NameID",
    authenticatedAt: "Time of authentication",
    authenticatedBy: "Class of authentication",
    noClass: "None was sent.",
    attributes: "Attributes",
    attributeName: "Name",
    attributeValues: "Values",
    noAttributes: "No attributes were sent.",
    issuer: "Issuer",
    signedBy: "Fingerprint of the signing certificate",
    emailMissing: (looked: string): string => `None found in: ${looked}`,
    emailInvalid: (from: string): string => `${from} is not a valid email address`,
    emailAmbiguous: (from: string): string => `Conflicting addresses in: ${from}`,
    resultTitle: "Result of the test sign-in",
    nobodySignedIn: "No one was signed in and nothing was saved.",
    goBack: "Close this tab and continue in the tab with your settings:",
    preview: "Preview a sign-in",
    previewHint:
      "Shows what would happen with the values in this form, saved or not. Nothing is changed.",
    email: "Email address",
    previewAttributes: "Attributes",
    previewAttributesHint:
      "For rules: what the identity provider would send, one name=value per line.",
    run: "Show",
    signsIn: (email: string): string =>
      `${email} would sign in. Their role and access would not change.`,
    acceptsInvitation: (email: string): string =>
      `${email} would accept their invitation, with the role and access that it grants.`,
    provisions: (email: string): string => `A user would be created for ${email}:`,
    denies: "The sign-in would be refused:",
    role: "Role",
    groups: "Groups",
    organizations: "Organizations",
    allOrganizations: "All, including future ones",
    andMore: (count: string): string => `and ${count} more`,
    licenses: "Licenses in use",
    before: (before: string, after: string): string => `${before} → ${after}`,
    personSees: "The user would see:",
    passwords: {
      enforced: "A password would be refused: single sign-on is enforced.",
      exempt: "A password would be accepted: the address is exempt. Every use is in the activity.",
      "not-enforced":
        "A password would be accepted: single sign-on is not enforced for the domain.",
    },
    faulty: "Fix the problems in the form to see a preview.",
  },
  switch: {
    save: "Save",
    unsaved: "You have unsaved changes.",
    saveAndSwitchOn: "Save and turn on",
    untested: "Turn on without a successful test sign-in",
    untestedHint: "Users may be unable to sign in. You can turn single sign-on off at any time.",
    tested: "A test sign-in has succeeded with these settings",
    notTested: "No test sign-in has succeeded with these settings yet",
  },
  activity: {
    title: "Activity",
    newest: "Latest entries",
    none: "No activity yet.",
    all: "All activity: filter, find a reference, export",
    time: "Time",
    what: "Event",
    person: "Who",
    nobody: "Unknown user",
    filter: "Filter",
    show: "Show",
    everything: "Everything",
    refused: "All refusals",
    email: "Email address",
    reference: "Reference",
    from: "From (day, UTC)",
    until: "Until (day, UTC)",
    apply: "Show",
    clear: "Clear the filter",
    refusals: (count: string): string => `${count} refusals so far. Only the latest are kept.`,
    nothing: "No results.",
    older: "Older entries",
    export: "Export these and all older entries:",
    details: "Details",
    failed: "What failed",
    fix: "What to do",
    reason: "Reason",
    sent: "Received",
    expected: "Expected",
    clockDifference: "Clock difference",
    user: "User",
    by: "By",
    code: "Code",
    /** Where a sign-in or logout began. */
    begunAt: {
      here: "at this service",
      "at the identity provider": "at the identity provider",
    } as Readonly<Record<string, string>>,
    /** What the details of entries are called; those of settings are called like their fields. */
    labels: {
      begun: "Started",
      connection: "Connection",
      issuer: "Issuer",
      signedBy: "Fingerprint of the signing certificate",
      addressFrom: "Email address found in",
      warnings: "Warnings",
      role: "Role",
      roleFrom: "Role decided by",
      rules: "Rules that matched",
      groups: "Security groups",
      organizations: "Organizations",
      seats: "Licenses in use",
      settingsVersion: "Version of the settings",
      provisioning: "Remarks",
      authenticated: "Signature verified",
      version: "Version of the settings",
      tested: "Tested",
      enabled: "Single sign-on is on",
      test: "Test sign-in",
      state: "Result",
      identityProvider: "Identity provider",
      message: "Message",
      succeeded: "Succeeded",
      url: "URL",
      change: "Change",
      certificate: "Certificate",
      certificates: "Certificates",
      subject: "Subject",
      expires: "Valid until",
      days: "Days left",
      renewed: "Renewed",
      of: "Certificate of",
      removed: "No longer in the metadata",
      added: "Again in the metadata",
      ssoBinding: "Binding of login requests",
      sloBinding: "Binding of logout messages",
      domain: "Domain",
      proof: "Proof",
    },
    outcomes: {
      "signed-in": "Signed in",
      provisioned: "New user created",
      "invitation-accepted": "Invitation accepted",
      denied: "Refused",
      rejected: "Could not be verified",
      "settings-saved": "Settings saved",
      "domain-proof-changed": "Proof of a domain changed",
      "exemption-used": "Password used despite enforced single sign-on",
      "metadata-changed": "Metadata of the identity provider changed",
      "metadata-failed": "Metadata could not be read",
      "certificate-expiring": "Certificate expires soon",
      tested: "Test sign-in",
      "logged-out": "Signed out",
      "logout-rejected": "Sign-out could not be verified",
    } satisfies Record<AuditOutcome, string> as Readonly<Record<AuditOutcome, string>>,
  },
  unavailable: "This part is temporarily unavailable. The rest of the page works.",
  connections: {
    title: "Connections",
    one: "Add a second identity provider here, for example while users move to another one.",
    shown: (name: string): string => `Settings of ${name}`,
    otherDomains: "other domains",
    add: "Add a connection",
    addHint: "The form is saved, and the new connection is off until you turn it on.",
    remove: (name: string): string => `Remove ${name}`,
    up: (name: string): string => `Move ${name} up`,
    metadata: "Metadata",
    notFollowed: "imported once, not updated automatically",
    metadataNever: "The metadata has not been read yet.",
    metadataRead: "The metadata was read last:",
    metadataFails: "The metadata cannot be read. Users sign in with what is saved.",
    metadataFailing: "metadata cannot be read",
    refresh: "Read the metadata now",
    waits: "change to decide on",
    waiting:
      "The identity provider has changed its metadata. Users sign in with what is saved until you decide:",
    removed: "No longer in the metadata",
    added: "Again in the metadata",
    accept: "Accept this change",
    tryIt: "Put it into the form, to test it first",
    tried: "The change is in the form. Run a test sign-in, then save.",
    dismiss: "Keep what is saved",
    gone: "There is no such change any more. Look at what waits now.",
    accepted: "The change is saved.",
    dismissed: "The change is dismissed. You are asked again when the metadata changes.",
  },
  /** Labels of the fields, also where they stand in lists. */
  fields: {
    connectionName: "Name of the connection",
    connectionEnabled: "Users can sign in through this connection",
    acceptsOtherDomains: "Accept domains that no connection lists",
    metadataUrl: "Metadata URL",
    entityId: "Issuer (entity ID)",
    ssoUrl: "Single sign-on URL",
    sloUrl: "Single logout URL",
    sloResponseUrl: "Single logout response URL",
    sloByPost: "Send logout messages with HTTP POST",
    ssoByPost: "Send login requests with HTTP POST",
    forceAuthn: "Ask for the password at every sign-in",
    omitAcsUrl: "Leave our ACS URL out of login requests",
    nameIdFormat: "Requested NameID format",
    requestedClasses: "Requested authentication classes",
    authnContextComparison: "Class that the identity provider uses",
    acceptedClasses: "Accepted authentication classes",
    certificates: "Signing certificates",
    idpInitiated: "Allow sign-ins that start at the identity provider",
    signRequests: "Sign requests",
    weakAlgorithms: "Allow weak algorithms",
    acceptExpiredCertificates: "Accept expired certificates",
    emailSource: "Email address source",
    emailAttribute: "Email address attribute",
    allowedDomains: "Allowed email domains",
    sharedDomains: "Domains of two connections",
    enforced: "Refuse passwords",
    exempt: "Users who may use passwords nevertheless",
    displayName: "Full name attribute",
    firstName: "First name attribute",
    lastName: "Last name attribute",
    autoProvisioning: "Create users at their first sign-in",
    role: "Role",
    privilegedRoleConfirmed: "New users may get a privileged role",
    organizations: "Organizations",
    whenLicensesRunOut: "When all licenses are in use",
    liteRole: "Role that does not use a license",
    rules: "Rules",
    whenNoRuleMatches: "When no rule matches",
    whenAddressChanged: "When the address of a user has changed at the identity provider",
  } satisfies Record<Field, string> as Readonly<Record<Field, string>>,
  /** What stands below the labels of some fields. */
  hints: {
    acceptsOtherDomains:
      "Users of domains that no connection lists sign in through this one. Only one connection can do this.",
    metadataUrl:
      "An https URL at the identity provider. Its metadata is read regularly: new certificates are added, and other changes wait for you.",
    sloResponseUrl: "Only if the identity provider takes logout responses at another URL.",
    sloByPost: "Only if the identity provider does not take them with HTTP redirects.",
    ssoByPost: "Only if the identity provider does not take them with HTTP redirects.",
    forceAuthn:
      "Users must authenticate even if they are signed in at the identity provider. An older authentication is refused.",
    omitAcsUrl:
      "Only if the identity provider knows an earlier ACS URL and refuses the current one.",
    nameIdFormat: "Empty: the identity provider chooses.",
    requestedClasses:
      "One URI per line, best first. This only asks: list above what must not be missing.",
    acceptedClasses:
      "One URI per line. Sign-ins of any other class are refused. Empty: all are accepted.",
    certificates: "During a certificate rollover, keep two: the current and the next.",
    idpInitiated:
      "Required for app tiles at the identity provider. Less secure: an attacker could sign a user in to the attacker's account.",
    weakAlgorithms: "Only while the identity provider supports nothing stronger.",
    acceptExpiredCertificates:
      "An expired certificate may have been retired because its key was compromised.",
    allowedDomains:
      "One per line. Leave empty to allow all domains. Subdomains must be listed separately.",
    sharedDomains:
      "One per line. Only while users move from one identity provider to another: both connections may list these domains.",
    enforced:
      "Applies to the domains that the connections list, or to all users if they list none. Requires a test sign-in that has succeeded in the last 24 hours, and ends when single sign-on is turned off.",
    exempt:
      "Email addresses, one per line. At least one must belong to an active user, who can repair the connection. Every use is in the activity.",
    autoProvisioning: "Applies to new users only. Existing users are not changed.",
    privilegedRoleConfirmed: "Required if the role above, or that of a rule, is privileged.",
    whenAddressChanged:
      "A newcomer has the persistent NameID of a user with another address. Only identity providers that send persistent NameIDs let this be seen.",
  },
  /** What can be chosen in the fields that are a choice, by the values of the settings. */
  options: {
    emailSource: {
      automatic: "Automatic: the NameID if its format is emailAddress, and well-known attributes",
      "name-id": "NameID only",
      attribute: "One attribute",
    },
    authnContextComparison: {
      exact: "one of the requested classes",
      minimum: "one of them, or a stronger one",
      maximum: "the strongest that is not stronger than them",
      better: "a stronger one than all of them",
    } satisfies Record<AuthnContextComparison, string> as Readonly<
      Record<AuthnContextComparison, string>
    >,
    organizations: {
      all: "All organizations, including future ones",
      selected: "Only selected organizations",
    },
    whenLicensesRunOut: {
      deny: "Refuse the sign-in",
      allow: "Create the user anyway, above the limit",
      lite: "Create the user with a different role",
    },
    whenNoRuleMatches: {
      defaults: "Create the user with the values above",
      refuse: "Refuse to create the user",
    },
    whenAddressChanged: {
      create: "Create another user, with a warning in the activity",
      refuse: "Refuse the sign-in until the address is changed in the platform",
    },
  },
  yes: "yes",
  no: "no",

  /** What is wrong with settings, or should be looked at; `{names}` stand for values. */
  faults: FAULT_TEXTS as Readonly<Record<FaultText, string>>,
  /** What failed and what to do, for administrators, by code and cause of a refusal. */
  explanations: EXPLANATIONS as Explanations,
  /** What a sign-in would do in spite of something. */
  provisioning: {
    "group-gone": "The group {id} no longer exists and is skipped.",
    "organization-gone": "The organization {id} no longer exists and is skipped.",
    "license-overage": "{after} licenses in use exceed the limit of {limit}.",
    "license-fallback": "All licenses are in use: the role {role} replaces {instead}.",
    "groups-left-out":
      "The identity provider left out the user's groups because there are too many, so no rule gives anything for them.",
    "address-changed":
      "The user {id} {email} has the same persistent NameID. If this is the same person, they would have two users.",
  } satisfies Record<ProvisionWarning["code"], string> as Readonly<
    Record<ProvisionWarning["code"], string>
  >,
  /** Why metadata could not be read. */
  metadataFailures: {
    "url-refused":
      "The URL, or one that it leads to, is not https, has credentials, or is not on the internet.",
    "not-reachable":
      "The server does not answer, its name does not resolve, or its certificate is not valid.",
    "too-slow": "The document was not complete in time.",
    "too-large": "The document is too large.",
    "too-many-redirects": "The URL leads to too many others.",
    "status-unexpected": "The server answered with an error.",
    "encoding-unsupported": "The document is compressed, or not UTF-8.",
    "metadata-invalid": "The document is not the metadata of an identity provider.",
    "entity-missing": "The document does not describe this identity provider.",
    "host-failed": "The platform could not fetch the document.",
  } satisfies Record<MetadataFailureCode, string> as Readonly<Record<MetadataFailureCode, string>>,
  /** Steps at each identity provider, in the words of its English console. */
  guides: IDENTITY_PROVIDER_GUIDES as Readonly<Record<VendorId, IdentityProviderGuide>>,

  /** The pages for users: sign-in, refusals, signing out. */
  people: {
    signIn: "Sign in",
    withSso: "Sign in with SSO",
    continuing: "You are being taken to where you sign in.",
    enterAddress: "Enter your work email address to continue.",
    checkAddress:
      "We don't know how this address signs in. Check it, or ask an administrator for help.",
    anotherWay: "Sign in another way, or ask an administrator for help.",
    email: "Email address",
    proceed: "Continue",
    anotherAccount: "Sign in with another account",
    again: "Sign in again",
    signOutQuestion: "Do you want to sign out?",
    signOut: "Sign out",
    home: "Back to the start page",
    toSettings: "Back to the settings",
    reference: "Reference",
    toProvider: "Continue to your identity provider",
    testOver: "The test sign-in has ended.",
    testOverHint: "No one was signed in. You can close this window and return to the settings.",
    /** What a refused user reads, by deny reason or by name. */
    sentences: USER_SENTENCES as Readonly<Record<UserSentence, string>>,
    advice: USER_ADVICE as Readonly<Record<UserAdvice, string>>,
    /** Failed and refused requests of browsers, by code. Others keep the message of the API. */
    problems: {
      forbidden: "Only administrators can do this.",
      "not-a-navigation": "Open this page through a link.",
      "cross-site": "Another site asked for this, which is not allowed.",
      "tenant-unknown": "This account does not exist.",
      "test-unknown": "This test sign-in does not exist.",
      "test-over": "This test sign-in has ended.",
      "body-too-large": "The form contains too much text.",
      "bad-request": "The form could not be read.",
      "type-unsupported": "The form could not be read.",
      "not-found": "This page does not exist.",
      "method-not-allowed": "This page does not exist.",
      internal: "Something went wrong.",
      "storage-unavailable": "The service is temporarily unavailable.",
    } satisfies Record<PageProblem, string> as Readonly<Record<PageProblem, string>>,
    problemAdvice: {
      forbidden:
        "You are not signed in as an administrator, or your session has ended. Sign in as an administrator, then open this page again.",
      "cross-site": "Go back to the start page and try again from there.",
      "not-a-navigation": "Go back to the sign-in page and try again from there.",
      "tenant-unknown": "Check the address, or ask an administrator for the right one.",
      "test-unknown": "Go back to the settings and begin another test sign-in.",
      "test-over": "Go back to the settings and begin another test sign-in.",
      "body-too-large": "Go back and shorten the longest fields.",
      "bad-request": "Go back and reload the page.",
      others: "Try again later, or ask an administrator for help.",
    } satisfies Record<ProblemAdvice, string> as Readonly<Record<ProblemAdvice, string>>,
  },
};

/** Every text of the pages in one language. */
export type PageTexts = DeepReadonly<typeof PAGE_TEXTS>;
