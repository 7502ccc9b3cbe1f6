import { checkedCatalog } from "../adapters/host/checked-catalog.ts";
import { checkedLimit } from "../adapters/host/license-limit.ts";
import { makeSaml2JsIdentity } from "../adapters/saml2-js/identity.ts";
import { makeConsoleLogger } from "../adapters/system/console-logger.ts";
import { makeRandomIds } from "../adapters/system/random-ids.ts";
import { makeSystemClock } from "../adapters/system/system-clock.ts";
import type { Cradle, Makers, StoreParts } from "./cradle.ts";
import type { PluginOptions } from "./options.ts";
import { storageOf } from "./storage.ts";

/** The tenant of a host without tenants. */
export const DEFAULT_TENANT = "default";

/** How the parts that touch the outside are made. */
export function outsideMakers(options: PluginOptions): Makers<Cradle> {
  const { baseUrl, prefix = "/saml", licenseLimit, clock, logger } = options;
  return {
    instance: () => `${baseUrl}${prefix}`,
    prefix: () => prefix,
    catalog: () => checkedCatalog(options.catalog),
    organizationRequired: () => options.organizationRequired ?? false,
    licenseLimit: () => (licenseLimit === undefined ? () => undefined : checkedLimit(licenseLimit)),
    resolveTenant: () => options.resolveTenant ?? (() => DEFAULT_TENANT),
    requireAdmin: () => options.requireAdmin,
    signIn: () => options.signIn,
    clock: clock === undefined ? makeSystemClock : () => clock,
    logger: logger === undefined ? makeConsoleLogger : () => logger,
    ids: makeRandomIds,
    identity: (parts) =>
      makeSaml2JsIdentity({
        keys: options.serviceProvider?.keys ?? [],
        limits: options.limits ?? {},
        skipSecondReadingBySaml2Js: options.skipSecondReadingBySaml2Js ?? false,
        clock: parts.clock,
        logger: parts.logger,
      }),
    storage: () => storageOf(options),
  };
}

/** The stores are parts of the storage: nobody replaces them alone. */
export const STORE_MAKERS: Makers<StoreParts> = {
  users: ({ storage }) => storage.stores.users,
  settings: ({ storage }) => storage.stores.settings,
  ledger: ({ storage }) => storage.stores.ledger,
  audit: ({ storage }) => storage.stores.audit,
  testSignIns: ({ storage }) => storage.stores.testSignIns,
  unitOfWork: ({ storage }) => storage.unitOfWork,
};
