/*
 * Rows of the plugin's own tables, and under which names their columns are asked for. The names are
 * single lower-case words, which come back as they are also where the host's Knex maps names
 * (Objection's `knexSnakeCaseMappers`). Integers come as text from some drivers, and NULL as
 * `undefined` where the host's `postProcessResponse` has it so.
 */

/** A row of the settings table. */
export interface SettingsRow {
  readonly version: number | string;
  readonly connection: number | string;
  readonly document: string;
  readonly at: number | string;
  readonly by: string;
}

/** Of {@link SettingsRow}. */
export const SETTINGS_COLUMNS: Columns<SettingsRow> = {
  version: "version",
  connection: "connection_version",
  document: "document",
  at: "saved_at",
  by: "saved_by",
};

/** A row of the settings table, with its tenant. */
export interface TenantSettingsRow extends SettingsRow {
  readonly tenant: string;
}

/** Of {@link TenantSettingsRow}. */
export const TENANT_SETTINGS_COLUMNS: Columns<TenantSettingsRow> = {
  ...SETTINGS_COLUMNS,
  tenant: "tenant",
};

/** A row of the refreshes table. */
export interface RefreshRow {
  readonly document: string;
}

/** Of {@link RefreshRow}. */
export const REFRESH_COLUMNS: Columns<RefreshRow> = { document: "document" };

/** A row of the audit table. */
export interface AuditRow {
  readonly id: string;
  readonly reference: string;
  readonly at: number | string;
  readonly outcome: string;
  readonly code: string | null | undefined;
  readonly email: string | null | undefined;
  readonly user: string | null | undefined;
  readonly actor: string | null | undefined;
  readonly detail: string;
}

/** Of {@link AuditRow}. */
export const AUDIT_COLUMNS: Columns<AuditRow> = {
  id: "id",
  reference: "reference",
  at: "at",
  outcome: "outcome",
  code: "code",
  email: "email",
  user: "user_id",
  actor: "actor",
  detail: "detail",
};

/** A row of the receipts table. */
export interface ReceiptRow {
  readonly tenant: string;
  readonly user: string;
  readonly document: string;
}

/** Of {@link ReceiptRow}. */
export const RECEIPT_COLUMNS: Columns<ReceiptRow> = {
  tenant: "tenant",
  user: "user_id",
  document: "document",
};

/** A group of rows of the receipts table. */
export interface ReceiptCountRow {
  readonly role: string;
  readonly connection: string | null | undefined;
  readonly month: string;
  readonly users: number | string;
}

/** A row of the test sign-ins table: `settings` while it is pending, `result` afterwards. */
export interface TestSignInRow {
  readonly id: string;
  readonly administrator: string;
  readonly digest: string;
  readonly created: number | string;
  readonly state: string;
  readonly settings: string | null | undefined;
  readonly request: string | null | undefined;
  readonly finished: number | string | null | undefined;
  readonly result: string | null | undefined;
  readonly received: string | null | undefined;
}

/** Of {@link TestSignInRow}. */
export const TEST_SIGN_IN_COLUMNS: Columns<TestSignInRow> = {
  id: "id",
  administrator: "administrator",
  digest: "digest",
  created: "created_at",
  state: "state",
  settings: "settings",
  request: "request_id",
  finished: "finished_at",
  result: "result",
  received: "received",
};

/** A row of the events table. */
export interface EventRow {
  readonly tenant: string;
  readonly position: number | string;
  readonly id: string;
  readonly at: number | string;
  readonly type: string;
  readonly data: string;
}

/** Of {@link EventRow}. */
export const EVENT_COLUMNS: Columns<EventRow> = {
  tenant: "tenant",
  position: "position",
  id: "id",
  at: "at",
  type: "type",
  data: "data",
};

/** A row of the table of proven domains. */
export interface DomainProofRow {
  readonly domain: string;
  readonly token: string;
  readonly created: number | string;
  readonly checked: number | string | null | undefined;
  readonly proven: number | string | null | undefined;
  readonly lost: number | string | null | undefined;
}

/** Of {@link DomainProofRow}. */
export const DOMAIN_PROOF_COLUMNS: Columns<DomainProofRow> = {
  domain: "domain",
  token: "token",
  created: "created_at",
  checked: "checked_at",
  proven: "proven_at",
  lost: "lost_at",
};

type Columns<Row> = Readonly<Record<keyof Row, string>>;
