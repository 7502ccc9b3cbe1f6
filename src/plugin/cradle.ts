import type { RequireAdmin, ResolveTenant, SignIn } from "../adapters/koa/host-callbacks.ts";
import type { AccessCatalog, LicenseLimit, VerifiedDomains } from "../ports/access-catalog.ts";
import type { ResolveTxt } from "../ports/domain-proofs.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import type { IdentityPort } from "../ports/identity-port.ts";
import type { Storage } from "./options.ts";

/** The registrations that a host can replace. */
export interface Cradle {
  // what the host gave
  /** Identifies this plugin instance within the process: base URL and prefix. */
  readonly instance: string;
  /** Path of the routes. */
  readonly prefix: string;
  /** The host's roles, groups and organizations. */
  readonly catalog: AccessCatalog;
  /** Whether every user must have access to at least one organization. */
  readonly organizationRequired: boolean;
  /** Maximum number of seats of a tenant. */
  readonly licenseLimit: LicenseLimit;
  /** Email domains that are proven to belong to a tenant. */
  readonly verifiedDomains: VerifiedDomains;
  /** Returns the tenant of a request. */
  readonly resolveTenant: ResolveTenant;
  /** Decides who may administer single sign-on. */
  readonly requireAdmin: RequireAdmin;
  /** Starts the host's session. */
  readonly signIn: SignIn;
  // the outside
  /** Source of the current time. */
  readonly clock: Clock;
  /** Receives log events. */
  readonly logger: Logger;
  /** Creates IDs, references and digests. */
  readonly ids: IdSource;
  /** Looks up TXT records, for `verifiedDomains: "dns"`. */
  readonly resolveTxt: ResolveTxt;
  /** SAML. */
  readonly identity: IdentityPort;
  /** The stores and their transactions, which can only be replaced together. */
  readonly storage: Storage;
}
