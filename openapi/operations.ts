import { AUDIT_OPERATIONS } from "./audit-operations.ts";
import { CATALOG_OPERATIONS } from "./catalog-operations.ts";
import { CONNECTION_OPERATIONS } from "./connection-operations.ts";
import { DOMAIN_OPERATIONS } from "./domain-operations.ts";
import { IDENTITY_PROVIDER_OPERATIONS } from "./identity-provider-operations.ts";
import { LICENSE_OPERATIONS } from "./license-operations.ts";
import type { Operation } from "./operation.ts";
import { SETTINGS_OPERATIONS } from "./settings-operations.ts";
import { TEST_SIGN_IN_OPERATIONS } from "./test-sign-in-operations.ts";

/** Every call of the settings API. */
export const OPERATIONS: readonly Operation[] = [
  ...SETTINGS_OPERATIONS,
  ...LICENSE_OPERATIONS,
  ...CONNECTION_OPERATIONS,
  ...TEST_SIGN_IN_OPERATIONS,
  ...IDENTITY_PROVIDER_OPERATIONS,
  ...DOMAIN_OPERATIONS,
  ...CATALOG_OPERATIONS,
  ...AUDIT_OPERATIONS,
];
