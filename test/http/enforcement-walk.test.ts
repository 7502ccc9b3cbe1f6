import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { makeObjectionStores } from "../../src/adapters/objection/objection-stores.ts";
import {
  type Connection,
  type Settings,
  UNSAVED_SETTINGS,
  type VersionedSettings,
} from "../../src/domain/settings.ts";
import type { UserState } from "../../src/domain/sign-in-decision.ts";
import type { SamlJitOptions } from "../../src/mod.ts";
import type { SettingsStore } from "../../src/ports/unit-of-work.ts";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/signing-idp.ts";
import { address, formFor, requestIdIn } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { DATABASES } from "../support/databases.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Anybody of them may be exempt, and any may be the administrator. */
const PEOPLE = ["ada@customer.example", "bob@customer.example", "eve@other.example"] as const;
type Person = (typeof PEOPLE)[number];

const DOMAINS = ["customer.example", "other.example"] as const;

interface Way {
  readonly enabled: boolean;
  readonly domains: readonly string[];
  readonly others: boolean;
}

type Step =
  | {
      readonly do: "save";
      /** Settings from code need no test; the API's may be merely untested. */
      readonly from: "api" | "code";
      readonly enabled: boolean;
      readonly enforced: boolean;
      readonly exempt: readonly Person[];
      readonly ways: readonly [Way, Way];
    }
  | { readonly do: "turn-off" }
  | { readonly do: "test"; readonly way: 0 | 1 }
  | { readonly do: "become"; readonly who: Person; readonly state: UserState | "gone" }
  | { readonly do: "wait"; readonly hours: number }
  | { readonly do: "prove"; readonly domains: readonly string[] | "fails" };

const way = (domains: readonly string[]): fc.Arbitrary<Way> =>
  fc.record({
    enabled: fc.boolean(),
    domains: fc.constantFrom([], domains, domains, [...DOMAINS]),
    others: fc.boolean(),
  });

/** Mostly saves that are valid, so that enforcement is often on. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("save" as const),
      from: fc.constantFrom("api", "code"),
      enabled: fc.constantFrom(true, true, true, false),
      enforced: fc.constantFrom(true, true, false),
      exempt: fc.subarray([...PEOPLE]),
      ways: fc.tuple(way(["customer.example"]), way(["other.example"])),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "turn-off" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("test" as const), way: fc.constantFrom(0, 1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("become" as const),
      who: fc.constantFrom(...PEOPLE),
      state: fc.constantFrom("active", "active", "suspended", "deleted", "invited", "gone"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      hours: fc.integer({ min: -30, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("prove" as const),
      domains: fc.oneof(fc.subarray([...DOMAINS]), fc.constant("fails" as const)),
    }),
  },
);

/** What the walk has of a kind of storage. */
interface World {
  readonly host: TestHost;
  readonly stored: SettingsStore;
  become(who: Person, state: UserState | "gone"): Promise<void>;
  stop(): Promise<void>;
}

/** What happened on all walks: they are worth something only if enforcement often bites. */
interface Seen {
  refused: number;
  suspended: number;
  failed: number;
}

class Walk {
  readonly #world: World;
  readonly #second: SigningIdp;
  readonly #proven: { domains: readonly string[] | "fails" };
  readonly #states = new Map<Person, UserState | "gone">();
  readonly #tests: number[] = [];

  constructor(world: World, proven: { domains: readonly string[] | "fails" }) {
    this.#world = world;
    this.#proven = proven;
    const { clock, idp } = world.host;
    const entityId = "https://second.example/metadata";
    this.#second = makeSigningIdp({ clock, key: idp.key, entityId });
  }

  async begin(): Promise<void> {
    for (const who of PEOPLE) await this.#become(who, "active");
    const [one, other] = [true, false].map((enabled) => ({
      enabled,
      domains: [],
      others: enabled,
    }));
    if (one === undefined || other === undefined) return;
    const common = { do: "save", from: "code", enabled: true, exempt: [PEOPLE[0]] } as const;
    await this.take({ ...common, enforced: false, ways: [one, other] });
    await this.take({ do: "test", way: 0 });
    await this.take({ ...common, from: "api", enforced: true, ways: [one, other] });
    expect((await this.#settings()).enforcement.enabled).to.equal(true);
  }

  async take(step: Step): Promise<void> {
    const { host } = this.#world;
    switch (step.do) {
      case "save":
        return this.#save(step);
      case "turn-off":
        return this.#put({ ...(await this.#settings()), enabled: false });
      case "test":
        return this.#test(step.way);
      case "become":
        return this.#become(step.who, step.state);
      case "wait":
        return host.clock.advance(step.hours * HOUR_MS);
      case "prove":
        this.#proven.domains = step.domains;
    }
  }

  /** Whoever is refused can sign in, and somebody who is exempt is let in by a password. */
  async expectWayIn(seen: Seen): Promise<void> {
    const settings = await this.#settings();
    if (!settings.enabled) expect(settings.enforcement.enabled).to.equal(false);
    const answers = new Map<Person, "allowed" | "refused" | "failed">();
    for (const who of PEOPLE) {
      answers.set(who, await this.#answer(who));
      expect(await this.#answer(` ${who.toUpperCase()} `)).to.equal(answers.get(who));
    }
    const active = PEOPLE.filter((who) => this.#states.get(who) === "active");
    const out = active.filter((who) => answers.get(who) !== "allowed");
    seen.failed += out.filter((who) => answers.get(who) === "failed").length;
    const exempt = active.filter((who) => settings.enforcement.exempt.includes(who));
    if (settings.enforcement.enabled && exempt.length === 0) seen.suspended += 1;
    for (const who of exempt) expect(answers.get(who), `${who} is exempt`).to.equal("allowed");
    if (out.length === 0) return;
    seen.refused += 1;
    expect(exempt.length, `${out.join()} must not use a password, and nobody may`).to.be.above(0);
    for (const who of out.filter((one) => answers.get(one) === "refused")) {
      expect(await this.#signIn(who, settings), who).to.equal(303);
    }
  }

  async #answer(who: string): Promise<"allowed" | "refused" | "failed"> {
    try {
      const { allowed } = await this.#world.host.saml.passwordAllowed("default", who);
      return allowed ? "allowed" : "refused";
    } catch {
      return "failed";
    }
  }

  async #signIn(who: Person, { connections }: Settings): Promise<number> {
    const domain = who.split("@")[1] ?? "";
    const open = connections.filter(({ enabled }) => enabled);
    const through =
      open.find(({ domains }) => domains.includes(domain)) ??
      open.find(({ acceptsOtherDomains }) => acceptsOtherDomains);
    const { host } = this.#world;
    const idp = through?.id === "second" ? this.#second : host.idp;
    const form = formFor({ ...host, idp }, who);
    return (await makeBrowser().post(`${host.baseUrl}/saml/acs`, form)).status;
  }

  async #save({ from, enabled, enforced, exempt, ways }: Step & { do: "save" }): Promise<void> {
    const { host } = this.#world;
    const { autoProvisioning } = openSettings(host);
    const settings: Settings = {
      enabled,
      connections: [
        this.#connection("default", host.idp, ways[0]),
        this.#connection("second", this.#second, ways[1]),
      ],
      sharedDomains: [],
      autoProvisioning,
      enforcement: { enabled: enforced, exempt },
    };
    if (from === "api") return this.#put(settings);
    // What is invalid is refused, as it has to be.
    await host.saml.saveSettings("default", settings, "set-up").catch(() => undefined);
  }

  #connection(id: string, idp: SigningIdp, { enabled, domains, others }: Way): Connection {
    return {
      id,
      name: id,
      enabled,
      idp: idp.connection(),
      email: { source: { kind: "automatic" } },
      profile: {},
      domains,
      acceptsOtherDomains: others,
    };
  }

  async #put(settings: Settings): Promise<void> {
    const { host } = this.#world;
    const before = await this.#stored();
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": `"${before.version}"` },
      body: JSON.stringify(settings),
    });
    const failing = this.#proven.domains === "fails";
    expect(response.status).to.be.oneOf(failing ? [200, 422, 500] : [200, 422]);
    if (response.status !== 200 || before.settings.enforcement.enabled) return;
    const { enforcement } = await this.#settings();
    const now = host.clock.now();
    const tested = this.#tests.some((at) => at >= now - DAY_MS);
    if (enforcement.enabled) expect(tested, "turned on without a test").to.equal(true);
  }

  async #test(index: 0 | 1): Promise<void> {
    const { host } = this.#world;
    const tests = `${host.baseUrl}/saml/settings/test-sign-ins`;
    const settings = await this.#settings();
    const connection = settings.connections[index]?.id ?? "default";
    const begun = await fetch(tests, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ settings, connection }),
    });
    if (begun.status !== 201) return;
    const createdAt = host.clock.now();
    const { id } = (await begun.json()) as { readonly id: string };
    const browser = makeBrowser();
    const inResponseTo = requestIdIn(await browser.get(`${tests}/${id}/start`));
    const idp = connection === "second" ? this.#second : host.idp;
    await browser.post(
      `${host.baseUrl}/saml/acs`,
      formFor({ ...host, idp }, "tester@customer.example", { inResponseTo }),
    );
    const read = await fetch(`${tests}/${id}`);
    const { state } = (await read.json()) as { readonly state: string };
    if (state === "succeeded") this.#tests.push(createdAt);
  }

  async #become(who: Person, state: UserState | "gone"): Promise<void> {
    await this.#world.become(who, state);
    this.#states.set(who, state);
  }

  /** Past the plugin, which asks the host's callback for warnings about them. */
  async #stored(): Promise<VersionedSettings> {
    const { host, stored } = this.#world;
    return (await stored.load(host.tenant)) ?? UNSAVED_SETTINGS;
  }

  async #settings(): Promise<Settings> {
    return (await this.#stored()).settings;
  }
}

type Start = (options: Partial<SamlJitOptions>) => Promise<World>;

async function inMemory(options: Partial<SamlJitOptions>): Promise<World> {
  const host = await startHost(options);
  return {
    host,
    stored: host.memory.stores.settings,
    become: async (who, state) => {
      const email = address(who);
      const seeded = host.memory.userByEmail(host.tenant, email)?.id;
      const id = seeded ?? host.memory.seedUser(host.tenant, { email });
      host.memory.changeUser(host.tenant, id, { state: state === "gone" ? "deleted" : state });
    },
    stop: () => host.stop(),
  };
}

const onDatabase =
  (create: (typeof DATABASES)[number]["create"]): Start =>
  async (options) => {
    const database = await create();
    const { knex } = database;
    const host = await startHost({ ...options, knex });
    await host.saml.migrate();
    return {
      host,
      stored: makeObjectionStores({ knex }).stores.settings,
      become: async (who, state) => {
        const row = { tenant: host.tenant, email: who };
        if (state === "gone") return knex("saml_jit_users").where(row).delete();
        const updated = await knex("saml_jit_users").where(row).update({ state });
        if (updated > 0) return;
        await knex("saml_jit_users").insert({
          ...{ ...row, id: who, state, role: "administrator" },
          ...{ all_organizations: false, created_by: "host" },
        });
      },
      stop: async () => {
        await host.stop();
        await database.drop();
      },
    };
  };

const NOBODY_SEEN = { refused: 0, suspended: 0, failed: 0 };

/** Walks in any order; a failure names its seed, the shortest walk that fails, and the step. */
async function walk(
  start: Start,
  { numRuns, steps }: { readonly numRuns: number; readonly steps: number },
): Promise<Seen> {
  const seen: Seen = { ...NOBODY_SEEN };
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: steps, size: "max" }),
      async (all) => {
        const proven: { domains: readonly string[] | "fails" } = { domains: DOMAINS };
        const verifiedDomains = () => {
          if (proven.domains === "fails") throw new Error("the host's callback fails");
          return proven.domains;
        };
        const world = await start({ verifiedDomains });
        try {
          const walked = new Walk(world, proven);
          await walked.begin();
          await walked.expectWayIn(seen);
          for (const next of all) {
            await walked.take(next);
            await walked.expectWayIn(seen);
          }
        } finally {
          await world.stop();
        }
      },
    ),
    { numRuns },
  );
  return seen;
}

describe("enforced single sign-on never locks out the last administrator", () => {
  it("in any order of saves, tests, deletions, lost proofs and clock steps", async () => {
    const seen = await walk(inMemory, { numRuns: 40, steps: 30 });
    expect(seen.refused).to.be.above(50);
    expect(seen.suspended).to.be.above(20);
    expect(seen.failed).to.be.above(5);
  });

  for (const { name, create } of DATABASES) {
    it(`on a short walk on ${name}`, async () => {
      const seen = await walk(onDatabase(create), { numRuns: 2, steps: 20 });
      expect(seen.refused).to.be.above(0);
    });
  }
});
