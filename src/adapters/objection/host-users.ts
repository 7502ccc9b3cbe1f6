import type { Knex } from "knex";
import type { AnyQueryBuilder, Model, ModelClass } from "objection";
import type { RoleId } from "../../domain/access.ts";
import type { Profile } from "../../domain/profile.ts";
import type { NewUser, UserState } from "../../domain/sign-in-decision.ts";
import type { TenantId } from "../../domain/tenant.ts";

/** What the values of a key column are. */
export type KeyType = "text" | "integer" | "uuid";

/** A column that holds IDs. */
export interface KeyColumn {
  /** As the host's Knex names it. */
  readonly name: string;
  /** What the database holds; the plugin has text. */
  readonly type: KeyType;
}

/** A value that a column holds. */
export type ColumnValue = string | number | boolean | null;

/** Values by column, as the host's Knex names its columns. */
export type ColumnValues = Readonly<Record<string, unknown>>;

/** Where the host keeps what the plugin knows of a user. */
export interface HostUserColumns {
  /** The primary key, also of the model. */
  readonly id: KeyColumn;
  /**
   * The address in its normal form: ASCII, lower case. Unique (per tenant) by a constraint of the
   * database, compared octet by octet.
   */
  readonly email: string;
  /** The one role of a user. */
  readonly role: KeyColumn;
  /** The tenant; a host without it has the tenant `default` only. */
  readonly tenant?: KeyColumn;
  /** The name as the identity provider gave it, for new users only. */
  readonly displayName?: string;
  /** Likewise. */
  readonly firstName?: string;
  /** Likewise. */
  readonly lastName?: string;
}

/** How the host tells the states of its users apart. */
export type HostUserState =
  /** By the value of one column. What is in none of the lists is treated as suspended. */
  | {
      readonly kind: "column";
      readonly column: string;
      /** The values of each state; the first of `active` is what new users get. */
      readonly values: {
        readonly active: readonly [ColumnValue, ...ColumnValue[]];
        readonly invited?: readonly ColumnValue[];
        readonly suspended?: readonly ColumnValue[];
        readonly deleted?: readonly ColumnValue[];
      };
    }
  /** By functions of the host, where no one column says it. */
  | {
      readonly kind: "computed";
      /** The state of one user, read by `model`. */
      stateOf(row: Model): UserState;
      /** Narrows a query to users who are active or invited. */
      takingSeats(query: AnyQueryBuilder): void;
      /** Narrows a query to users who are invited. */
      invited(query: AnyQueryBuilder): void;
      /** What makes a user active: for new ones, and for invited ones who accept. */
      active(): ColumnValues;
    };

/** A table with one row a grant. */
export interface GrantTable {
  /** Its name, with the schema if need be. */
  readonly table: string;
  /** The user's ID. */
  readonly user: string;
  /** What is granted: the ID of a group or an organization. */
  readonly granted: KeyColumn;
  /** The tenant's column, where the table has one. */
  readonly tenant?: string;
}

/** The host's own users, as the plugin reads and creates them. */
export interface HostUsers {
  /** The host's Objection model: its hooks and its validation run when a user is created. */
  readonly model: ModelClass<Model>;
  /** Where the host keeps what the plugin knows of a user. */
  readonly columns: HostUserColumns;
  /** How the host tells active from suspended. */
  readonly state: HostUserState;
  /** Memberships in security groups. */
  readonly groups: GrantTable;
  /** Access to organizations. */
  readonly organizations: GrantTable;
  /** What says that a user may access every organization; without it that cannot be granted. */
  readonly allOrganizations?: { readonly column: string; readonly value: ColumnValue };
  /** What marks users whom the plugin made, so that the consistency checker can tell. */
  readonly createdBy?: { readonly column: string; readonly value: ColumnValue };
  /**
   * Tells how many users with one of `licensedRoles` are active or invited, where the host keeps
   * that number; the plugin counts rows unless given. It must change in the transactions that change
   * users, those of the plugin included (by triggers, or by hooks of the model), and be read by `db`:
   * the transaction that is about to take a seat, which holds the tenant's lock.
   */
  countSeats?(db: Knex, tenant: TenantId, licensedRoles: readonly RoleId[]): Promise<number>;
  /** Makes the ID of a new user; the database does when it is absent. */
  newId?(): string | number;
  /** Values of further columns that a new user needs. */
  newRow?(user: NewUser, profile: Profile, tenant: TenantId): ColumnValues;
}
