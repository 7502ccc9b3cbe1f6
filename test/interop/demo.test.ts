import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { freePort } from "../../scripts/services/service.ts";
import { type DemoProcess, makeFolder, startDemo } from "../examples/support/demo-process.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { makeVisitor } from "./support/visitor.ts";

/** The whole of it: the demo as people start it, with a real identity provider instead of its own. */
describe("the demo with SimpleSAMLphp's metadata", () => {
  const folder = makeFolder();
  let idp: SimpleSamlPhp;
  let demo: DemoProcess;

  before(async () => {
    idp = await startSimpleSamlPhp();
    writeFileSync(`${folder.path}/idp.xml`, await idp.metadata());
    const port = await freePort();
    demo = await startDemo({
      PORT: String(port),
      BASE_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: `sqlite:${folder.path}/demo.sqlite`,
      IDP_METADATA: `${folder.path}/idp.xml`,
      JIT_ROLE: "Creator",
    });
    idp.configureWithMetadata(await (await fetch(`${demo.baseUrl}/saml/metadata`)).text());
  });
  after(async () => {
    await demo.stop();
    await idp.stop();
    folder.remove();
  });

  const whoAmI = async (url: string): Promise<string> => {
    const visitor = makeVisitor();
    await visitor.arrive(url, PEOPLE.bob);
    return (await visitor.open(`${demo.baseUrl}/whoami`)).text;
  };

  it("signs in a user who started at the demo", async () => {
    const who = JSON.parse(await whoAmI(`${demo.baseUrl}/saml/login`));
    expect(who).to.include({ email: "bob@customer.example", role: "Creator" });
  });

  it("signs the same person in from the identity provider's tile", async () => {
    const first = await whoAmI(`${demo.baseUrl}/saml/login`);
    const url = idp.tileUrl(`${demo.baseUrl}/saml/metadata`);
    expect(await whoAmI(url)).to.equal(first);
  });
});
