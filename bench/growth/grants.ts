/**
 * What sign-ins cost as the defaults grant more organizations: medians over HTTP against one host
 * process, in milliseconds of the clock, the sizes in turn. Prints a table in Markdown.
 *
 *     npm run bench -- --only grants -- [--database SQLite,PostgreSQL] [--grants 1,100,10000] [--calls 20]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { formFor } from "../../test/support/arrivals.ts";
import { makeBrowser } from "../../test/support/browser.ts";
import { DATABASES, type TestDatabase } from "../../test/support/databases.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../../test/support/host.ts";
import { median } from "../support/statistics.ts";
import { table } from "../support/table.ts";

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "SQLite,PostgreSQL" },
    grants: { type: "string", default: "1,100,10000" },
    calls: { type: "string", default: "20" },
  },
});

interface Subject {
  readonly grants: number;
  readonly database: TestDatabase;
  readonly host: TestHost;
  readonly first: number[];
  readonly repeat: number[];
}

const rows: (string | number)[][] = [];
for (const kind of DATABASES.filter(({ name }) => values.database.includes(name))) {
  const subjects: Subject[] = [];
  try {
    for (const grants of values.grants.split(",").map(Number)) {
      subjects.push(await subject(grants, await kind.create()));
    }
    for (let call = 0; call < Number(values.calls); call += 1) {
      for (const { host, first, repeat } of subjects) {
        const email = `new${call}@customer.example`;
        first.push(await signIn(host, email));
        repeat.push(await signIn(host, email));
      }
    }
  } finally {
    for (const { host, database } of subjects) {
      await host.stop();
      await database.drop();
    }
  }
  for (const { grants, first, repeat } of subjects) {
    rows.push([kind.name, grants, median(first).toFixed(1), median(repeat).toFixed(1)]);
  }
}
process.stdout.write(
  `\n${table(["database", "organizations granted", "first sign-in", "repeat sign-in"], rows)}`,
);

async function subject(grants: number, database: TestDatabase): Promise<Subject> {
  const organizations = Array.from({ length: grants }, (_, index) => ({
    id: `organization-${index}`,
    name: `Organization ${index}`,
  }));
  const catalog = makeMemoryCatalog({ ...LISTS, organizations });
  const host = await startHost({ knex: database.knex, catalog });
  await host.saml.migrate();
  const settings = openSettings(host);
  const access = { kind: "selected", ids: organizations.map(({ id }) => id) } as const;
  await host.saml.saveSettings(
    "default",
    { ...settings, autoProvisioning: { ...settings.autoProvisioning, organizations: access } },
    "bench",
  );
  return { grants, database, host, first: [], repeat: [] };
}

/** Milliseconds until somebody is in. */
async function signIn(host: TestHost, email: string): Promise<number> {
  const form = formFor(host, email);
  const start = performance.now();
  const response = await makeBrowser().post(`${host.baseUrl}/saml/acs`, form);
  await response.arrayBuffer();
  if (response.status !== 303) throw new Error(`answered with ${response.status}`);
  return performance.now() - start;
}
