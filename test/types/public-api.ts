/**
 * What the compiler tells hosts: nothing here runs. The type check of the sources holds it against
 * the source, and the tests of the packed package against the declarations that are shipped.
 */

import type { Knex } from "knex";
import {
  type AccessCatalog,
  type Assertion,
  asFunction,
  asValue,
  type Cradle,
  createSamlJit,
  type DenyReason,
  type EmailAddress,
  type HostUsers,
  type LicensePolicy,
  type LogoutDemand,
  type OrganizationAccess,
  type ParsedIdpMetadata,
  PortError,
  type PortErrorCode,
  type Preview,
  parseEmailAddress,
  type parseTenantId,
  type SamlJit,
  type SamlJitOptions,
  type SamlSession,
  SettingsInvalidError,
  type SignInEvent,
  type Storage,
  type TenantId,
} from "koa-saml-jit";
import { makeMemoryStores } from "koa-saml-jit/testing";
import { Model } from "objection";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when both types are the same. */
function same<A, B>(_proof: Same<A, B>): void {}

declare const catalog: AccessCatalog;
declare const session: SamlSession;

const good: SamlJitOptions = {
  baseUrl: "https://app.example",
  storage: "memory",
  catalog,
  requireAdmin: () => undefined,
  signIn: () => {},
};

export function options(): void {
  createSamlJit(good);
  createSamlJit({ ...good, storage: makeMemoryStores() });
  // @ts-expect-error nothing is open by accident: who administers must be said
  createSamlJit({ baseUrl: "https://app.example", storage: "memory", catalog, signIn: () => {} });
  // @ts-expect-error options that there are not are told from those that there are
  createSamlJit({ ...good, baseURL: "https://app.example" });
  // @ts-expect-error no third kind of storage
  createSamlJit({ ...good, storage: "redis" });
  // @ts-expect-error limits are numbers
  createSamlJit({ ...good, limits: { clockSkewMs: "60000" } });
  // @ts-expect-error options are not changed afterwards
  good.baseUrl = "https://other.example";
}

export function callbacks(): void {
  createSamlJit({
    ...good,
    requireAdmin: async (ctx, { tenant }) => {
      same<typeof tenant, TenantId>(true);
      return ctx.get("Authorization") === "" ? undefined : { id: "administrator-1" };
    },
    // @ts-expect-error one person signs in
    signIn: (_ctx, event) => event.users,
  });
  // @ts-expect-error yes is no administrator: the audit trail names one
  createSamlJit({ ...good, requireAdmin: () => true });
  createSamlJit({
    ...good,
    signIn: async (ctx, event) => {
      same<typeof event, SignInEvent>(true);
      same<typeof event.outcome, "signed-in" | "provisioned" | "invitation-accepted">(true);
      same<typeof event.user.email, EmailAddress>(true);
      ctx.cookies.set("user", event.user.id, { signed: true });
      same<typeof event.assertion, Assertion>(true);
      same<typeof event.assertion.authnInstant, number>(true);
      same<typeof event.assertion.authnContextClassRef, string | undefined>(true);
      for (const { name, values } of event.assertion.attributes) ctx.set(name, values.join());
      // @ts-expect-error what the identity provider said stays what it said
      event.assertion.attributes.push({ name: "role", values: ["admin"] });
      // @ts-expect-error nobody becomes somebody else on the way
      event.user = { ...event.user, id: "somebody else" };
    },
    licenseLimit: async (tenant) => (tenant === "acme" ? 25 : undefined),
    resolveTenant: (ctx) => ctx.params["tenant"],
    logout: {
      currentSamlSession: () => session,
      signOut: (_ctx, { demand }) => {
        same<typeof demand, LogoutDemand | undefined>(true);
        return demand === undefined;
      },
    },
  });
  // @ts-expect-error how many, not whether
  createSamlJit({ ...good, licenseLimit: () => true });
}

class Account extends Model {
  declare id: string;
  declare name: string;
  declare licensed: boolean;
  declare privileged: boolean;
}

/** A host's callbacks may return queries of Objection and of Knex as they are. */
export function queries(knex: Knex): void {
  createSamlJit({
    ...good,
    requireAdmin: (ctx) => Account.query().findOne({ id: ctx.get("X-User") }),
    // @ts-expect-error how many, not which row
    licenseLimit: () => Account.query().findOne({ id: "1" }),
    catalog: {
      roles: () => Account.query(),
      groupsByIds: (_tenant, ids) => Account.query().findByIds([...ids]),
      organizationsByIds: (_tenant, ids) =>
        knex<{ id: string; name: string }>("organizations").whereIn("id", [...ids]),
      searchGroups: async (_tenant, { limit }) => ({
        items: await Account.query().limit(limit),
        next: undefined,
      }),
      searchOrganizations: () => ({ items: [] }),
    },
    signIn: (_ctx, { user }) => Account.query().findById(user.id).patch({ name: "seen" }),
    logout: {
      currentSamlSession: () => undefined,
      signOut: (_ctx) => knex("sessions").where({ id: 1 }).delete(),
    },
    renderPage: (ctx, page) => ctx["render"]("page", page),
  });
}

export function columnsOfNewUsers(): HostUsers["newRow"] {
  return (user, profile, assertion, tenant) => {
    same<typeof assertion, Assertion>(true);
    same<typeof tenant, TenantId>(true);
    // @ts-expect-error names come from the profile
    void assertion.displayName;
    return { email: user.email, name: profile.displayName, subject: assertion.nameId.value };
  };
}

export function replacedParts(storage: Storage): void {
  createSamlJit({
    ...good,
    override: (container) => {
      container.register("clock", asValue({ now: () => 0 }));
      container.register("storage", asValue(storage));
      container.register(
        "clock",
        asFunction((parts) => {
          same<typeof parts, Cradle>(true);
          return { now: () => parts.prefix.length };
        }),
      );
      // @ts-expect-error there is no such part
      container.register("clok", asValue({ now: () => 0 }));
      // @ts-expect-error a store goes with its transactions
      container.register("users", asValue(storage.stores.users));
      // @ts-expect-error a clock tells milliseconds
      container.register("clock", asValue({ now: () => new Date() }));
    },
  });
}

export async function results(saml: SamlJit): Promise<void> {
  const usage = await saml.licenseUsage("default");
  same<typeof usage.used, number>(true);
  same<typeof usage.limit, number | undefined>(true);
  const receipt = await saml.receipt("default", "user-1");
  // @ts-expect-error not every user has one
  void receipt.issuer;
}

export function unions(
  access: OrganizationAccess,
  metadata: ParsedIdpMetadata,
  preview: Preview,
  policy: LicensePolicy,
  state: HostUsers["state"],
): void {
  // @ts-expect-error all organizations are no list
  void access.ids;
  if (access.kind === "selected") same<typeof access.ids, readonly string[]>(true);
  if (metadata.kind === "invalid") same<typeof metadata.detail, string>(true);
  else void metadata.identityProviders[0]?.entityId;
  if (preview.decision === "deny") same<typeof preview.rule, DenyReason>(true);
  else same<typeof preview.email, EmailAddress>(true);
  if (preview.decision === "provision") void preview.seats?.after;
  if (policy.kind === "lite") same<typeof policy.role, string>(true);
  // @ts-expect-error only a Lite fallback has a role
  else void policy.role;
  if (state.kind === "column") same<typeof state.column, string>(true);
  else void state.stateOf;
}

/** Every reason once: a new one is a new case for hosts, and breaks this. */
export const HANDLED: Readonly<Record<DenyReason, string>> = {
  "sso-disabled": "",
  "email-missing": "",
  "email-invalid": "",
  "email-ambiguous": "",
  "domain-not-allowed": "",
  "domain-of-other-connection": "",
  "domain-not-verified": "",
  "user-suspended": "",
  "user-deleted": "",
  "jit-disabled": "",
  "refused-by-rule": "",
  "no-rule-matched": "",
  "address-changed": "",
  "defaults-invalid": "",
  "license-exhausted": "",
};

export function parsedValues(): void {
  same<ReturnType<typeof parseTenantId>, TenantId | undefined>(true);
  const email = parseEmailAddress("ada@customer.example");
  if (email.ok) same<typeof email.address, EmailAddress>(true);
  // @ts-expect-error there is no email address in what is none
  else void email.address;
  // @ts-expect-error only the parser makes an address
  const address: EmailAddress = "ada@customer.example";
  // @ts-expect-error only the parser makes a tenant's ID
  const tenant: TenantId = "default";
  void [address, tenant];
}

export function errors(error: unknown): void {
  if (error instanceof SettingsInvalidError) same<typeof error.code, "settings-invalid">(true);
  if (error instanceof PortError) same<typeof error.code, PortErrorCode>(true);
}
