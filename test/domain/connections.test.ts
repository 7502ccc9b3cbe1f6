import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  fromOneConnection,
  type OneConnectionSettings,
  pathInOneConnection,
  toOneConnection,
} from "../../src/domain/one-connection.ts";
import {
  type Connection,
  connectionOfDomain,
  nextVersion,
  openConnections,
  type Settings,
  UNSAVED_SETTINGS,
} from "../../src/domain/settings.ts";
import { settingsFaults, settingsWarnings } from "../../src/domain/settings-rules.ts";
import { admitIdentity, decideSignIn } from "../../src/domain/sign-in-decision.ts";
import {
  asserted,
  CERTIFICATE,
  CONNECTION,
  factsOf,
  IDP,
  identityOf,
  known,
  ONE,
  SETTINGS,
  savedSettings,
  unknown,
} from "./support/examples.ts";

const A: Connection = { ...CONNECTION, id: "a", name: "A", domains: ["a.example"] };
const B: Connection = {
  ...CONNECTION,
  id: "b",
  name: "B",
  idp: { ...IDP, entityId: "https://b.example/metadata" },
  domains: ["b.example"],
};
const REST: Connection = {
  ...CONNECTION,
  id: "rest",
  name: "Rest",
  idp: { ...IDP, entityId: "https://rest.example/metadata" },
  domains: [],
  acceptsOtherDomains: true,
};
const FACTS = factsOf({ certificates: [[CERTIFICATE], [CERTIFICATE], [CERTIFICATE]] });

function settingsOf(...connections: readonly Connection[]): Settings {
  return { ...SETTINGS, connections };
}

function faultsOf(settings: Settings): readonly string[] {
  return settingsFaults(settings, FACTS).map(({ path, code }) => `${path.join(".")}: ${code}`);
}

function admitted(connection: Connection, address: string, settings: Settings): string {
  const saved = savedSettings({}, settings);
  const admission = admitIdentity(identityOf(address), asserted({}, connection), saved);
  return admission.kind === "deny" ? admission.reason : admission.kind;
}

describe("a connection speaks only for its own domains", () => {
  const all = settingsOf(A, B, REST);

  it("its own, and those that no connection lists if it accepts others", () => {
    expect(admitted(A, "x@a.example", all)).to.equal("admitted");
    expect(admitted(REST, "x@anything.example", all)).to.equal("admitted");
  });

  it("no domain of another connection, for known users either", () => {
    for (const connection of [A, REST]) {
      expect(admitted(connection, "x@b.example", all)).to.equal("domain-of-other-connection");
      for (const lookup of [known("active"), known("invited"), unknown()]) {
        const facts = {
          settings: savedSettings({}, all),
          asserted: asserted({}, connection),
          lookup,
        };
        const decision = decideSignIn({ ...facts, identity: identityOf("x@b.example") });
        expect(decision).to.include({ kind: "deny", reason: "domain-of-other-connection" });
      }
    }
  });

  it("no domain of another connection that is turned off: nobody inherits it", () => {
    const off = settingsOf(A, { ...B, enabled: false }, REST);
    expect(admitted(REST, "x@b.example", off)).to.equal("domain-of-other-connection");
  });

  it("no domain that nobody lists unless it accepts others", () => {
    expect(admitted(A, "x@anything.example", all)).to.equal("domain-not-allowed");
  });

  it("a domain that two list on purpose, through both", () => {
    const moving = settingsOf(A, { ...B, domains: ["b.example", "a.example"] });
    const [first = A, second = B] = moving.connections;
    expect(admitted(first, "x@a.example", moving)).to.equal("admitted");
    expect(admitted(second, "x@a.example", moving)).to.equal("admitted");
  });

  it("nothing at all while it is turned off", () => {
    const off = { ...A, enabled: false };
    expect(admitted(off, "x@a.example", settingsOf(off, B))).to.equal("sso-disabled");
  });

  it("whatever the domains are: nobody comes through one that does not list the domain, but another", () => {
    const domain = fc.constantFrom("a.example", "b.example", "c.example");
    const connection = (id: string) =>
      fc
        .record({
          enabled: fc.boolean(),
          domains: fc.uniqueArray(domain),
          acceptsOtherDomains: fc.boolean(),
        })
        .map((members): Connection => ({ ...A, ...members, id }));
    fc.assert(
      fc.property(
        fc.tuple(connection("a"), connection("b"), connection("c")),
        domain,
        (connections, of) => {
          const [through] = connections;
          const settings = settingsOf(...connections);
          fc.pre(admitted(through, `x@${of}`, settings) === "admitted");
          expect(through.enabled).to.equal(true);
          const owners = connections.filter(({ domains }) => domains.includes(of));
          if (owners.length > 0) expect(owners).to.include(through);
          else expect(through.acceptsOtherDomains).to.equal(true);
        },
      ),
    );
  });
});

describe("where users of a domain sign in", () => {
  it("is the connection that lists it, then the one that accepts others, then nowhere", () => {
    const connections = openConnections(settingsOf(A, REST, B));
    expect(connectionOfDomain(connections, "b.example")?.id).to.equal("b");
    expect(connectionOfDomain(connections, "c.example")?.id).to.equal("rest");
    expect(connectionOfDomain(openConnections(settingsOf(A, B)), "c.example")).to.equal(undefined);
  });

  it("is open only if single sign-on and the connection are on, and it has an identity provider", () => {
    const { idp: _, ...unconnected } = B;
    const settings = settingsOf(A, { ...REST, enabled: false }, unconnected);
    expect(openConnections(settings).map(({ id }) => id)).to.deep.equal(["a"]);
    expect(openConnections({ ...settings, enabled: false })).to.deep.equal([]);
  });
});

describe("faults between connections", () => {
  it("none in connections that differ", () => {
    expect(faultsOf(settingsOf(A, B, REST))).to.deep.equal([]);
  });

  it("an ID, a name, or an issuer that another one has", () => {
    expect(faultsOf(settingsOf(A, { ...A, domains: [] }))).to.deep.equal([
      "connections.1.id: not-unique",
      "connections.1.name: not-unique",
      "connections.1.idp.entityId: not-unique",
    ]);
  });

  it("two that accept the domains that none lists, unless one is off", () => {
    const second = { ...B, domains: [], acceptsOtherDomains: true };
    expect(faultsOf(settingsOf(REST, second))).to.deep.equal([
      "connections.1.acceptsOtherDomains: not-unique",
    ]);
    expect(faultsOf(settingsOf(REST, { ...second, enabled: false }))).to.deep.equal([]);
  });

  it("a domain that two list, unless it is shared on purpose: then it is a warning", () => {
    const settings = settingsOf(A, { ...B, domains: ["b.example", "a.example"] });
    expect(faultsOf(settings)).to.deep.equal([
      "connections.1.domains.1: domain-of-other-connection",
    ]);
    const shared = { ...settings, sharedDomains: ["a.example"] };
    expect(faultsOf(shared)).to.deep.equal([]);
    const warnings = settingsWarnings(shared, FACTS);
    expect(warnings.map(({ path, code }) => [path.join("."), code])).to.deep.equal([
      ["connections.1.domains.1", "domain-shared"],
    ]);
  });

  it("a domain whose proof is lost is a warning where it is listed", () => {
    const settings = settingsOf(A, { ...B, domains: ["b.example", "c.example"] });
    const lostDomains = new Set(["c.example", "nowhere.example"]);
    const lost = (domain: string) => ({
      code: "domain-proof-lost",
      message: `The DNS record that proves ${domain} is missing. Its users still sign in: publish the record again, or remove the domain.`,
      text: "domain-proof-lost",
      values: { domain },
    });
    const warnings = settingsWarnings(settings, { ...FACTS, lostDomains });
    expect(warnings).to.deep.equal([
      { path: ["connections", 1, "domains", 1], ...lost("c.example") },
      { path: ["connections"], ...lost("nowhere.example") },
    ]);
  });

  it("a domain twice in one list is no conflict", () => {
    expect(faultsOf(settingsOf({ ...A, domains: ["a.example", "a.example"] }))).to.deep.equal([]);
  });

  it("an ID that is no slug, and a name that is empty, long or has white space around it", () => {
    for (const id of ["", "A", "a b", "-a", "a--b", "a/b", "__proto__", "x".repeat(41)]) {
      expect(faultsOf(settingsOf({ ...A, id })), id).to.deep.equal([
        "connections.0.id: id-invalid",
      ]);
    }
    for (const name of ["", " A", "A ", "x".repeat(101)]) {
      expect(faultsOf(settingsOf({ ...A, name })), name).to.deep.equal([
        "connections.0.name: name-invalid",
      ]);
    }
    expect(faultsOf(settingsOf({ ...A, id: "constructor", name: "x".repeat(100) }))).to.deep.equal(
      [],
    );
  });

  it("single sign-on without an enabled connection, and an enabled one without identity provider", () => {
    expect(faultsOf(settingsOf())).to.deep.equal(["connections: required"]);
    expect(faultsOf(settingsOf({ ...A, enabled: false }))).to.deep.equal(["connections: required"]);
    const { idp: _, ...unconnected } = B;
    expect(faultsOf(settingsOf(A, unconnected))).to.deep.equal(["connections.1.idp: required"]);
    expect(faultsOf({ ...settingsOf(A, unconnected), enabled: false })).to.deep.equal([]);
  });
});

describe("saving over several connections", () => {
  it("voids the login requests of those whose identity provider changed, and of no other", () => {
    const save = { at: 1, by: "ada" };
    const first = nextVersion(UNSAVED_SETTINGS, settingsOf(A, B), save);
    const moved = { ...B, idp: { ...IDP, entityId: "https://new.example" } };
    const second = nextVersion(first, settingsOf(moved, A, REST), save);
    expect([...second.connectionVersions]).to.deep.equal([
      ["b", 2],
      ["a", 1],
      ["rest", 2],
    ]);
  });

  it("voids those of a connection that was removed and added again", () => {
    const save = { at: 1, by: "ada" };
    const first = nextVersion(UNSAVED_SETTINGS, settingsOf(A, B), save);
    const without = nextVersion(first, settingsOf(B), save);
    expect(nextVersion(without, settingsOf(A, B), save).connectionVersions.get("a")).to.equal(3);
  });
});

describe("the short form of settings", () => {
  it("means the same settings, there and back", () => {
    const open: OneConnectionSettings = { ...ONE, email: { ...ONE.email, allowedDomains: [] } };
    const { connection: _, ...unconnected } = ONE;
    for (const short of [ONE, open, unconnected]) {
      expect(toOneConnection(fromOneConnection(short))).to.deep.equal(short);
    }
  });

  it("of settings without any connection has none, and what it says of a new one", () => {
    const none = settingsOf();
    const short = toOneConnection(none);
    expect(short).not.to.have.property("connection");
    expect(short).to.deep.include({ profile: {} });
    expect(short && fromOneConnection(short)).to.deep.equal(none);
  });

  it("is none of settings that say more", () => {
    for (const more of [
      settingsOf(CONNECTION, B),
      settingsOf(A),
      settingsOf({ ...CONNECTION, name: "Okta" }),
      settingsOf({ ...CONNECTION, enabled: false }),
      settingsOf({ ...CONNECTION, acceptsOtherDomains: true }),
      settingsOf({ ...CONNECTION, domains: [] }),
      { ...SETTINGS, sharedDomains: ["a.example"] },
    ]) {
      expect(toOneConnection(more)).to.equal(undefined);
    }
  });

  it("has its own paths", () => {
    const paths = [
      ["connections"],
      ["connections", 0],
      ["connections", 0, "idp"],
      ["connections", 0, "idp", "certificates", 1],
      ["connections", 0, "domains", 2],
      ["connections", 0, "email", "source", "name"],
      ["connections", 0, "profile", "firstName"],
      ["autoProvisioning", "role"],
    ];
    expect(paths.map((path) => pathInOneConnection(path).join("."))).to.deep.equal([
      "connection",
      "connection",
      "connection",
      "connection.certificates.1",
      "email.allowedDomains.2",
      "email.source.name",
      "profile.firstName",
      "autoProvisioning.role",
    ]);
    expect(pathInOneConnection(["connections", 1, "idp"])).to.deep.equal(["connections", 1, "idp"]);
    expect(pathInOneConnection(["connections", 1, "idp"], 1)).to.deep.equal(["connection"]);
  });
});
