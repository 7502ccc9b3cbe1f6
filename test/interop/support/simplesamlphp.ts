import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestKey, type TestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { freshGround, served } from "./served.ts";

/** Somebody with a password. */
export interface Person {
  readonly username: string;
  readonly password: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** People whom the identity provider knows. */
export const PEOPLE: Readonly<Record<"alice" | "bob" | "nomail", Person>> = {
  alice: person("alice", {
    mail: ["alice@customer.example"],
    givenName: ["Alice"],
    sn: ["Anders"],
  }),
  bob: person("bob", {
    mail: ["Bob@Customer.example"],
    givenName: ["Bob"],
    sn: ["Børøy"],
    displayName: ["Bob Børøy & Søn"],
  }),
  nomail: person("nomail", { givenName: ["No"], sn: ["Mail"] }),
};

/** What a test may change; the next request to the identity provider obeys. */
export interface IdpSettings {
  /** Service providers by entity ID: `acs`, `slo`, `certificatePem`, and options of saml20-sp-remote.php. */
  readonly serviceProviders: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Our metadata, for an identity provider that is told nothing else about us. */
  readonly serviceProviderMetadata?: string;
  /** Options of saml20-idp-hosted.php that stand over those of the template. */
  readonly idp: Readonly<Record<string, unknown>>;
  /** Name of the key that signs. */
  readonly signWith: string;
  /** Name of the key that will sign from some day on. */
  readonly announce?: string;
}

/** SimpleSAMLphp, running. */
export interface SimpleSamlPhp {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl: string;
  /** Its signing keys by name, `first` and `second`. */
  readonly keys: Readonly<Record<"first" | "second", TestKey>>;
  /** Changes settings; what is not named goes back to how it was at the start. */
  configure(settings: Partial<Omit<IdpSettings, "serviceProviderMetadata">>): void;
  /** As {@link configure}, but all that it knows of us is this metadata. */
  configureWithMetadata(xml: string, settings?: Partial<IdpSettings>): void;
  /** Its metadata, by HTTP. */
  metadata(): Promise<string>;
  /** Where a tile of its portal leads: a sign-in that the service provider did not ask for. */
  tileUrl(serviceProvider: string, relayState?: string): string;
  /** Where signing out at the identity provider begins. */
  signOutUrl(): string;
  stop(): Promise<void>;
}

/** Starts SimpleSAMLphp on a free port; all its files are in one folder, which `stop` removes. */
export async function startSimpleSamlPhp(): Promise<SimpleSamlPhp> {
  const ground = await freshGround("simplesamlphp");
  const { baseUrl, folder } = ground;
  mkdirSync(join(folder, "cert"), { recursive: true });
  const keys = { first: storedKey(folder, "first"), second: storedKey(folder, "second") };
  const write = (settings: Partial<IdpSettings>): void => {
    const whole = {
      baseUrl,
      entityId: `${baseUrl}/idp`,
      stateDir: folder,
      secretSalt: "only for tests",
      adminPassword: "only for tests",
      users: Object.values(PEOPLE),
      serviceProviders: {},
      signWith: "first",
      ...settings,
    };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(whole));
  };
  write({});
  const stop = await served("simplesamlphp/serve.ts", ground);
  return {
    entityId: `${baseUrl}/idp`,
    ssoUrl: `${baseUrl}/saml2/idp/SSOService.php`,
    sloUrl: `${baseUrl}/saml2/idp/SingleLogoutService.php`,
    keys,
    configure: write,
    configureWithMetadata(xml, settings = {}) {
      const file = join(folder, "service-provider.xml");
      writeFileSync(file, xml);
      write({ ...settings, serviceProviderMetadata: file });
    },
    metadata: async () => (await fetch(`${baseUrl}/saml2/idp/metadata.php`)).text(),
    tileUrl: (serviceProvider, relayState) => {
      const url = new URL(`${baseUrl}/saml2/idp/SSOService.php`);
      url.searchParams.set("spentityid", serviceProvider);
      if (relayState !== undefined) url.searchParams.set("RelayState", relayState);
      return url.href;
    },
    signOutUrl: () =>
      `${baseUrl}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(`${baseUrl}/`)}`,
    stop,
  };
}

function person(username: string, attributes: Person["attributes"]): Person {
  return {
    username,
    password: `${username}-secret`,
    attributes: { uid: [username], ...attributes },
  };
}

function storedKey(folder: string, name: string): TestKey {
  const key = makeTestKey({ subject: `SimpleSAMLphp, ${name} key` });
  writeFileSync(join(folder, `cert/${name}.key`), key.privateKey);
  writeFileSync(join(folder, `cert/${name}.crt`), key.certificate);
  return key;
}
