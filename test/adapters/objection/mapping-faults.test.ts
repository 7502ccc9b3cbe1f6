import { expect } from "chai";
import knexFactory from "knex";
import { describe, it } from "mocha";
import { Model } from "objection";
import { makeObjectionStores } from "../../../src/adapters/objection/objection-stores.ts";
import { hostUsersFaults } from "../../../src/adapters/objection/users/host-users-faults.ts";
import { integerHost, uuidHost } from "./hosts.ts";

describe("a mapping over the host's users", () => {
  it("is accepted if it has no faults", () => {
    expect(hostUsersFaults(integerHost)).to.deep.equal([]);
    expect(hostUsersFaults(uuidHost)).to.deep.equal([]);
  });

  it("is refused with all faults together, each at its path", () => {
    const faults = hostUsersFaults({
      model: class NoModel {},
      columns: { id: "id", email: "", role: { name: "role", type: "number" }, tenant: {} },
      state: { kind: "column", column: 1, values: { active: [], invited: "invited" } },
      groups: { table: "g", user: "u", granted: { name: "g", type: "text" } },
      allOrganizations: { column: "all" },
      newId: "uuid",
    });
    expect(faults.map((fault) => fault.split(" must be ")[0])).to.deep.equal([
      "hostUsers.model",
      "hostUsers.columns.id",
      "hostUsers.columns.email",
      "hostUsers.columns.role",
      "hostUsers.columns.tenant",
      "hostUsers.organizations.table",
      "hostUsers.organizations.user",
      "hostUsers.organizations.granted",
      "hostUsers.allOrganizations",
      "hostUsers.newId",
      "hostUsers.state.column",
      "hostUsers.state.values.active",
      "hostUsers.state.values.invited",
    ]);
  });

  it("is refused when a value means two states", () => {
    const values = { active: ["on"], suspended: ["off"], deleted: ["off"] };
    const faults = hostUsersFaults({
      ...integerHost,
      state: { kind: "column", column: "s", values },
    });
    expect(faults).to.deep.equal([
      "hostUsers.state.values must contain off only once: it stands for two states",
    ]);
  });

  it("is refused when its key is not the model's", () => {
    class Other extends Model {
      static override tableName = "others";
      static override idColumn = "otherId";
    }
    expect(hostUsersFaults({ ...integerHost, model: Other })).to.have.length(1);
  });

  it("is refused if it is not an object", () => {
    for (const value of [null, 1, "users", []]) expect(hostUsersFaults(value)).to.not.be.empty;
  });

  it("fails when the stores are created, not at the first sign-in", () => {
    const knex = knexFactory({ client: "sqlite3", connection: ":memory:", useNullAsDefault: true });
    const hostUsers = { ...integerHost, columns: { ...integerHost.columns, email: "" } };
    expect(() => makeObjectionStores({ knex, hostUsers })).to.throw(
      TypeError,
      "hostUsers.columns.email",
    );
  });
});
