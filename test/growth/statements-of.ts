import type { Knex } from "knex";

/** A statement as it was sent. */
export interface SentStatement {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

/** Every statement that `work` sends to the database, transactions' own included. */
export async function statementsOf(
  knex: Knex,
  work: () => Promise<unknown>,
): Promise<readonly SentStatement[]> {
  const sent: SentStatement[] = [];
  const note = ({ sql, bindings = [] }: SentStatement) => {
    sent.push({ sql, bindings });
  };
  knex.on("query", note);
  try {
    await work();
  } finally {
    knex.removeListener("query", note);
  }
  return sent;
}

/** Whether a statement only begins or ends a transaction. */
export function isTransactionControl({ sql }: SentStatement): boolean {
  return /^(?:BEGIN|COMMIT|ROLLBACK|SET TRANSACTION)/i.test(sql);
}
