/**
 * Prisma 7 on PostgreSQL, in the plugin's transaction. Prisma opens connections itself, through a pool
 * of pg: this one hands out the connection on which the plugin's transaction is open. The transactions
 * that Prisma begins for nested writes become savepoints, for they must not commit ours.
 *
 *     const users: MakeHostUserDirectory = ({ connection }) => {
 *       const adapter = new PrismaPg(poolOver(connection(pg.Client)));
 *       const prisma = new PrismaClient({ adapter });
 *       …
 *     };
 *
 * A client is made for each transaction, which takes some milliseconds. A taken address is Prisma's
 * error P2002, which `isDuplicate` does not know.
 */
import pg from "pg";

const SAVEPOINTS: ReadonlyMap<string, string> = new Map([
  ["BEGIN", "SAVEPOINT prisma"],
  ["COMMIT", "RELEASE SAVEPOINT prisma"],
  ["ROLLBACK", "ROLLBACK TO SAVEPOINT prisma"],
]);

export function poolOver(client: pg.Client): pg.Pool {
  const query = (statement: string | pg.QueryConfig) => {
    const config = typeof statement === "string" ? { text: statement } : statement;
    return client.query({ ...config, text: SAVEPOINTS.get(config.text) ?? config.text });
  };
  const connection = {
    query,
    on: () => connection,
    removeListener: () => connection,
    release: () => undefined,
  };
  return Object.assign(new pg.Pool({ max: 1 }), { query, connect: async () => connection });
}
