import { expect } from "chai";
import { after, before, beforeEach, describe, it } from "mocha";
import { encryptAssertion } from "../../src/testing/signing-idp/encrypt-xml.ts";
import { type AcsRequest, field, posting } from "./support/attack.ts";
import { type Base, build, EVERY, swap } from "./support/build.ts";
import { type Aftermath, type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { spKey } from "./support/parties.ts";

const ASSERTION = /<saml:Assertion .*<\/saml:Assertion>/s;

describe("what was used once", () => {
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await startEndpoint();
  });
  beforeEach(() => endpoint.configure({}));
  after(() => endpoint.close());

  async function expectOneSuccess(first: AcsRequest, second: AcsRequest): Promise<void> {
    expect((await endpoint.post(first)).sessions).to.have.length(1);
    expectRefused(await endpoint.post(second), ["replayed"]);
  }

  for (const base of EVERY) {
    it(`is refused when it is posted again [${base}]`, async () => {
      const request = posting(build(base));
      await expectOneSuccess(request, request);
    });
  }

  it("is refused in other line breaks", async () => {
    const xml = build("both");
    const wrapped = Buffer.from(xml).toString("base64").replace(/.{76}/g, "$&\r\n");
    await expectOneSuccess(posting(xml), field(wrapped));
  });

  it("is refused in another response", async () => {
    const xml = build("assertion");
    await expectOneSuccess(posting(xml), posting(swap(/ ID="[^"]*"/, ' ID="_another"')(xml)));
  });

  it("is refused plain after it was taken encrypted, and the other way round", async () => {
    for (const order of [0, 1]) {
      const xml = build("assertion");
      const sealed = xml.replace(ASSERTION, (plain) =>
        encryptAssertion(plain, { to: spKey.certificate }),
      );
      const [first = "", second = ""] = order === 0 ? [xml, sealed] : [sealed, xml];
      await expectOneSuccess(posting(first), posting(second));
    }
  });

  it("succeeds once when it is posted twenty times at once", async () => {
    const request = posting(build("both"));
    const statuses = (
      await Promise.all(Array.from({ length: 20 }, () => endpoint.post(request)))
    ).map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).to.have.length(1);
    expect(statuses.filter((status) => status === 403)).to.have.length(19);
  });

  for (const base of ["assertion", "response", "encrypted-both"] satisfies Base[]) {
    it(`is refused when another assertion answers the same request [${base}]`, async () => {
      const { flow, cookie } = await endpoint.begin();
      const answer = (): AcsRequest => posting(build(base, {}, flow.requestId));
      expect((await endpoint.post(answer(), cookie)).sessions).to.have.length(1);
      expectRefused(await endpoint.post(answer(), cookie), ["request-consumed"]);
    });
  }
});

describe("a login request under way", () => {
  let endpoint: Endpoint;
  before(async () => {
    endpoint = await startEndpoint();
  });
  beforeEach(() => endpoint.configure({}));
  after(() => endpoint.close());

  it("is void once the connection has changed", async () => {
    const { flow, cookie } = await endpoint.begin();
    await endpoint.configure({ connection: { ssoUrl: "https://idp.example/elsewhere" } });
    const answer = posting(build("both", {}, flow.requestId));
    expectRefused(await endpoint.post(answer, cookie), ["connection-changed"]);
  });

  it("belongs to the browser that asked", async () => {
    const mallory = await endpoint.begin();
    const victim = await endpoint.begin();
    const answer = posting(build("both", {}, mallory.flow.requestId));
    expectRefused(await endpoint.post(answer, victim.cookie), ["request-unknown"]);
    expectRefused(await endpoint.post(answer), ["request-unknown"]);
  });

  it("cannot be made up: the cookie is signed", async () => {
    const { flow, cookie } = await endpoint.begin();
    const answer = posting(build("both", {}, flow.requestId));
    const forged = cookie
      .split("; ")
      .filter((pair) => !/\.sig=/.test(pair))
      .join("; ");
    expectRefused(await endpoint.post(answer, forged), ["request-unknown"]);
    const altered = cookie.replace(/(saml_jit_[^=]*=)ey/, "$1eY");
    expect(altered).not.to.equal(cookie);
    expectRefused(await endpoint.post(answer, altered), ["request-unknown"]);
  });
});

function expectRefused(
  { status, audited, sessions, consumed, usersAdded }: Aftermath,
  codes: readonly string[],
) {
  expect(status).to.be.within(400, 499);
  expect(sessions).to.have.length(0);
  expect({ consumed, usersAdded }).to.deep.equal({ consumed: 0, usersAdded: 0 });
  expect(audited.map(({ code }) => code)).to.deep.equal(codes);
}
