import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { signXml } from "../../src/testing/signing-idp/sign-xml.ts";
import { logoutRequestXml } from "../adapters/saml2-js/support/logout-messages.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

const { privateKey, certificate } = makeTestKey();

describe("single logout of two tenants with one identity provider", () => {
  let host: TestHost;
  let ended: string[];

  beforeEach(async () => {
    ended = [];
    host = await startHost({
      prefix: "/t/:tenant/saml",
      resolveTenant: (ctx) => ctx.params["tenant"],
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        currentSamlSession: () => undefined,
        signOut: (_ctx, { tenant }) => {
          ended.push(tenant);
        },
      },
    });
    for (const tenant of ["red", "blue"]) {
      await host.saml.saveSettings(tenant, openSettings(host), "set-up");
    }
  });
  afterEach(() => host.stop());

  const slo = (tenant: string) => `${host.baseUrl}/t/${tenant}/saml/slo`;
  const logout = async (at: string, destination: string) => {
    const xml = logoutRequestXml({
      destination,
      issuer: host.idp.entityId,
      issueInstant: new Date(host.clock.now()).toISOString(),
    });
    const message = Buffer.from(signXml(xml, { privateKey: host.idp.key.privateKey })).toString(
      "base64",
    );
    return (await makeBrowser().post(slo(at), { SAMLRequest: message })).status;
  };

  it("a demand to one ends nothing at the other, and is not used up there", async () => {
    expect(await logout("blue", slo("red"))).to.equal(403);
    expect(ended).to.deep.equal([]);
    expect(await logout("red", slo("red"))).to.be.within(302, 303);
    expect(ended).to.deep.equal(["red"]);
  });

  it("the same demand once to each ends sessions of each", async () => {
    for (const tenant of ["red", "blue"]) {
      expect(await logout(tenant, slo(tenant))).to.be.within(302, 303);
    }
    expect(ended).to.deep.equal(["red", "blue"]);
  });
});
