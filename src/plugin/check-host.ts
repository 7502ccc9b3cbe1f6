import {
  constraintFinding,
  type HostFinding,
  hostSchemaFindings,
  refusalFinding,
} from "../adapters/objection/integrity/host-schema.ts";
import type { HealthCheck } from "../application/health.ts";
import { runInTransaction } from "../application/run-in-transaction.ts";
import type { RoleId } from "../domain/access.ts";
import { frozenAssertion } from "../domain/assertion.ts";
import { defined } from "../domain/defined.ts";
import { parseEmailAddress } from "../domain/email-address.ts";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";
import type { NewUser } from "../domain/sign-in-decision.ts";
import { parseTenantId, type TenantId } from "../domain/tenant.ts";
import type { AccessCatalog, CatalogPage } from "../ports/access-catalog.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import { HostCallbackError, HostMistakeError, StorageUnavailableError } from "../ports/errors.ts";
import type { UnitOfWork } from "../ports/unit-of-work.ts";
import type { PluginOptions } from "./options.ts";
import { schemaState } from "./storage.ts";
import { type HostApplication, type TryRouteParts, tryRoute } from "./try-route.ts";

/** What {@link CheckHost} tries. */
export interface HostCheckOptions {
  /** Tenant of the new user that is tried. Default: the only one, or that of any stored user. */
  readonly tenant?: string;
  /**
   * Whether a new user is created, in a transaction that is rolled back. Hooks and callbacks of the
   * host run for it. Default: true.
   */
  readonly newUser?: boolean;
  /** How many stored addresses are read. Default: 100,000. */
  readonly addresses?: number;
  /**
   * The host's Koa application with the plugin mounted, to try whether a response of an identity
   * provider reaches the plugin through what is mounted before it. Its middleware runs for one post,
   * over a port of the loopback interface. Default: not tried.
   */
  readonly app?: HostApplication;
}

/**
 * Looks for what of the host keeps users from signing in. Returns an empty list if there is nothing.
 *
 * @throws StorageUnavailableError if the database does not respond.
 */
export type CheckHost = (check?: HostCheckOptions) => Promise<readonly HostFinding[]>;

/** Parts of {@link makeCheckHost}. */
interface CheckHostParts extends TryRouteParts {
  readonly options: PluginOptions;
  readonly catalog: AccessCatalog;
  readonly unitOfWork: UnitOfWork;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** {@link CheckHost}, and where its findings go. */
interface HostChecks {
  readonly checkHost: CheckHost;
  /** Logs what can be found by reading. */
  readonly warnOfHost: () => Promise<void>;
  /** What was found last, for `health()`; `undefined` if nothing was, or nothing has looked. */
  readonly healthOfHost: () => HealthCheck | undefined;
}

function healthOf(found: readonly HostFinding[]): HealthCheck | undefined {
  const places = found
    .filter(({ code }) => code !== "user-not-tried" && code !== "acs-not-tried")
    .map(({ code, table, column }) =>
      [code, [table, column].filter(Boolean).join(".")].filter(Boolean).join(" "),
    );
  if (places.length === 0) return undefined;
  const detail = `call checkHost(), which says what to do: ${places.join(", ")}`;
  return { name: "host", status: "warn", detail };
}

const ACS_NOT_TRIED: HostFinding = {
  code: "acs-not-tried",
  remedy: "The URL depends on the tenant: call checkHost({ app, tenant }).",
};

const MAX_ADDRESSES = 100_000;

/** As many as a start may wait for. */
const MAX_ADDRESSES_AT_START = 1000;

export function makeCheckHost(parts: CheckHostParts, only: string | undefined): HostChecks {
  const { options, logger } = parts;
  let last: readonly HostFinding[] | undefined;
  const findInData = async ({
    tenant: given = only,
    newUser = true,
    addresses = MAX_ADDRESSES,
  }: HostCheckOptions): Promise<readonly HostFinding[]> => {
    if (options.knex === undefined) return [];
    const { missing, lost } = await schemaState(options);
    const ofHost = options.hostUsers?.model.tableName;
    const absent = [...missing, ...lost].filter((name) => name !== ofHost);
    if (absent.length > 0) {
      const remedy = `Call migrate(): ${absent.join(", ")}.`;
      return [{ code: "migrations-missing", remedy }];
    }
    const found = await findingsOfSchema(options, addresses);
    if (!newUser || found.some(({ code }) => IN_THE_WAY.has(code))) return found;
    const tenant = parseTenantId(given ?? (await anyTenant(options)));
    if (tenant === undefined) {
      if (given !== undefined) throw new TypeError("tenant must be a valid tenant ID");
      const remedy = "No user is stored yet, so no tenant is known: call checkHost({ tenant }).";
      return [...found, { code: "user-not-tried", remedy }];
    }
    const user = await userOf(parts, tenant);
    return [...found, ...("code" in user ? [user] : await tryUser(parts, tenant, user))];
  };
  const checkHost: CheckHost = async (check = {}) => {
    const { app, tenant: given = only } = check;
    const found = [...(await findInData(check))];
    if (app !== undefined) {
      // The ID of a stored tenant need not be what stands for it in URLs.
      found.push(...(given === undefined ? [ACS_NOT_TRIED] : await tryRoute(parts, app, given)));
    }
    last = found;
    return found;
  };
  return {
    checkHost,
    healthOfHost: () => last && healthOf(last),
    warnOfHost: async () => {
      try {
        const found = await checkHost({ newUser: false, addresses: MAX_ADDRESSES_AT_START });
        for (const finding of found) logger.warn({ event: "saml.host-finding", ...finding });
      } catch (error) {
        // The tables exist; the next query reports that the database does not respond.
        if (!(error instanceof StorageUnavailableError)) throw error;
      }
    },
  };
}

/** A user cannot be stored, and the reason is known. */
const IN_THE_WAY: ReadonlySet<HostFinding["code"]> = new Set(["table-missing", "column-missing"]);

async function findingsOfSchema(
  { knex, hostUsers }: PluginOptions,
  addresses: number,
): Promise<readonly HostFinding[]> {
  if (knex === undefined || hostUsers === undefined) return [];
  return hostSchemaFindings({ knex, hostUsers, addresses });
}

/** The tenant of a stored user. */
async function anyTenant({ knex, hostUsers }: PluginOptions): Promise<string | undefined> {
  const column = hostUsers?.columns.tenant?.name;
  if (knex === undefined || hostUsers === undefined || column === undefined) return undefined;
  const row: unknown = await knex(hostUsers.model.tableName)
    .whereNotNull(column)
    .first({ tenant: column });
  const tenant: unknown = typeof row === "object" && row !== null && Reflect.get(row, "tenant");
  return row === undefined ? undefined : String(tenant);
}

/** A new user with the least privileged role of the catalog, and one group and organization. */
async function userOf(
  { catalog, ids }: CheckHostParts,
  tenant: TenantId,
): Promise<NewUser | HostFinding> {
  const email = parseEmailAddress(`koa-saml-jit.${ids.entryId()}@example.com`);
  if (!email.ok) throw new TypeError(`the address that is tried is invalid: ${email.fault}`);
  try {
    const roles = await catalog.roles(tenant);
    const role: RoleId | undefined = (roles.find(({ privileged }) => !privileged) ?? roles[0])?.id;
    if (role === undefined) {
      return { code: "catalog-failed", remedy: "catalog.roles must return at least one role." };
    }
    const groups = await catalog.searchGroups(tenant, { limit: 1 });
    const organizations = await catalog.searchOrganizations(tenant, { limit: 1 });
    const idsOf = ({ items }: CatalogPage) => items.map(({ id }) => id);
    return {
      email: email.address,
      role,
      groups: idsOf(groups),
      organizations: { kind: "selected", ids: idsOf(organizations) },
    };
  } catch (error) {
    const what = error instanceof HostCallbackError ? thrownBy(error) : String(error);
    return { code: "catalog-failed", remedy: `The catalog failed: ${what}` };
  }
}

function thrownBy({ callback, cause }: HostCallbackError): string {
  return `${callback} threw ${String(cause)}`;
}

/** Creates the user as a first sign-in does, finds them as the next one does, and rolls back. */
async function tryUser(
  { unitOfWork, options, ids, clock }: CheckHostParts,
  tenant: TenantId,
  user: NewUser,
): Promise<readonly HostFinding[]> {
  const table = options.hostUsers?.model.tableName;
  const refused = (remedy: string): readonly HostFinding[] => [
    { code: "user-refused", ...defined({ table }), remedy },
  ];
  const { role, groups, organizations, email } = user;
  const at = clock.now();
  const receipt = {
    settingsVersion: 0,
    role,
    groups,
    organizations,
    issuer: "checkHost",
    nameId: email,
    assertionIdHash: ids.digest("checkHost", email),
    at,
  };
  const nameId = { value: email, format: EMAIL_NAME_ID_FORMAT };
  const assertion = frozenAssertion({ claims: { nameId, attributes: [] }, authnInstant: at });
  try {
    return await runInTransaction<readonly HostFinding[]>(
      unitOfWork,
      tenant,
      async ({ users, audit }, rollBack) => {
        const id = await users.create(tenant, user, receipt, {}, assertion);
        const found = await users.findByEmail(tenant, email);
        if (found?.id !== id) {
          return rollBack(
            refused(
              "A new user is not found by their address afterwards: the column of normalized addresses must hold what is written there, and the model's query() must not hide new users.",
            ),
          );
        }
        if (found.state !== "active") {
          return rollBack(
            refused(
              `A new user is ${found.state} afterwards: hostUsers.state.active must make them active.`,
            ),
          );
        }
        const entry = { id: ids.entryId(), reference: ids.reference(), at, detail: {} };
        if (!(await audit.appendSignIn(tenant, { ...entry, outcome: "signed-in" }, found))) {
          return rollBack(
            refused(
              "A new user could not sign in again: hostUsers.state.takingSeats must select active users.",
            ),
          );
        }
        return rollBack([]);
      },
    );
  } catch (error) {
    if (error instanceof StorageUnavailableError) throw error;
    if (error instanceof HostMistakeError) {
      const known = constraintFinding(error.cause, options.hostUsers);
      return known === undefined ? refused(error.message) : [known];
    }
    if (error instanceof HostCallbackError) {
      return refused(`A new user cannot be stored: ${thrownBy(error)}`);
    }
    return [refusalFinding(error, options.hostUsers)];
  }
}
