import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { after, afterEach, before, describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import { type MemoryStores, makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import type { UserState } from "../../src/mod.ts";
import { makeSigningIdp } from "../../src/testing/mod.ts";
import { isTransactionControl, statementsOf } from "../growth/statements-of.ts";
import { address } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { LISTS, openSettings, startHost, type TestHost } from "../support/host.ts";

const STATES: readonly UserState[] = ["active", "invited", "suspended", "deleted"];
/** Addresses of a domain: of a user in each state, and of nobody. */
const peopleOf = (domain: string) => [...STATES, "nobody"].map((name) => `${name}@${domain}`);
/** None of them leads anywhere, whether somebody has it or not. */
const NOWHERE = [
  ...peopleOf("unlisted.example"),
  "nobody@elsewhere.example",
  "nobody@sub.a.example",
  "no address",
  "@",
  "nobody@a.example@b.example",
];

/**
 * A clock would prove little. What can take time, or tell something, is what is asked of the ports
 * and what is answered: both are the same, whoever has the address.
 */
describe("GET /login?email= tells nobody who the users are", () => {
  let host: TestHost;
  afterEach(() => host.stop());

  const first = makeSigningIdp({ entityId: "https://a.example/metadata" });
  const second = makeSigningIdp({ entityId: "https://b.example/metadata" });
  const connection = (id: string, idp: typeof first, more: object = {}) => ({
    id,
    name: id,
    idp: idp.connection({ ssoUrl: `https://${id}.example/sso` }),
    domains: [`${id}.example`],
    ...more,
  });
  const save = (connections: readonly object[]) => {
    const { autoProvisioning } = openSettings(host);
    const document = { enabled: true, connections, autoProvisioning };
    return host.saml.saveSettings("default", document, "set-up");
  };

  describe("by what it asks of the ports, and by its answer", () => {
    let calls: string[];

    async function start(connections: readonly object[]): Promise<void> {
      calls = [];
      const memory = makeMemoryStores();
      const noted = <T extends object>(name: string, target: T): T =>
        new Proxy(target, {
          get(of, member) {
            const value: unknown = Reflect.get(of, member);
            if (typeof value !== "function") return value;
            return (...args: unknown[]) => {
              calls.push(`${name}.${String(member)}`);
              return Reflect.apply(value, of, args);
            };
          },
        });
      const stores = Object.fromEntries(
        Object.entries(memory.stores).map(([name, store]) => [name, noted(name, store)]),
      ) as unknown as MemoryStores["stores"];
      host = await startHost({
        storage: { stores, unitOfWork: noted("unitOfWork", memory.unitOfWork) },
        catalog: noted("catalog", makeMemoryCatalog(LISTS)),
        licenseLimit: () => void calls.push("licenseLimit"),
        verifiedDomains: () => {
          calls.push("verifiedDomains");
          return ["a.example", "b.example", "unlisted.example"];
        },
      });
      for (const domain of ["a.example", "b.example", "unlisted.example"]) {
        for (const state of STATES) {
          memory.seedUser(host.tenant, { email: address(`${state}@${domain}`), state });
        }
      }
      await save(connections);
    }

    /** What came of it, without what is random: the request's ID, and the signature of its cookie. */
    async function ask(email: string, path = "login", method: "get" | "post" = "get") {
      calls = [];
      const url = `${host.baseUrl}/saml/${path}`;
      const asked = { email, returnTo: "/x" };
      const response =
        method === "get"
          ? await makeBrowser().get(`${url}?${new URLSearchParams(asked)}`)
          : await makeBrowser().post(url, asked);
      const location = response.headers.get("location") ?? "";
      const request = URL.canParse(location) && new URL(location).searchParams.get("SAMLRequest");
      const xml = request ? inflateRawSync(Buffer.from(request, "base64")).toString() : "";
      const [, id = "no ID"] = / ID="([^"]+)"/.exec(xml) ?? [];
      const cookies = response.headers.getSetCookie().map((line) => {
        const [, name = "", value = "", rest = ""] =
          /^(\w+)_\d((?:\.sig)?=[^;]*)(.*)$/.exec(line) ?? [];
        const said = Buffer.from(value.slice(1), "base64url").toString();
        return `${name}${value.startsWith(".sig") ? ".sig" : said.replace(id, "ID")}${rest.replace(/expires=[^;]*/, "expires")}`;
      });
      const headers = [...response.headers].filter(
        ([name]) => !["date", "location", "set-cookie"].includes(name),
      );
      return {
        status: response.status,
        location: request ? location.replace(encodeURIComponent(request), "REQUEST") : location,
        xml: xml.replace(id, "ID"),
        cookies,
        headers,
        body: (await response.text()).replaceAll(encodeURIComponent(email), "EMAIL"),
        calls: [...calls],
      };
    }

    async function expectOneAnswer(emails: readonly string[]) {
      const answer = await ask(emails[0] ?? "");
      const posted = await ask(emails[0] ?? "", "login", "post");
      for (const email of emails) {
        expect(await ask(email), email).to.deep.equal(answer);
        expect(await ask(email, "login", "post"), email).to.deep.equal(posted);
      }
      for (const { calls: made } of [answer, posted]) {
        expect(made).to.deep.equal(["settings.load"]);
      }
      return answer;
    }

    it("an address of a domain that is listed leads to its connection, whoever has it", async () => {
      await start([connection("a", first), connection("b", second)]);
      const { status, location, xml, cookies } = await expectOneAnswer(peopleOf("a.example"));
      expect({ status, location }).to.deep.equal({
        status: 302,
        location: "https://a.example/sso?SAMLRequest=REQUEST",
      });
      expect(xml)
        .to.include('ID="ID"')
        .and.not.match(/active|nobody/);
      expect(cookies.join())
        .to.include('"requestId":"ID"')
        .and.not.match(/active|nobody/);
    });

    it("an address that leads nowhere gets the same answer as every other, a user's as well", async () => {
      await start([connection("a", first), connection("b", second)]);
      const { status, location, cookies } = await expectOneAnswer(NOWHERE);
      expect({ status, cookies }).to.deep.equal({ status: 303, cookies: [] });
      expect(location).to.equal(`${host.baseUrl}/saml/sign-in?unknown=1&returnTo=%2Fx`);
    });

    it("where one connection accepts other domains, those of users lead there like all others", async () => {
      const others = { acceptsOtherDomains: true, domains: [] };
      await start([connection("a", first), connection("b", second, others)]);
      const addresses = [...peopleOf("unlisted.example"), "nobody@elsewhere.example"];
      expect((await expectOneAnswer(addresses)).location).to.match(/^https:\/\/b\.example\/sso\?/);
    });

    it("with one connection, every address leads to it", async () => {
      await start([
        connection("default", first, { name: "Single sign-on", domains: ["a.example"] }),
      ]);
      await expectOneAnswer([...peopleOf("a.example"), ...NOWHERE]);
    });

    it("the sign-in page does not look at the address", async () => {
      await start([connection("a", first), connection("b", second)]);
      const emails = [...peopleOf("a.example"), ...peopleOf("unlisted.example"), "no address"];
      const { headers: _, ...answer } = await ask(emails[0] ?? "", "sign-in");
      for (const email of emails) {
        const { headers, ...other } = await ask(email, "sign-in");
        expect(other, email).to.deep.equal(answer);
        expect(new Map(headers).get("refresh")).to.include(encodeURIComponent(email));
      }
      expect(answer.calls).to.deep.equal(["settings.load"]);
    });
  });

  describe("by its statements", () => {
    let database: TestDatabase;
    before(async () => {
      const [sqlite] = DATABASES;
      if (sqlite === undefined) throw new Error("there is no database");
      database = await sqlite.create();
    });
    after(() => database.drop());

    it("which are one read of the settings, of one connection or of several", async () => {
      const { knex } = database;
      host = await startHost({ knex });
      await host.saml.migrate();
      const sentFor = async (email: string) => {
        const url = `${host.baseUrl}/saml/login?email=${encodeURIComponent(email)}`;
        const sent = await statementsOf(knex, () => makeBrowser().get(url));
        return sent.filter((statement) => !isTransactionControl(statement));
      };
      await save([connection("default", first, { name: "Single sign-on" })]);
      const one = await sentFor("nobody@a.example");
      expect(one).to.have.lengthOf(1);
      expect(one[0]?.sql).to.match(/^select .* from `saml_jit_settings`/);
      await save([connection("a", first), connection("b", second)]);
      for (const email of [...peopleOf("a.example"), ...NOWHERE]) {
        expect(await sentFor(email), email).to.deep.equal(one);
      }
    });
  });
});
