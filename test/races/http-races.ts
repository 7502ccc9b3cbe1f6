import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { checkIntegrity } from "../../src/adapters/objection/integrity/integrity.ts";
import { makeMigrations } from "../../src/adapters/objection/migrations/migrations.ts";
import { requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import type { TestDatabase, TestDatabaseKind } from "../support/databases.ts";
import { DEFAULT_TENANT } from "../support/host.ts";
import { makeHttpLoad } from "./http-load.ts";
import { type HttpHost, startHttpHost, startProcesses } from "./processes.ts";

const PROCESSES = 3;
const LICENSED_ROLES = ["editor", "administrator"];

/** Declares the races of several hosts, one node of the database after the other. */
export function declareHttpRaces({ name, create }: TestDatabaseKind<string>): void {
  describe(`${PROCESSES} host processes over HTTP and one ${name}`, () => {
    const load = makeHttpLoad();
    let database: TestDatabase;
    let hosts: readonly HttpHost[] = [];
    before(async () => {
      database = await create();
      let started = 0;
      hosts = await startProcesses(PROCESSES, () =>
        startHttpHost(database.nodes[started++ % database.nodes.length]!),
      );
    });
    after(async () => {
      await Promise.all(hosts.map((host) => host.end()));
      await database?.drop();
    });
    const urlOf = (index: number) => hosts[index % PROCESSES]!.url;
    /** Posts every form at once, to one host after the other. */
    const postAll = async (forms: readonly Record<string, string>[]) =>
      (await Promise.all(forms.map((form, index) => load.post(urlOf(index), form)))).sort();

    it("migrate concurrently", async () => {
      await Promise.all(hosts.map((host) => host.run({ kind: "migrate" })));
      const ran = await database.knex("saml_jit_migrations").select("name");
      expect(ran).to.have.length(makeMigrations({ userTables: true }).length);
    });

    it("save one of the settings that administrators save concurrently", async () => {
      for (const round of [1, 2, 3]) {
        const read = await Promise.all(hosts.map(({ url }) => load.etag(url)));
        expect(new Set(read).size).to.equal(1);
        const saved = await Promise.all(
          hosts.map(({ url }, index) => load.save(url, read[index]!, `admin-${round}-${index}`)),
        );
        expect(saved.sort()).to.deep.equal([200, ...Array(PROCESSES - 1).fill(412)]);
      }
    });

    it("let one new person in on every browser, as one user", async () => {
      const forms = Array.from({ length: 4 * PROCESSES }, () => load.form("ada@customer.example"));
      expect(new Set(await postAll(forms))).to.deep.equal(new Set([303]));
      expect(await load.seats(urlOf(0))).to.equal(1);
    });

    it("take one response once, wherever it is posted", async () => {
      const stolen = load.form("bob@customer.example");
      const statuses = await postAll(Array.from({ length: 2 * PROCESSES }, () => stolen));
      expect(statuses).to.deep.equal([303, ...Array(2 * PROCESSES - 1).fill(403)]);
    });

    it("take one answer to a login request that another of them made", async () => {
      const browser = makeBrowser();
      const inResponseTo = requestIdIn(await browser.get(`${urlOf(0)}/saml/login`));
      const forms = hosts.map(() => load.form("ada@customer.example", { inResponseTo }));
      const posts = forms.map((form, index) => browser.post(`${urlOf(index)}/saml/acs`, form));
      const answers = await Promise.all(posts);
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([303]));
      // One is signed in. The others begin once more: the browser may have lost the first answer.
      const places = answers.map(({ headers }) => headers.get("location") ?? "");
      const [entered, ...led] = places.sort();
      expect(entered).to.equal("/");
      for (const place of led) expect(place).to.include("/saml/login");
    });

    it("fill the license to the last seat and not one more", async () => {
      const free = 5;
      const limit = (await load.seats(urlOf(0))) + free;
      await Promise.all(hosts.map((host) => host.run({ kind: "license-limit", limit })));
      const people = Array.from({ length: 3 * free }, (_, index) => `p${index}@customer.example`);
      const statuses = await postAll(people.map((email) => load.form(email)));
      expect(statuses).to.deep.equal([...Array(free).fill(303), ...Array(2 * free).fill(403)]);
      expect(await load.seats(urlOf(1))).to.equal(limit);
      const findings = await checkIntegrity({
        knex: database.knex,
        seatLimits: [{ tenant: DEFAULT_TENANT, licensedRoles: LICENSED_ROLES, limit }],
        grantsUntouched: true,
      });
      expect(findings).to.deep.equal([]);
    });
  });
}
