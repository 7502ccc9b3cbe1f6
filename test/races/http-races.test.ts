import { DATABASES, PGBOUNCER } from "../support/databases.ts";
import { declareHttpRaces } from "./http-races.ts";

for (const kind of [...DATABASES, PGBOUNCER]) declareHttpRaces(kind);
