import type { Operation } from "./operation.ts";
import {
  AUDIT_OPERATIONS,
  CATALOG_OPERATIONS,
  IDENTITY_PROVIDER_OPERATIONS,
} from "./other-operations.ts";
import { SETTINGS_OPERATIONS } from "./settings-operations.ts";
import { TEST_SIGN_IN_OPERATIONS } from "./test-sign-in-operations.ts";

/** Every call of the settings API. */
export const OPERATIONS: readonly Operation[] = [
  ...SETTINGS_OPERATIONS,
  ...TEST_SIGN_IN_OPERATIONS,
  ...IDENTITY_PROVIDER_OPERATIONS,
  ...CATALOG_OPERATIONS,
  ...AUDIT_OPERATIONS,
];
