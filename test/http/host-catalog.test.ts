import { expect } from "chai";
import { describe, it } from "mocha";
import { makeMemoryCatalog } from "../../src/adapters/memory/memory-environment.ts";
import type { AccessCatalog } from "../../src/mod.ts";
import { arrive } from "../support/arrivals.ts";
import { failuresIn, LISTS, openSettings, startHost } from "../support/host.ts";

describe("what the host's catalog and license limit say", () => {
  const good = LISTS.roles[0];

  /** A sign-in of somebody new, after settings were saved while all was well. */
  const arriveWith = async (wrong: Readonly<Record<string, () => unknown>>) => {
    const sound = makeMemoryCatalog(LISTS);
    let broken = false;
    const asked = (method: keyof AccessCatalog) =>
      broken && wrong[method] !== undefined ? { ...sound, [method]: wrong[method] } : sound;
    // A host in JavaScript has no compiler that keeps it from wrong answers.
    const catalog: AccessCatalog = {
      ...sound,
      roles: (tenant) => asked("roles").roles(tenant),
      groupsByIds: (tenant, ids) => asked("groupsByIds").groupsByIds(tenant, ids),
      organizationsByIds: (tenant, ids) =>
        asked("organizationsByIds").organizationsByIds(tenant, ids),
    };
    const host = await startHost({
      catalog,
      licenseLimit: () => (broken ? (wrong["limit"]?.() as number | undefined) : undefined),
    });
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      broken = true;
      const { status } = await arrive(host, "ada@customer.example");
      const [error] = failuresIn(host.logger);
      const users = host.memory.usersOf(host.tenant).length;
      return { status, users, message: error?.message };
    } finally {
      await host.stop();
    }
  };

  const mistakes: readonly [string, string, unknown, string][] = [
    ["no list of roles", "roles", undefined, "catalog.roles() must be an array"],
    ["a role that is none", "roles", [null], "catalog.roles()[0] must be an object"],
    [
      "a role without licensed",
      "roles",
      [{ id: "editor", name: "Editor", privileged: false }],
      "catalog.roles()[0].licensed must be a boolean",
    ],
    [
      "a role without privileged",
      "roles",
      [{ ...good, privileged: undefined }],
      "catalog.roles()[0].privileged must be a boolean",
    ],
    [
      "a bound that is a text",
      "roles",
      [{ ...good, maxOrganizations: "5" }],
      "catalog.roles()[0].maxOrganizations must be a non-negative integer or undefined",
    ],
    [
      "groups by number",
      "groupsByIds",
      [{ id: 7, name: "Support" }],
      "catalog.groupsByIds()[0].id must be a string",
    ],
    [
      "an organization without a name",
      "organizationsByIds",
      [{ id: "o1" }],
      "catalog.organizationsByIds()[0].name must be a string",
    ],
    [
      "a limit that is a text",
      "limit",
      "7",
      "licenseLimit must return a non-negative integer or undefined",
    ],
  ];
  for (const [title, method, answer, message] of mistakes) {
    it(`${title} signs no one in, and the log says what is wrong`, async () => {
      const outcome = await arriveWith({ [method]: () => answer });
      expect(outcome).to.deep.equal({ status: 500, users: 0, message });
    });
  }

  it("null where a database has none: no bound, no limit", async () => {
    const roles = () => [{ ...good, maxOrganizations: null }];
    const outcome = await arriveWith({ roles, limit: () => null });
    expect(outcome).to.include({ status: 303, users: 1 });
  });

  it("accepts a catalog that returns values instead of promises", async () => {
    const outcome = await arriveWith({ roles: () => LISTS.roles });
    expect(outcome).to.include({ status: 303, users: 1 });
  });
});
