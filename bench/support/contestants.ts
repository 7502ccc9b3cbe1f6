import { createRequire } from "node:module";
import { SAML } from "@node-saml/node-saml";
import saml2 from "saml2-js";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import type { SecondReadingStrength } from "../../src/adapters/saml2-js/second-reading/second-reading.ts";
import { connectionWith, idp, SP, spKey } from "./parties.ts";

/** Something that validates a response: resolves to whether it was accepted. */
export type Contestant = (form: Readonly<Record<string, unknown>>) => Promise<boolean>;

/** Makes a contestant that trusts these certificates. */
export type ContestantFactory = (certificates: readonly string[]) => Contestant;

const ours =
  (secondReading: SecondReadingStrength): ContestantFactory =>
  (certificates) => {
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const identity = makeSaml2JsIdentity({
      keys: [spKey],
      clock: { now: Date.now },
      logger: silent,
      secondReading,
    });
    const connection = connectionWith(certificates);
    return async (form) => {
      const expectation = { pendingRequestIds: [], now: Date.now() };
      const result = await identity.verifyResponse(SP, connection, form, expectation);
      return result.kind === "verified";
    };
  };

const saml2Js: ContestantFactory = (certificates) => {
  const serviceProvider = new saml2.ServiceProvider({
    entity_id: SP.entityId,
    assert_endpoint: SP.acsUrl,
    private_key: spKey.privateKey,
    certificate: spKey.certificate,
    allow_unencrypted_assertion: true,
  });
  const identityProvider = new saml2.IdentityProvider({
    sso_login_url: "https://idp.example/sso",
    sso_logout_url: "https://idp.example/slo",
    certificates: [...certificates],
  });
  return (form) =>
    new Promise((resolve) => {
      const options = { request_body: form as { SAMLResponse: string } };
      serviceProvider.post_assert(identityProvider, options, (error) => resolve(error === null));
    });
};

const nodeSaml: ContestantFactory = (certificates) => {
  const saml = new SAML({
    idpCert: [...certificates],
    issuer: SP.entityId,
    audience: SP.entityId,
    callbackUrl: SP.acsUrl,
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    decryptionPvk: spKey.privateKey,
  });
  return (form) =>
    saml.validatePostResponseAsync(form as Record<string, string>).then(
      () => true,
      () => false,
    );
};

/** samlify wants to be told which parts are signed and encrypted. */
const samlify: ContestantFactory = (certificates) => {
  // Its own types do not load as a module of this kind.
  const library = createRequire(import.meta.url)("samlify");
  library.setSchemaValidator({ validate: async () => "skipped" });
  const providers = [false, true].map((isAssertionEncrypted) => {
    const identityProvider = library.IdentityProvider({
      entityID: idp.entityId,
      signingCert: [...certificates],
      isAssertionEncrypted,
      singleLogoutService: [
        {
          Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
          Location: "https://idp.example/slo",
        },
      ],
      singleSignOnService: [
        {
          Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
          Location: "https://idp.example/sso",
        },
      ],
    });
    const serviceProvider = library.ServiceProvider({
      entityID: SP.entityId,
      encPrivateKey: spKey.privateKey,
      isAssertionEncrypted,
      wantMessageSigned: false,
      assertionConsumerService: [
        { Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", Location: SP.acsUrl },
      ],
    });
    return { identityProvider, serviceProvider };
  });
  return async (form) => {
    const text = Buffer.from(String(form["SAMLResponse"]), "base64").toString();
    const provider = providers[text.includes("EncryptedAssertion") ? 1 : 0];
    try {
      await provider?.serviceProvider.parseLoginResponse(provider.identityProvider, "post", {
        body: form,
      });
      return true;
    } catch {
      return false;
    }
  };
};

/** Every contestant, by name. */
export const CONTESTANTS: Readonly<Record<string, ContestantFactory>> = {
  "ours (verify)": ours("verify"),
  "ours (read)": ours("read"),
  "ours (off)": ours("off"),
  "saml2-js": saml2Js,
  "node-saml": nodeSaml,
  samlify,
};
