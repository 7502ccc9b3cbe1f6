import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestKey } from "../../../src/testing/signing-idp/certificate.ts";
import { freshGround, served } from "./served.ts";

/** What a test may change; the next request obeys. */
export interface PySaml2Settings {
  /** Default true. */
  readonly signAssertion?: boolean;
  /** Default false. */
  readonly signResponse?: boolean;
  /** Encrypt the assertion to our certificate; default false. */
  readonly encrypt?: boolean;
  /** Whether what is encrypted declares its own prefixes; default true. */
  readonly selfContained?: boolean;
}

/** An identity provider made from pysaml2, running; everybody is `ada@customer.example` there. */
export interface PySaml2 {
  readonly entityId: string;
  /** A sign-in that the service provider did not ask for. */
  readonly tileUrl: string;
  configure(settings: PySaml2Settings): void;
  /** Lets it read our metadata: all that it knows of us. */
  register(serviceProviderMetadata: string): void;
  metadata(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the identity provider on a free port; `stop` removes all its files. */
export async function startPySaml2(): Promise<PySaml2> {
  const ground = await freshGround("pysaml2");
  const { baseUrl, folder } = ground;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const configure = (settings: PySaml2Settings): void => {
    const user = { mail: "ada@customer.example", givenName: "Ada", sn: "Lovelace" };
    write("settings.json", JSON.stringify({ user, ...settings }));
  };
  const key = makeTestKey({ subject: "pysaml2" });
  write("idp.key", key.privateKey);
  write("idp.crt", key.certificate);
  configure({});
  const stop = await served("pysaml2/serve.ts", ground);
  return {
    entityId: `${baseUrl}/metadata`,
    tileUrl: `${baseUrl}/sso`,
    configure,
    register: (xml) => write("sp.xml", xml),
    metadata: async () => (await fetch(`${baseUrl}/metadata`)).text(),
    stop,
  };
}
