import { randomBytes } from "node:crypto";
import { generate } from "selfsigned";
import { z } from "zod";
import type { DemoState } from "./state.ts";

/** An RSA key and a certificate for it, PEM. */
export interface KeyPair {
  readonly privateKey: string;
  readonly certificate: string;
}

const keyPair: z.ZodType<KeyPair> = z.object({ privateKey: z.string(), certificate: z.string() });

/** What only this demo knows: made when it starts for the first time, kept in its database. */
export interface Secrets {
  /** Signs cookies. */
  readonly appKey: string;
  readonly serviceProvider: KeyPair;
  readonly identityProvider: KeyPair;
}

/** Reads the secrets, or makes them. */
export async function keepSecrets(state: DemoState): Promise<Secrets> {
  return {
    appKey: await state.keep("app-key", async () => randomBytes(32).toString("base64url")),
    serviceProvider: await keptKeyPair(state, "service-provider-key", "Demo service provider"),
    identityProvider: await keptKeyPair(state, "identity-provider-key", "Demo identity provider"),
  };
}

async function keptKeyPair(state: DemoState, name: string, commonName: string): Promise<KeyPair> {
  const kept = await state.keep(name, async () => JSON.stringify(await freshKeyPair(commonName)));
  return keyPair.parse(JSON.parse(kept));
}

async function freshKeyPair(commonName: string): Promise<KeyPair> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + 10);
  const made = await generate([{ name: "commonName", value: commonName }], {
    keySize: 2048,
    algorithm: "sha256",
    notAfterDate,
  });
  return { privateKey: made.private, certificate: made.cert };
}
