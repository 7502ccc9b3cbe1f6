import type { ConnectionChanges, Platform } from "./platform.ts";
import { PEOPLE, type Person, type SimpleSamlPhp } from "./simplesamlphp.ts";
import { makeVisitor, type Page } from "./visitor.ts";

/** Both sides, for a failure to be brought about. */
export interface Parties {
  readonly idp: SimpleSamlPhp;
  readonly platform: Platform;
}

/** One common failure: what is set up wrongly, and what somebody then does. */
export interface Trouble {
  /** The code of its activity entry. */
  readonly code: string;
  readonly happens: (parties: Parties) => Promise<Page>;
}

const TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const MINUTE_MS = 60_000;

/** What docs/TROUBLESHOOTING.md explains, in its order. */
export const TROUBLES: readonly Trouble[] = [
  {
    code: "audience-mismatch",
    happens: async ({ idp, platform }) => {
      const typed = platform.entityId.replace("/metadata", "");
      idp.configure({ serviceProviders: { [typed]: platform.registration() } });
      await platform.connect(idp);
      return makeVisitor().arrive(idp.tileUrl(typed), PEOPLE.alice);
    },
  },
  {
    code: "not-yet-valid",
    happens: async (parties) => {
      parties.platform.shiftClock(-5 * MINUTE_MS);
      return signIn(parties);
    },
  },
  {
    code: "expired",
    happens: async (parties) => {
      parties.platform.shiftClock(7 * MINUTE_MS);
      return signIn(parties);
    },
  },
  {
    code: "signature-invalid",
    happens: (parties) => {
      const certificates = [parties.idp.keys.second.certificate];
      return signIn(parties, { changes: { connection: { certificates } } });
    },
  },
  {
    code: "signature-missing",
    happens: (parties) =>
      signIn(parties, {
        registration: { "saml20.sign.response": false, "saml20.sign.assertion": false },
      }),
  },
  {
    code: "email-missing",
    happens: (parties) =>
      signIn(parties, { registration: { NameIDFormat: TRANSIENT }, who: PEOPLE.nomail }),
  },
  {
    code: "email-invalid",
    happens: (parties) =>
      signIn(parties, {
        registration: { NameIDFormat: TRANSIENT },
        changes: { settings: { email: { source: { kind: "name-id" }, allowedDomains: [] } } },
      }),
  },
  {
    code: "destination-mismatch",
    happens: async ({ idp, platform }) => {
      const registration = { ...platform.registration(), acs: `${platform.acsUrl}/` };
      idp.configure({ serviceProviders: { [platform.entityId]: registration } });
      await platform.connect(idp);
      return makeVisitor().arrive(idp.tileUrl(platform.entityId), PEOPLE.alice);
    },
  },
  {
    code: "unsolicited-refused",
    happens: async (parties) => {
      await settle(parties, { changes: { connection: { idpInitiated: false } } });
      const { idp, platform } = parties;
      return makeVisitor().arrive(idp.tileUrl(platform.entityId), PEOPLE.alice);
    },
  },
  {
    code: "request-unknown",
    happens: async (parties) => {
      await settle(parties);
      const visitor = makeVisitor();
      const page = await visitor.open(parties.platform.loginUrl);
      const form = visitor.response(await visitor.signIn(page, PEOPLE.alice));
      await visitor.send(form);
      // In the same browser, it leads where the first led.
      return makeVisitor().send(form);
    },
  },
  {
    code: "replayed",
    happens: async (parties) => {
      await settle(parties);
      const visitor = makeVisitor();
      const page = await visitor.open(parties.idp.tileUrl(parties.platform.entityId));
      const form = visitor.response(await visitor.signIn(page, PEOPLE.alice));
      await visitor.send(form);
      // In the same browser, it leads where the first led.
      return makeVisitor().send(form);
    },
  },
  {
    code: "decryption-failed",
    happens: (parties) =>
      signIn(parties, {
        registration: {
          certificatePem: parties.idp.keys.second.certificate,
          "assertion.encryption": true,
        },
      }),
  },
  {
    code: "issuer-mismatch",
    happens: (parties) =>
      signIn(parties, { changes: { connection: { entityId: parties.idp.ssoUrl } } }),
  },
  {
    code: "algorithm-not-allowed",
    happens: (parties) =>
      signIn(parties, {
        registration: { "signature.algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1" },
      }),
  },
  {
    code: "name-id-encrypted",
    happens: (parties) => signIn(parties, { registration: { "nameid.encryption": true } }),
  },
  {
    code: "status-not-success",
    happens: async (parties) => {
      await settle(parties);
      const visitor = makeVisitor();
      await visitor.arrive(parties.platform.loginUrl, PEOPLE.alice);
      // The next time, they press "no" where the identity provider asks whether to go on.
      const code = "throw new \\SimpleSAML\\Error\\UserAborted();";
      await settle(parties, {
        registration: { authproc: { 50: { class: "core:PHP", code } } },
      });
      return visitor.arrive(parties.platform.loginUrl, PEOPLE.alice);
    },
  },
  {
    code: "connection-changed",
    happens: async (parties) => {
      await settle(parties);
      const visitor = makeVisitor();
      const page = await visitor.open(parties.platform.loginUrl);
      // Meanwhile an administrator adds the certificate of next month.
      const { first, second } = parties.idp.keys;
      const certificates = [first.certificate, second.certificate];
      await settle(parties, { changes: { connection: { certificates } } });
      return visitor.send(visitor.response(await visitor.signIn(page, PEOPLE.alice)));
    },
  },
  {
    code: "domain-not-allowed",
    happens: (parties) => {
      const email = { source: { kind: "automatic" }, allowedDomains: ["other.example"] };
      return signIn(parties, { changes: { settings: { email } } });
    },
  },
];

interface Wrongly {
  /** Options of saml20-sp-remote.php over those of a sound registration. */
  readonly registration?: Readonly<Record<string, unknown>>;
  readonly changes?: ConnectionChanges;
  readonly who?: Person;
}

async function settle(
  { idp, platform }: Parties,
  { registration = {}, changes = {} }: Wrongly = {},
): Promise<void> {
  const registered = { ...platform.registration(), ...registration };
  idp.configure({ serviceProviders: { [platform.entityId]: registered } });
  await platform.connect(idp, changes);
}

async function signIn(parties: Parties, wrongly: Wrongly = {}): Promise<Page> {
  await settle(parties, wrongly);
  return makeVisitor().arrive(parties.platform.loginUrl, wrongly.who ?? PEOPLE.alice);
}
