import { expect } from "chai";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { type Platform, startPlatform } from "./support/platform.ts";
import { PEOPLE, type SimpleSamlPhp, startSimpleSamlPhp } from "./support/simplesamlphp.ts";
import { makeVisitor } from "./support/visitor.ts";

/** Nothing is typed in by hand: each side reads what the other publishes. */
describe("exchanging metadata with SimpleSAMLphp", () => {
  let idp: SimpleSamlPhp;
  let platform: Platform;

  before(async function () {
    this.timeout(120_000);
    idp = await startSimpleSamlPhp();
  });
  after(() => idp.stop());

  beforeEach(async () => {
    platform = await startPlatform();
  });
  afterEach(() => platform.stop());

  const api = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { "Content-Type": "application/json", ...(init.headers as object) };
    return fetch(`${platform.host.baseUrl}/saml${path}`, { ...init, headers });
  };

  /** Reads the identity provider's metadata and saves settings from it, over HTTP. */
  async function connectOverHttp(changes: object = {}): Promise<void> {
    const body = JSON.stringify({ xml: await idp.metadata() });
    const parsed = await api("/settings/parse-metadata", { method: "POST", body });
    expect(parsed.status).to.equal(200);
    const { identityProviders } = (await parsed.json()) as {
      identityProviders: {
        entityId: string;
        ssoUrl: string;
        sloUrl: string;
        certificates: string[];
      }[];
    };
    expect(identityProviders).to.have.lengthOf(1);
    const [{ entityId, ssoUrl, sloUrl, certificates } = { certificates: [] }] = identityProviders;
    expect({ entityId, ssoUrl, sloUrl }).to.deep.equal({
      entityId: idp.entityId,
      ssoUrl: idp.ssoUrl,
      sloUrl: idp.sloUrl,
    });
    const read = await api("/settings");
    const settings = {
      ...((await read.json()) as object),
      enabled: true,
      connection: {
        ...{ entityId, ssoUrl, sloUrl, certificates },
        ...{ idpInitiated: true, signRequests: true },
        ...{ weakAlgorithms: [], acceptExpiredCertificates: false },
      },
      autoProvisioning: {
        ...{ enabled: true, role: "lite", privilegedRoleConfirmed: false, groups: [] },
        organizations: { kind: "selected", ids: ["o1"] },
        whenLicensesRunOut: { kind: "deny" },
      },
      ...changes,
    };
    const saved = await api("/settings", {
      method: "PUT",
      body: JSON.stringify(settings),
      headers: { "If-Match": read.headers.get("etag") ?? "" },
    });
    expect(saved.status, await saved.text()).to.equal(200);
  }

  it("connects both sides, with signed requests and logout", async () => {
    await connectOverHttp();
    idp.configureWithMetadata(await (await api("/metadata")).text());
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    const [user] = platform.host.memory.usersOf(platform.host.tenant);
    expect(user).to.include({ email: "alice@customer.example", role: "lite" });
  });

  it("publishes the key to which an identity provider may encrypt", async () => {
    await connectOverHttp();
    const xml = await (await api("/metadata")).text();
    idp.configureWithMetadata(xml, { idp: { "assertion.encryption": true } });
    const visitor = makeVisitor();
    const form = visitor.response(
      await visitor.signIn(await visitor.open(platform.loginUrl), PEOPLE.alice),
    );
    const sent = Buffer.from(form.fields["SAMLResponse"] ?? "", "base64").toString("utf8");
    expect(sent).to.include("EncryptedAssertion");
    await visitor.send(form);
    expect(platform.sessions(), JSON.stringify(await platform.lastEntry())).to.have.lengthOf(1);
  });

  it("needs nothing else: the address is among the attributes that are sent anyway", async () => {
    await connectOverHttp({
      email: { source: { kind: "attribute", name: "mail" }, allowedDomains: [] },
    });
    const xml = await (await api("/metadata")).text();
    // As it comes from Debian: nothing makes a NameID of the address.
    idp.configureWithMetadata(xml, { idp: { authproc: [] } });
    await makeVisitor().arrive(platform.loginUrl, PEOPLE.alice);
    expect(platform.sessions()[0]?.user.email).to.equal("alice@customer.example");
    expect(platform.sessions()[0]?.session.nameId.format).to.include("transient");
  });
});
