import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { freshGround, served } from "./served.ts";

/** Users of LemonLDAP::NG's demonstration backend. */
export const DWHO = { username: "dwho", password: "dwho" } as const;
export const RTYLER = { username: "rtyler", password: "rtyler" } as const;

/** What the manager shows as options of a service provider, without their common prefix. */
export interface LemonLdapOptions {
  /** Encryption mode. Default: `none`. */
  readonly EncryptionMode?: "none" | "nameid" | "assertion";
  /** Default NameID format. Default: `email`. */
  readonly NameIDFormat?: "unspecified" | "email" | "persistent" | "transient";
  /** Signature method. Default: that of the service, RSA-SHA256. */
  readonly SignatureMethod?: "RSA_SHA1";
  /** Sign SLO message: off, on, or as the metadata says. Default: -1. */
  readonly SignSLOMessage?: 0 | 1 | -1;
}

/** LemonLDAP::NG's portal, running; it knows service providers by their metadata only. */
export interface LemonLdap {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl: string;
  /** Where signing out of the portal begins. */
  readonly signOutUrl: string;
  /** Saves a new configuration with one service provider, and has it read. */
  register(serviceProviderMetadata: string, options?: LemonLdapOptions): Promise<void>;
  metadata(): Promise<string>;
  /** Where a tile of its portal leads: a sign-in that the service provider did not ask for. */
  tileUrl(serviceProvider: string, relayState?: string): string;
  stop(): Promise<void>;
}

/** Starts the portal on a free port; `stop` removes all its files. */
export async function startLemonLdap(): Promise<LemonLdap> {
  const ground = await freshGround("lemonldap");
  const { baseUrl, folder } = ground;
  mkdirSync(join(folder, "conf"), { recursive: true });
  const key = makeTestKey({ subject: "LemonLDAP::NG" });
  let number = 0;
  const save = (changes: object): void => {
    number += 1;
    const storage = (name: string) => ({
      Directory: join(folder, name),
      LockDirectory: join(folder, name, "lock"),
    });
    const configuration = {
      cfgNum: number,
      cfgDate: Math.floor(Date.now() / 1000),
      cfgAuthor: "the tests",
      key: "only for the tests",
      domain: "127.0.0.1",
      portal: `${baseUrl}/`,
      cookieName: "lemonldap",
      securedCookie: 0,
      whatToTrace: "_whatToTrace",
      macros: {
        _whatToTrace: "$uid",
        givenName: "(split / /, $cn)[0]",
        sn: "(split / /, $cn)[1]",
      },
      authentication: "Demo",
      userDB: "Same",
      passwordDB: "Null",
      demoExportedVars: { cn: "cn", mail: "mail", uid: "uid" },
      globalStorage: "Apache::Session::File",
      globalStorageOptions: storage("sessions"),
      persistentStorage: "Apache::Session::File",
      persistentStorageOptions: storage("psessions"),
      // No page shows one. The default module is loaded all the same, and needs ImageMagick.
      captcha: "::Auth::Null",
      locationRules: { "127.0.0.1": { default: "accept" } },
      issuerDBSAMLActivation: 1,
      samlServicePrivateKeySig: key.privateKey,
      samlServicePublicKeySig: key.certificate,
      ...changes,
    };
    writeFileSync(join(folder, `conf/lmConf-${number}.json`), JSON.stringify(configuration));
  };
  save({});
  const stop = await served("lemonldap/serve.ts", ground);
  const ssoUrl = `${baseUrl}/saml/singleSignOn`;
  return {
    entityId: `${baseUrl}/saml/metadata`,
    ssoUrl,
    sloUrl: `${baseUrl}/saml/singleLogout`,
    signOutUrl: `${baseUrl}/?logout=1`,
    async register(serviceProviderMetadata, options = {}) {
      const chosen = {
        CheckSSOMessageSignature: 1,
        CheckSLOMessageSignature: 1,
        SignSSOMessage: -1,
        SignSLOMessage: -1,
        EnableIDPInitiatedURL: 1,
        EncryptionMode: "none",
        NameIDFormat: "email",
        ...options,
      };
      save({
        samlSPMetaDataXML: { platform: { samlSPMetaDataXML: serviceProviderMetadata } },
        samlSPMetaDataExportedAttributes: {
          // Mandatory, name, format, friendly name.
          platform: {
            mail: "1;mail;;",
            cn: "0;displayName;;",
            givenName: "0;givenName;;",
            sn: "0;sn;;",
          },
        },
        samlSPMetaDataOptions: {
          platform: Object.fromEntries(
            Object.entries(chosen).map(([name, value]) => [`samlSPMetaDataOptions${name}`, value]),
          ),
        },
      });
      const { status } = await fetch(`${baseUrl}/reload`);
      if (status !== 204)
        throw new Error(`LemonLDAP::NG did not read its configuration: ${status}`);
    },
    metadata: async () => (await fetch(`${baseUrl}/saml/metadata`)).text(),
    tileUrl: (serviceProvider, relayState) => {
      const url = new URL(ssoUrl);
      url.searchParams.set("IDPInitiated", "1");
      url.searchParams.set("sp", serviceProvider);
      if (relayState !== undefined) url.searchParams.set("RelayState", relayState);
      return url.href;
    },
    stop,
  };
}
