import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import { startHost } from "../support/host.ts";

const PORTS = new URL("../../src/ports/", import.meta.url);

/** What the plugin can do to users: nothing here takes anything away from anybody. */
const OPERATIONS_ON_USERS = [
  "findByEmail",
  "countSeats",
  "countJitSeats",
  "countSeatsExclusively",
  "create",
  "acceptInvitation",
  "findByIds",
  "receiptOf",
  "receipts",
  "receiptCount",
  "tallyReceipts",
  "usersOfNameId",
];

describe("nothing can disable, delete or downgrade a user", () => {
  it("the user directory, and the host's own, have these operations and no other", async () => {
    const source = await readFile(new URL("user-directory.ts", PORTS), "utf8");
    const directory = source.slice(source.indexOf("export interface UserDirectory"));
    const operations = [...directory.matchAll(/^ {2}(\w+)\??\(/gm)].map(([, name]) => name);
    expect([...new Set(operations)]).to.deep.equal(OPERATIONS_ON_USERS);
  });

  it("no port has an operation by such a name", async () => {
    const files = (await readdir(PORTS)).filter((file) => file.endsWith(".ts"));
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, PORTS), "utf8")));
    const operations = sources.flatMap((source) =>
      [...source.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name),
    );
    expect(operations.length).to.be.greaterThan(20);
    expect(
      operations.filter((name) =>
        /delete|remove|disable|suspend|deactivate|revoke|downgrade|update|changeUser/i.test(
          name ?? "",
        ),
      ),
    ).to.deep.equal([]);
  });

  it("no route answers to DELETE or PATCH, and none is about a user", async () => {
    const host = await startHost();
    try {
      for (const path of ["/acs", "/login", "/metadata", "/settings", "/settings/audit"]) {
        for (const method of ["DELETE", "PATCH"]) {
          const response = await fetch(`${host.baseUrl}/saml${path}`, { method });
          expect(response.status, `${method} ${path}`).to.equal(405);
          expect(response.headers.get("allow")).not.to.match(/DELETE|PATCH/);
        }
      }
      for (const path of ["/users", "/users/1", "/settings/users/1"]) {
        const response = await fetch(`${host.baseUrl}/saml${path}`, { method: "POST" });
        expect(await response.text(), path).to.equal("the host's own page");
      }
    } finally {
      await host.stop();
    }
  });
});
