import { expect } from "chai";
import { describe, it } from "mocha";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import { assertedProfile } from "../../src/application/sign-in/asserted-profile.ts";
import { emailIdentity } from "../../src/domain/email-identity.ts";
import type {
  IdentityPort,
  IdpMetadata,
  VerifiedAssertion,
} from "../../src/ports/identity-port.ts";
import {
  connectionTo,
  fixture,
  NOW,
  REQUEST_ID,
  SERVICE_PROVIDER,
  serviceProviderKey,
  VENDORS,
  type Vendor,
} from "./vendors.ts";

const identity: IdentityPort = makeSaml2JsIdentity({
  keys: [serviceProviderKey()],
  clock: { now: () => NOW },
  logger: { info: () => {}, warn: () => {}, error: () => {} },
});

describe("identity providers as their vendors document them", () => {
  for (const vendor of VENDORS) {
    describe(vendor.preset.name, () => {
      it("has its metadata read", () => {
        const { certificates, ...facts } = metadataOf(vendor);
        expect(facts).to.deep.equal({
          entityId: vendor.entityId,
          ssoUrl: vendor.ssoUrl,
          ...(vendor.sloUrl === undefined ? {} : { sloUrl: vendor.sloUrl }),
          ...(vendor.sloResponseUrl === undefined ? {} : { sloResponseUrl: vendor.sloResponseUrl }),
          wantsSignedRequests: vendor.wantsSignedRequests,
        });
        expect(certificates).to.have.lengthOf(vendor.certificates);
      });

      it("has its response accepted, and nothing in it is weak", async () => {
        const assertion = await verified(vendor);
        expect(assertion.issuer).to.equal(vendor.entityId);
        expect(assertion.inResponseTo).to.equal(REQUEST_ID);
        expect(assertion.warnings).to.deep.equal([]);
      });

      it("gives the address with its preset", async () => {
        const { claims } = await verified(vendor);
        const found = emailIdentity(claims, vendor.preset.emailSource);
        expect(found).to.deep.include({ kind: "email", address: vendor.expected.email });
        expect(found).to.deep.include({ from: [vendor.preset.email] });
      });

      it("gives the names where its preset says", async () => {
        const { claims } = await verified(vendor);
        const { email: _, ...names } = vendor.expected;
        expect(assertedProfile(claims, vendor.preset.profile)).to.deep.equal(names);
        expect(assertedProfile(claims, {})).to.deep.equal(names);
      });

      it(`is ${vendor.automatic === "email" ? "understood" : "found ambiguous"} without it`, async () => {
        const { claims } = await verified(vendor);
        expect(emailIdentity(claims, { kind: "automatic" }).kind).to.equal(vendor.automatic);
      });
    });
  }

  it("AD FS, which encrypts as soon as it knows our certificate, is understood all the same", async () => {
    const vendor = VENDORS.find(({ id }) => id === "ad-fs");
    if (vendor === undefined) throw new Error("no AD FS");
    const { claims, warnings } = await verified(vendor, "encrypted");
    expect(claims).to.deep.equal((await verified(vendor)).claims);
    expect(warnings).to.deep.equal([]);
  });
});

function metadataOf({ id }: Vendor): IdpMetadata {
  const parsed = identity.parseIdpMetadata(fixture(id, "metadata"));
  if (parsed.kind === "invalid") throw new Error(parsed.detail);
  const [only, ...more] = parsed.identityProviders;
  expect(more).to.deep.equal([]);
  if (only === undefined) throw new Error("no identity provider");
  return only;
}

/** With every certificate of the metadata, in its order: the one that signed need not be the first. */
async function verified(
  vendor: Vendor,
  part: "response" | "encrypted" = "response",
): Promise<VerifiedAssertion> {
  const SAMLResponse = Buffer.from(fixture(vendor.id, part), "utf8").toString("base64");
  const result = await identity.verifyResponse(
    SERVICE_PROVIDER,
    connectionTo(vendor, metadataOf(vendor).certificates),
    { SAMLResponse },
    { pendingRequestIds: [REQUEST_ID], now: NOW },
  );
  if (result.kind === "rejected") throw new Error(`${result.code}: ${result.detail}`);
  return result;
}
