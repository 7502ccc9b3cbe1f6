import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { makeSigningIdp } from "../../src/testing/signing-idp.ts";
import { makeFolder, runDemo, startDemo } from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

async function inFolder(
  work: (env: { readonly DATABASE_URL: string }, path: string) => Promise<void>,
): Promise<void> {
  const folder = makeFolder();
  try {
    await work({ DATABASE_URL: `sqlite:${folder.path}/demo.sqlite` }, folder.path);
  } finally {
    folder.remove();
  }
}

describe("the demo: its environment", () => {
  it("only the administrator may read and change the settings, against the version read", () =>
    inFolder(async (env) => {
      const demo = await startDemo(env);
      const visitor = makeVisitor(demo.baseUrl);
      const page = await visitor.browser.get("/saml/settings", { accept: "application/json" });
      expect(page.status).to.equal(403);
      const signedIn = await visitor.signInAsAdministrator();
      expect(signedIn.url).to.equal(`${demo.baseUrl}/`);
      expect(await visitor.whoami()).to.include({
        email: "admin@demo.example",
        role: "Administrator",
        createdBy: "seed",
      });
      const { document, etag } = await visitor.settings();
      const headers = { "if-match": etag };
      expect((await visitor.browser.put("/saml/settings", document, {})).status).to.equal(428);
      const disabled = { ...document, enabled: false };
      const first = await visitor.browser.put("/saml/settings", disabled, headers);
      expect(first.status).to.equal(200);
      const stale = await visitor.browser.put("/saml/settings", document, headers);
      expect(stale.status).to.equal(412);
      await visitor.browser.post("/demo/sign-out", {});
      expect((await visitor.whoami()).status).to.equal(401);
      await demo.stop();
    }));

  it("a restart keeps people, sessions and edited settings; a changed environment wins", () =>
    inFolder(async (env) => {
      const demo = await startDemo(env);
      const fixed = { ...env, PORT: new URL(demo.baseUrl).port };
      const administrator = makeVisitor(demo.baseUrl);
      await administrator.signInAsAdministrator();
      await administrator.changeSettings((document) => ({
        ...document,
        autoProvisioning: { ...document.autoProvisioning, role: "Manager" },
      }));
      await demo.stop();

      const again = await startDemo(fixed);
      expect(await administrator.whoami()).to.include({ email: "admin@demo.example" });
      const { document } = await administrator.settings();
      expect(document.autoProvisioning).to.include({ role: "Manager" });
      await again.stop();

      const changed = await startDemo({ ...fixed, JIT_GROUPS: "Auditors", JIT_ORGANIZATIONS: "*" });
      const visitor = makeVisitor(changed.baseUrl);
      await visitor.fromTile("new@customer.example");
      expect(await visitor.whoami()).to.deep.include({
        role: "Editor",
        groups: ["Auditors"],
        organizations: ["Acme", "Globex", "Initech"],
        allOrganizations: true,
      });
      await changed.stop();
    }));

  it("the license limit holds, and the users page says how many are used", () =>
    inFolder(async (env) => {
      const demo = await startDemo({ ...env, LICENSE_LIMIT: "2" });
      const first = makeVisitor(demo.baseUrl);
      await first.fromTile("one@customer.example");
      expect((await first.whoami()).status).to.equal(200);
      const second = makeVisitor(demo.baseUrl);
      const page = await second.fromTile("two@customer.example");
      expect(page.status).to.equal(403);
      expect(page.text).to.contain("all licenses are in use");
      const users = await second.browser.get("/users", { accept: "application/json" });
      expect(JSON.parse(users.text).licenses).to.include({ used: 2, usedByJit: 1, limit: 2 });
      await demo.stop();
    }));

  it("another IdP, known by its metadata, signs people in instead of the demo's own", () =>
    inFolder(async (env, path) => {
      const idp = makeSigningIdp();
      const metadata = `${path}/idp.xml`;
      writeFileSync(metadata, idp.metadata());
      const demo = await startDemo({ ...env, IDP_METADATA: metadata });
      const { baseUrl } = demo;
      const visitor = makeVisitor(baseUrl);
      const form = idp.form({
        acsUrl: `${baseUrl}/saml/acs`,
        audience: `${baseUrl}/saml/metadata`,
        email: "elsewhere@customer.example",
      });
      await visitor.browser.post("/saml/acs", { ...form });
      expect(await visitor.whoami()).to.include({ email: "elsewhere@customer.example" });
      expect((await visitor.browser.get("/demo-idp")).status).to.equal(404);
      await demo.stop();
    }));

  for (const [name, env, sentence] of [
    ["metadata that is not there", { IDP_METADATA: "/nowhere/idp.xml" }, "cannot be read"],
    [
      "more organizations than a Lite user may see",
      { JIT_ROLE: "Lite", JIT_ORGANIZATIONS: "*" },
      "organizations",
    ],
  ] as const) {
    it(`${name} stops the start with a clear message`, () =>
      inFolder(async (database) => {
        const { code, output } = await runDemo({ ...database, ...env });
        expect(code).to.equal(1);
        expect(output).to.contain(sentence);
        expect(output).not.to.match(/\n\s+at /);
      }));
  }
});
