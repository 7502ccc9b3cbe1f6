import type { AuditEntryView } from "../src/adapters/koa/audit/entry-formats.ts";
import type { SettingsView } from "../src/adapters/koa/settings/read-draft.ts";
import type { Role } from "../src/domain/access.ts";
import { explanationOf } from "../src/domain/texts/administrator-explanations.ts";

/** A role of the demo. */
export const CREATOR: Role = { id: "Creator", name: "Creator", licensed: true, privileged: false };

/** The roles of the demo that take a license. */
export const LICENSED_ROLES: readonly Role[] = [
  CREATOR,
  { id: "Editor", name: "Editor", licensed: true, privileged: false },
  { id: "Manager", name: "Manager", licensed: true, privileged: false },
  { id: "Administrator", name: "Administrator", licensed: true, privileged: true },
];

const IDP = "http://localhost:3000/demo-idp";
const PLATFORM = "http://localhost:3000/saml";

/** Settings of the demo. */
export const SETTINGS_EXAMPLE: SettingsView = {
  enabled: true,
  connection: {
    entityId: `${IDP}/metadata`,
    ssoUrl: `${IDP}/sso`,
    certificates: ["MIIDJzCCAg+gAwIBAgIJ…"],
    idpInitiated: true,
    signRequests: false,
    weakAlgorithms: [],
    acceptExpiredCertificates: false,
  },
  email: { source: { kind: "automatic" }, allowedDomains: [] },
  profile: {},
  autoProvisioning: {
    enabled: true,
    role: "Editor",
    privilegedRoleConfirmed: false,
    groups: ["Staff"],
    organizations: { kind: "selected", ids: ["Acme", "Globex"] },
    whenLicensesRunOut: { kind: "deny" },
    rules: [],
    whenNoRuleMatches: "defaults",
  },
  meta: {
    version: 1,
    savedAt: 1795443505614,
    savedBy: "environment",
    warnings: [],
    tested: false,
    serviceProvider: {
      entityId: `${PLATFORM}/metadata`,
      acsUrl: `${PLATFORM}/acs`,
      metadataUrl: `${PLATFORM}/metadata`,
    },
  },
};

/** A user who would be created. */
export const PROVISION_EXAMPLE: object = {
  decision: "provision",
  rule: "defaults",
  rules: { count: 0, first: [] },
  email: "new@customer.example",
  role: { id: "Creator", name: "Creator", licensed: true },
  groups: { count: 1, first: [{ id: "Staff", name: "Staff" }] },
  organizations: {
    kind: "selected",
    count: 2,
    first: [
      { id: "Acme", name: "Acme" },
      { id: "Globex", name: "Globex" },
    ],
  },
  seats: { before: 1, after: 2 },
  warnings: { count: 0, first: [] },
};

const explanation = explanationOf("user-suspended");

/** A denied user. */
export const DENIED_EXAMPLE: AuditEntryView = {
  id: "01a208c5-c83d-7000-beec-6dc6718fbd37",
  reference: "QW81-G83Z-WXMG",
  at: 1795443509310,
  outcome: "denied",
  detail: {
    reason: "user 4 is suspended",
    begun: "at the identity provider",
    issuer: `${IDP}/metadata`,
    signedBy: "F4:41:3E:88:…",
    addressFrom: "NameID, http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
  },
  code: "user-suspended",
  email: "suspended@demo.example",
  actor: `saml:${IDP}/metadata`,
  ...(explanation === undefined ? {} : { explanation }),
};
