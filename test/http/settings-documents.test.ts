import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("settings documents of any size and shape", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const put = async (document: unknown) => {
    const response = await fetch(`${host.baseUrl}/saml/settings`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-Match": '"0"' },
      body: typeof document === "string" ? document : JSON.stringify(document),
    });
    const text = await response.text();
    const body = JSON.parse(text) as { errors?: { pointer: string; code: string }[] };
    const errors = (body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    return { status: response.status, errors, octets: text.length };
  };

  const provisioning = (changes: object) => ({
    ...openSettings(host),
    autoProvisioning: { ...openSettings(host).autoProvisioning, ...changes },
  });
  const connected = (changes: object) => ({
    ...openSettings(host),
    connection: { ...host.idp.connection(), ...changes },
  });

  it("faults without number take no time, and are not all named", async () => {
    const numbers = await put(provisioning({ groups: new Array(10_000).fill(1) }));
    expect(numbers).to.include({ status: 422 });
    expect(numbers.errors).to.have.length(100);
    const names = Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]);
    const unknown = await put({ ...openSettings(host), ...Object.fromEntries(names) });
    expect(unknown.errors).to.have.length(100);
    const gone = Array.from({ length: 10_000 }, (_, index) => `gone-${index}`);
    const groups = await put(provisioning({ groups: gone }));
    expect(groups).to.include({ status: 422 });
    expect(groups.errors).to.have.length(100);
    expect(groups.octets).to.be.below(20_000);
  });

  it("lists are counted before anything in them is looked at", async () => {
    const many = (length: number, item: unknown) => new Array(length).fill(item);
    const certificates = await put(connected({ certificates: many(400_000, "x") }));
    expect(certificates.errors).to.deep.equal(["/connection/certificates too-many"]);
    const email = { source: { kind: "automatic" }, allowedDomains: many(1001, "a.example") };
    const domains = await put({ ...openSettings(host), email });
    expect(domains.errors).to.deep.equal(["/email/allowedDomains too-many"]);
    const groups = await put(provisioning({ groups: many(10_001, 7) }));
    expect(groups.errors).to.deep.equal(["/autoProvisioning/groups too-many"]);
  });

  it("100,000 organizations by UUID are read", async () => {
    const ids = Array.from({ length: 100_000 }, () => crypto.randomUUID());
    const { status, errors } = await put(
      provisioning({ organizations: { kind: "selected", ids } }),
    );
    expect(status).to.equal(422);
    expect(errors[0]).to.equal("/autoProvisioning/organizations/ids/0 unknown");
  });

  it("names that mean something to JavaScript are unknown members like all others", async () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
      const { status, errors } = await put({ enabled: false, [name]: 1 });
      expect(status).to.equal(422);
      expect(errors).to.include(`/${name} unknown-member`);
      const inner = await put(provisioning({ [name]: 1 }));
      expect(inner.errors).to.deep.equal([`/autoProvisioning/${name} unknown-member`]);
    }
  });

  it("whatever is below meta is not looked at", async () => {
    const settings = JSON.stringify(openSettings(host)).slice(0, -1);
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const faulty = await put(`${settings},"surprise":1,"meta":${deep}}`);
    expect(faulty.errors).to.deep.equal(["/surprise unknown-member"]);
    expect((await put(`${settings},"meta":${deep}}`)).status).to.equal(200);
  });

  it("attributes with names may be left out, and faulty ones are named", async () => {
    const { profile: _, ...earlier } = openSettings(host);
    const profile = { firstName: "", lastName: 7, displayName: "a\0", nickname: "x" };
    expect((await put({ ...earlier, profile })).errors).to.have.members([
      "/profile/displayName characters-invalid",
      "/profile/lastName type-invalid",
      "/profile/nickname unknown-member",
      "/profile/firstName required",
    ]);
    expect((await put({ ...earlier, profile: "all" })).errors).to.deep.equal([
      "/profile type-invalid",
    ]);
    expect((await put(earlier)).status).to.equal(200);
    const read = await (await fetch(`${host.baseUrl}/saml/settings`)).json();
    expect(read).to.have.deep.property("profile", {});
  });

  it("texts that no database or header could carry", async () => {
    for (const character of ["\0", "\u0085", "\u001f", "\ud800"]) {
      const text = `https://idp.example/${character}x`;
      const entityId = await put(connected({ entityId: text }));
      expect(entityId.errors).to.deep.equal(["/connection/entityId characters-invalid"]);
      const email = { source: { kind: "attribute", name: text }, allowedDomains: [] };
      const source = await put({ ...openSettings(host), email });
      expect(source.errors).to.deep.equal(["/email/source/name characters-invalid"]);
      const groups = await put(provisioning({ groups: [text] }));
      expect(groups.errors).to.deep.equal(["/autoProvisioning/groups/0 characters-invalid"]);
    }
    for (const member of ["ssoUrl", "sloUrl"]) {
      const { errors } = await put(connected({ [member]: "https://idp.example/ключ" }));
      expect(errors).to.deep.equal([`/connection/${member} url-invalid`]);
    }
  });
});
