import { Model } from "objection";
import type { Tables } from "./tables.ts";

/** A row of the settings table. 64-bit integers come as text from some drivers. */
export class SettingsRow extends Model {
  declare tenant: string;
  declare version: number;
  declare connection_version: number;
  declare document: string;
  declare saved_at: number | string;
  declare saved_by: string;
}

/** A row of the audit table. */
export class AuditRow extends Model {
  declare tenant: string;
  declare id: string;
  declare reference: string;
  declare at: number | string;
  declare outcome: string;
  declare code: string | null;
  declare email: string | null;
  declare user_id: string | null;
  declare actor: string | null;
  declare detail: string;
  /** Where in the ring of refusals the entry sits; null for entries that stay. */
  declare ring_slot: number | null;
}

/** A row of the receipts table. */
export class ReceiptRow extends Model {
  declare tenant: string;
  declare user_id: string;
  declare assertion_id_hash: string;
  declare at: number | string;
  declare document: string;
}

/** A row of the test sign-ins table: `settings` while it is pending, `result` afterwards. */
export class TestSignInRow extends Model {
  declare tenant: string;
  declare id: string;
  declare administrator: string;
  declare digest: string;
  declare created_at: number | string;
  declare state: string;
  declare settings: string | null;
  declare request_id: string | null;
  declare finished_at: number | string | null;
  declare result: string | null;
  declare received: string | null;
}

/** A row of the users table of hosts that have no users of their own. */
export class UserRow extends Model {
  declare id: string;
  declare tenant: string;
  declare email: string;
  declare state: string;
  declare role: string;
  declare all_organizations: boolean | number;
  declare display_name: string | null;
  declare first_name: string | null;
  declare last_name: string | null;
  declare created_by: string;
}

/** The models of one instance of the plugin. They are bound to no database: each query names its own. */
export interface Models {
  readonly Settings: typeof SettingsRow;
  readonly Audit: typeof AuditRow;
  readonly Receipt: typeof ReceiptRow;
  readonly TestSignIn: typeof TestSignInRow;
  readonly User: typeof UserRow;
}

/** Models over `tables`. */
export function makeModels(tables: Tables): Models {
  return {
    Settings: class extends SettingsRow {
      static override tableName = tables.settings;
      static override idColumn = "tenant";
    },
    Audit: class extends AuditRow {
      static override tableName = tables.audit;
      static override idColumn = ["tenant", "id"];
    },
    Receipt: class extends ReceiptRow {
      static override tableName = tables.receipts;
      static override idColumn = ["tenant", "user_id"];
    },
    TestSignIn: class extends TestSignInRow {
      static override tableName = tables.testSignIns;
      static override idColumn = ["tenant", "id"];
    },
    User: class extends UserRow {
      static override tableName = tables.users;
      static override idColumn = "id";
    },
  };
}
