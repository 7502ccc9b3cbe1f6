import { DATABASES, PGBOUNCER, SQLITE_WAL } from "../support/databases.ts";
import { runContractsOn } from "./objection-stores.ts";

for (const kind of [...DATABASES, SQLITE_WAL, PGBOUNCER]) runContractsOn(kind);
