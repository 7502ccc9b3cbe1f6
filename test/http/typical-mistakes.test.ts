import { text } from "node:stream/consumers";
import { expect } from "chai";
import type Koa from "koa";
import { after, before, describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import type { SamlJitOptions } from "../../src/mod.ts";
import { arrive, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";
import { createPeople, PEOPLE } from "../support/people.ts";

const ADA = "ada@customer.example";

/** What nobody may read on a page. */
const SECRET = "db-7 refused the password s3cret";

/** A mistake that a host makes, and the line of its log that says so. */
interface Mistake {
  readonly title: string;
  /** Options of the host, over tables of its own where it has a database. */
  readonly options?: (database: TestDatabase) => Partial<SamlJitOptions>;
  readonly upstream?: (app: Koa) => void;
  /** URL at which browsers are said to reach the host. */
  readonly public?: string;
  /** Whether the settings are saved before. Default: true. */
  readonly isSetUp?: false;
  /** What happens; returns what somebody saw of it. */
  readonly act: (host: TestHost) => Promise<readonly Response[]>;
  /** What the line says. */
  readonly line: RegExp;
}

async function createTables({ knex }: TestDatabase, unique: boolean): Promise<void> {
  await createPeople(knex, (table) => {
    table.string("locale").notNullable();
    if (unique) table.unique(["mail"]);
  });
}

const newRow = () => ({ locale: "en" });

const throwing = () => {
  throw new Error(SECRET);
};

/** As Chromium opens a link of a page of the host. */
const followLink = (host: TestHost, path: string) =>
  fetch(`${host.baseUrl}${path}`, {
    redirect: "manual",
    headers: {
      Accept: "text/html",
      Referer: `${host.baseUrl}/`,
      "Sec-Fetch-Site": "same-origin",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
    },
  });

const MISTAKES: readonly Mistake[] = [
  {
    title: "a wrong column, found by migrate()",
    options: ({ knex }) => ({
      knex,
      hostUsers: { ...PEOPLE, newRow, columns: { ...PEOPLE.columns, email: "e_mail" } },
    }),
    isSetUp: false,
    act: async (host) => {
      await host.saml.migrate();
      return [];
    },
    line: /^The column e_mail of people is missing or cannot be read: .*correct its name in hostUsers/,
  },
  {
    title: "a wrong column, met by a user",
    options: ({ knex }) => ({
      knex,
      hostUsers: { ...PEOPLE, newRow, columns: { ...PEOPLE.columns, email: "e_mail" } },
    }),
    act: async (host) => [await arrive(host, ADA)],
    line: /column (?:people\.)?e_mail does not exist: correct hostUsers/,
  },
  {
    title: "a required column that nothing fills",
    options: ({ knex }) => ({ knex, hostUsers: PEOPLE }),
    act: async (host) => [await arrive(host, ADA)],
    line: /no value for locale of people: give the column a default, or return it from hostUsers\.newRow/,
  },
  {
    title: "an ID of the catalog that the column cannot hold",
    options: ({ knex }) => ({
      knex,
      hostUsers: {
        ...PEOPLE,
        newRow,
        columns: { ...PEOPLE.columns, role: { name: "role", type: "integer" } },
      },
    }),
    act: async (host) => [await arrive(host, ADA)],
    line: /^hostUsers\.columns\.role is of type integer, .*the IDs of the catalog/,
  },
  {
    title: "migrate() forgotten",
    options: ({ knex }) => ({ knex, tablePrefix: "never_" }),
    isSetUp: false,
    act: async (host) => [await makeBrowser().get(`${host.baseUrl}/saml/login`)],
    line: /table \S*never_settings does not exist: call migrate\(\)/,
  },
  {
    title: "no keys",
    act: async (host) => {
      host.app.keys = [];
      return [await makeBrowser().get(`${host.baseUrl}/saml/login`)];
    },
    line: /^app\.keys must be set/,
  },
  {
    title: "a body parser in front that keeps the body",
    upstream: (app) => {
      app.use(async (ctx, next) => {
        await text(ctx.req);
        return next();
      });
    },
    act: async (host) => [await arrive(host, ADA)],
    line: /body was consumed before the plugin.* mount the plugin before the body parser/,
  },
  {
    title: "a wrong base URL, as a browser shows it",
    public: "http://127.0.0.1:9",
    act: async (host) => [await followLink(host, "/saml/login")],
    line: /^Browsers reach the platform at http:\/\/127\.0\.0\.1:\d+, but baseUrl says http:\/\/127\.0\.0\.1:9: set baseUrl/,
  },
  {
    title: "a wrong base URL, as an identity provider with the right one shows it",
    public: "http://127.0.0.1:9",
    act: async (host) => [await arrive(host, ADA)],
    line: /but baseUrl says http:\/\/127\.0\.0\.1:9: set baseUrl/,
  },
  {
    title: "a trailing slash behind the ACS URL at the identity provider",
    act: async (host) => {
      const form = formFor(host, ADA, { acsUrl: `${host.baseUrl}/saml/acs/` });
      return [await makeBrowser().post(`${host.baseUrl}/saml/acs/`, form)];
    },
    line: /^The identity provider sends http:\S+\/saml\/acs with a trailing slash: correct it there/,
  },
  {
    title: "no unique key on the address",
    options: ({ knex }) => ({ knex, hostUsers: { ...PEOPLE, newRow } }),
    isSetUp: false,
    act: async (host) => {
      await host.saml.migrate();
      return [];
    },
    line: /two users.*: add a unique key on \(mail\) of people/,
  },
  {
    title: "a catalog that throws",
    options: () => {
      const sound = makeMemoryCatalog(LISTS);
      let asked = 0;
      // The settings are saved while all is well.
      const roles = () => (++asked > 1 ? throwing() : sound.roles("default" as never));
      return { catalog: { ...sound, roles } };
    },
    act: async (host) => [await arrive(host, ADA)],
    line: /^catalog\.roles threw Error: db-7 refused the password s3cret$/,
  },
  {
    title: "a signIn that throws",
    options: () => ({ signIn: throwing }),
    act: async (host) => [await arrive(host, ADA)],
    line: /^signIn threw Error: db-7 refused the password s3cret$/,
  },
  {
    title: "a requireAdmin that throws",
    options: () => ({ requireAdmin: throwing }),
    act: async (host) => [await fetch(`${host.baseUrl}/saml/settings`)],
    line: /^requireAdmin threw Error: db-7 refused the password s3cret$/,
  },
  {
    title: "CSRF protection in front, as checkHost({ app }) sees it",
    upstream: (app) => {
      app.use((ctx, next) =>
        ctx.method === "POST" ? ctx.throw(403, "Invalid CSRF token") : next(),
      );
    },
    act: async (host) => {
      for (const { remedy, ...finding } of await host.saml.checkHost({ app: host.app })) {
        host.logger.warn({ event: "saml.host-finding", remedy, ...finding });
      }
      return [];
    },
    line: /saml\/acs is answered with 403 before it reaches the plugin: mount the plugin before CSRF/,
  },
  {
    title: "CSRF protection in front",
    upstream: (app) => {
      app.use((ctx, next) =>
        ctx.method === "POST" ? ctx.throw(403, "Invalid CSRF token") : next(),
      );
    },
    act: async (host) => {
      const browser = makeBrowser();
      const seen: Response[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const inResponseTo = requestIdIn(await browser.get(`${host.baseUrl}/saml/login`));
        const form = formFor(host, ADA, { inResponseTo });
        seen.push(await browser.post(`${host.baseUrl}/saml/acs`, form));
      }
      return seen;
    },
    line: /no response has reached \S+\/saml\/acs since the start\. Mount the plugin before CSRF protection/,
  },
];

/** Lines at which an operator looks, as texts. */
function linesIn({ logger }: TestHost, from: number): readonly string[] {
  return logger.events.slice(from).flatMap(({ level, event }) => {
    if (level === "info") return [];
    if (event.event === "saml.request.failed") return [event.message ?? event.error];
    return ["remedy" in event ? event.remedy : event.event];
  });
}

describe("a mistake of the host ends in one line that says what to do", () => {
  for (const { title, options, upstream, isSetUp, act, line, ...given } of MISTAKES) {
    describe(title, () => {
      let database: TestDatabase;
      let host: TestHost;
      let from: number;
      let seen: readonly Response[];
      const failures: Error[] = [];

      before(async () => {
        database = await DATABASES[0]!.create();
        await createTables(database, !title.includes("unique key"));
        host = await startHost({
          ...(given.public === undefined ? {} : { public: given.public }),
          ...(upstream === undefined ? {} : { upstream }),
          ...options?.(database),
        });
        host.app.on("error", (error: Error) => failures.push(error));
        if (isSetUp ?? true) {
          await host.saml.migrate();
          await host.saml.saveSettings("default", openSettings(host), "set-up");
        }
        from = host.logger.events.length;
        seen = await act(host);
      });
      after(async () => {
        await host.stop();
        await database.drop();
      });

      it("in the log, at level warn or error", () => {
        const lines = linesIn(host, from);
        expect(lines, lines.join("\n")).to.have.length(1);
        expect(lines[0]).to.match(line);
      });

      it("in the host's error event where a request failed", () => {
        if (!seen.some(({ status }) => status === 500)) return;
        const [failure, ...others] = failures;
        expect(others).to.deep.equal([]);
        expect(failure?.message).to.contain(linesIn(host, from)[0]);
      });

      it("and says nothing of it to the user", async () => {
        for (const response of seen) {
          const page = await response.text();
          expect(page).not.to.contain("s3cret");
          expect(page).not.to.match(/people|baseUrl|hostUsers|migrate|\bat \//);
        }
      });
    });
  }
});
