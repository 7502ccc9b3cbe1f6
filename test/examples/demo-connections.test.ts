import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { makeSigningIdp, type SigningIdp } from "../../src/testing/mod.ts";
import {
  type DemoProcess,
  listensAt,
  makeFolder,
  runDemo,
  startDemo,
} from "./support/demo-process.ts";
import { makeVisitor } from "./support/visitor.ts";

describe("the demo: several identity providers", () => {
  const folder = makeFolder();
  const acme = makeSigningIdp({ entityId: "https://acme.example/metadata" });
  const partners = makeSigningIdp({ entityId: "https://partners.example/metadata" });
  let server: Server;
  let demo: DemoProcess;

  before(async () => {
    server = createServer((_request, response) => response.end(partners.metadata()));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    writeFileSync(`${folder.path}/acme.xml`, acme.metadata());
    demo = await startDemo({
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      CONNECTIONS: JSON.stringify([
        {
          id: "acme",
          name: "Acme",
          metadata: `${folder.path}/acme.xml`,
          domains: ["acme.example"],
        },
        {
          id: "partners",
          name: "Partners",
          metadata: `http://127.0.0.1:${port}/metadata`,
          acceptsOtherDomains: true,
        },
      ]),
      JIT_RULES: JSON.stringify([{ when: { connection: ["partners"] }, groups: ["Partners"] }]),
    });
  });
  after(async () => {
    await demo.stop();
    server.close();
    folder.remove();
  });

  const arrive = async (idp: SigningIdp, email: string) => {
    const base = `${demo.baseUrl}/saml`;
    const form = idp.form({ acsUrl: `${base}/acs`, audience: `${base}/metadata`, email });
    const response = await fetch(`${listensAt(demo)}/saml/acs`, {
      method: "POST",
      body: new URLSearchParams({ ...form }),
      redirect: "manual",
    });
    return response.status;
  };

  it("each sign in their own users, with the rules of their connection", async () => {
    expect(await arrive(acme, "ada@acme.example")).to.equal(303);
    expect(await arrive(partners, "bob@elsewhere.example")).to.equal(303);
    expect(await arrive(partners, "eve@acme.example")).to.equal(403);
    expect(await arrive(acme, "eve@elsewhere.example")).to.equal(403);
    const response = await fetch(`${listensAt(demo)}/users`, {
      headers: { Accept: "application/json" },
    });
    const text = await response.text();
    expect(text).to.include("ada@acme.example").and.to.include("bob@elsewhere.example");
    expect(text).not.to.include("eve@");
    expect(text).to.include("Partners");
  });

  it("lead each user to their own", async () => {
    const login = await fetch(`${listensAt(demo)}/saml/login?email=ada@acme.example`, {
      redirect: "manual",
      headers: { Accept: "text/html" },
    });
    expect(login.status).to.equal(302);
    expect((await makeVisitor(demo.baseUrl).whoami()).status).to.equal(401);
  });

  it("stop the start when they conflict or cannot be read", async () => {
    const twice = { name: "A", metadata: `${folder.path}/acme.xml`, domains: ["a.example"] };
    const { code, output } = await runDemo({
      DATABASE_URL: `sqlite:${folder.path}/other.sqlite`,
      CONNECTIONS: JSON.stringify([
        { id: "a", ...twice },
        { id: "b", ...twice },
      ]),
    });
    expect(code).not.to.equal(0);
    expect(output).to.include("connections.1.idp.entityId");
    const missing = await runDemo({
      DATABASE_URL: `sqlite:${folder.path}/other.sqlite`,
      CONNECTIONS: JSON.stringify([{ id: "a", name: "A", metadata: "gone.xml" }]),
    });
    expect(missing.output).to.include("CONNECTIONS gone.xml cannot be read");
    expect((await runDemo({ CONNECTIONS: "{" })).output).to.include("CONNECTIONS");
  });
});
