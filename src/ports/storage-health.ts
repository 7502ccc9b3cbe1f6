/** How the tables compare with the steps of this version. */
export interface SchemaState {
  /** Names of steps that have not run. */
  readonly missing: readonly string[];
  /** Names of steps that only a newer version knows. */
  readonly newer: readonly string[];
  /** Names of tables that a step has created and that are no longer there. */
  readonly lost: readonly string[];
}

/**
 * Compares the tables with the steps of this version. Reads only.
 *
 * @throws if the storage does not respond.
 */
export type ReadSchemaState = () => Promise<SchemaState>;
